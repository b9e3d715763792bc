package io.gatecast.app.command.mixin;

import io.gatecast.network.Architecture.CellKind;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The kinds of cell by their names.
public final class CellKinds implements ITypeConverter<CellKind>, Iterable<String> {

    @Override
    public CellKind convert(String name) {
        return Stream.of(CellKind.values()).filter(kind -> kind.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst().orElseThrow(() -> new TypeConversionException(
                        "no cell '" + name + "': expected one of " + String.join(", ", this)));
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(CellKind.values()).map(CellKind::label).iterator();
    }
}
