package io.gatecast.app.command.mixin;

import io.gatecast.training.baseline.Baseline;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The baselines by their names.
public final class Baselines implements ITypeConverter<Baseline>, Iterable<String> {
    @Override
    public Baseline convert(String name) {
        return Arrays.stream(Baseline.values()).filter(baseline -> baseline.label().equals(name)).findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "no baseline '" + name + "': expected some of " + String.join(", ", this)));
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(Baseline.values()).map(Baseline::label).iterator();
    }
}
