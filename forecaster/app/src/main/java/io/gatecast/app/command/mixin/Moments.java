package io.gatecast.app.command.mixin;

import io.gatecast.training.data.Timestamps;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads moments as [Timestamps], to milliseconds since the epoch.
public final class Moments implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        return Timestamps.parse(text.strip())
                .orElseThrow(() -> new TypeConversionException("'" + text + "': " + Timestamps.expected()));
    }
}
