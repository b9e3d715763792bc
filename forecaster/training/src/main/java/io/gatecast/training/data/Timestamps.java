package io.gatecast.training.data;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/// Reads a moment as people write it in files: ISO 8601 with a zone, or without one, which is UTC; a blank in place of
/// the T; a date alone, which is its midnight; or a whole number since the epoch, of which up to eleven digits are
/// seconds and more are milliseconds.
public final class Timestamps {
    private static final int MOST_DIGITS_OF_SECONDS = 11;
    private static final String EXPECTED = "expected a timestamp, as in 2026-01-31T12:00:00Z, 2026-01-31 12:00 or"
            + " milliseconds since 1970";

    private Timestamps() {}

    /// @return milliseconds since the epoch; empty if the text is no moment
    public static OptionalLong parse(String text) {
        return text.matches("-?\\d+") ? number(text) : calendar(text.replace(' ', 'T'));
    }

    /// @return what to say where [#parse] found nothing
    public static String expected() {
        return EXPECTED;
    }

    private static OptionalLong number(String text) {
        try {
            long value = Long.parseLong(text);
            boolean seconds = text.replace("-", "").length() <= MOST_DIGITS_OF_SECONDS;
            return OptionalLong.of(seconds ? Math.multiplyExact(value, 1000L) : value);
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty(); // more digits than a long holds
        }
    }

    private static OptionalLong calendar(String text) {
        try {
            return OptionalLong.of(instant(text).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    private static Instant instant(String text) {
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean zoned = text.endsWith("Z") || text.matches(".*T.*[+-]\\d\\d(:?\\d\\d)?");
        return zoned ? OffsetDateTime.parse(text).toInstant() : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
