package io.gatecast.app.command.mixin;

import io.gatecast.streams.Reason;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads why an observation was set aside.
public final class Reasons implements ITypeConverter<Reason>, Iterable<String> {
    private static final List<String> ALL = Arrays.stream(Reason.values()).map(Reason::text).toList();

    @Override
    public Reason convert(String text) {
        return Reason.of(text.strip()).orElseThrow(() -> new TypeConversionException(
                "'" + text + "': expected one of " + ALL.stream().collect(Collectors.joining(", "))));
    }

    @Override
    public Iterator<String> iterator() {
        return ALL.iterator();
    }
}
