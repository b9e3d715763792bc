package io.gatecast.app.command.mixin;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads lengths of time as people write them: `500ms`, `5s`, `15m`, `1h`, `1d`.
public final class Durations implements ITypeConverter<Duration> {
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    @Override
    public Duration convert(String text) {
        Matcher length = LENGTH.matcher(text.strip());
        if (!length.matches() || Long.parseLong(length.group(1)) == 0) {
            throw new TypeConversionException("'" + text + "': expected a length of time such as 5s, 15m, 1h or 1d");
        }
        long count = Long.parseLong(length.group(1));
        return switch (length.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
