package io.gatecast.app.command.mixin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads lengths of time as people write them: `500ms`, `5s`, `15m`, `1h`, `1d`.
public final class Durations implements ITypeConverter<Duration> {
    private static final List<Map.Entry<String, Long>> UNITS = List.of(Map.entry("d", 86_400_000L),
            Map.entry("h", 3_600_000L), Map.entry("m", 60_000L), Map.entry("s", 1_000L), Map.entry("ms", 1L));
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

    /// @return as people write it, in the largest unit that it is a whole number of
    public static String text(Duration length) {
        long millis = length.toMillis();
        Map.Entry<String, Long> unit = UNITS.stream().filter(each -> millis % each.getValue() == 0).findFirst()
                .orElseThrow();
        return millis / unit.getValue() + unit.getKey();
    }
}
