package io.gatecast.app.command.mixin;

import io.gatecast.streams.Spans;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads lengths of time as people write them, see [Spans].
public final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return Spans.parse(text)
                .orElseThrow(() -> new TypeConversionException("'" + text + "': expected " + Spans.EXPECTED));
    }
}
