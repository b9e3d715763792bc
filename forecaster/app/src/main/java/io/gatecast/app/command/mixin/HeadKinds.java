package io.gatecast.app.command.mixin;

import io.gatecast.network.Architecture.HeadKind;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The kinds of head by their names.
public final class HeadKinds implements ITypeConverter<HeadKind>, Iterable<String> {

    @Override
    public HeadKind convert(String name) {
        return Stream.of(HeadKind.values()).filter(kind -> kind.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst().orElseThrow(() -> new TypeConversionException(
                        "no head '" + name + "': expected one of " + String.join(", ", this)));
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(HeadKind.values()).map(HeadKind::label).iterator();
    }
}
