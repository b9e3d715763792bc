package io.gatecast.app.command.mixin;

import io.gatecast.network.kernel.Precision;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The precisions of weights by their names.
public final class Precisions implements ITypeConverter<Precision>, Iterable<String> {
    @Override
    public Precision convert(String name) {
        return Stream.of(Precision.values()).filter(precision -> precision.label().equals(name)).findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "no precision '" + name + "': expected one of " + String.join(", ", this)));
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(Precision.values()).map(Precision::label).iterator();
    }
}
