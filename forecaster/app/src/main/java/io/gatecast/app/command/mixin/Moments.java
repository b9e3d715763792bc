package io.gatecast.app.command.mixin;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads moments: `2026-01-31T12:00:00Z`.
public final class Moments implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "': expected a moment such as 2026-01-31T12:00:00Z");
        }
    }
}
