package io.gatecast.app.command.mixin;

import io.gatecast.series.arrival.Resampling;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How observations of a step become one, by its name.
public final class Resamplings implements ITypeConverter<Resampling>, Iterable<String> {
    @Override
    public Resampling convert(String name) {
        return Stream.of(Resampling.values()).filter(each -> each.label().equals(name)).findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "no resampling '" + name + "': expected one of " + String.join(", ", this)));
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(Resampling.values()).map(Resampling::label).iterator();
    }
}
