package io.gatecast.app.command.mixin;

import io.gatecast.training.benchmark.Benchmark;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The public data sets by their names.
public final class BenchmarkNames implements ITypeConverter<Benchmark>, Iterable<String> {
    @Override
    public Benchmark convert(String name) {
        return Arrays.stream(Benchmark.values()).filter(benchmark -> benchmark.label().equals(name)).findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "no benchmark '" + name + "': expected some of " + String.join(", ", this)));
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(Benchmark.values()).map(Benchmark::label).iterator();
    }
}
