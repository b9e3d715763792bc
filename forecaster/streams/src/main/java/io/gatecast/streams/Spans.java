package io.gatecast.streams;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lengths of time as people write them: `500ms`, `5s`, `15m`, `1h`, `1d`.
public final class Spans {
    public static final String EXPECTED = "a length of time such as 5s, 15m, 1h or 1d";

    private static final List<Map.Entry<String, Long>> UNITS = List.of(Map.entry("d", 86_400_000L),
            Map.entry("h", 3_600_000L), Map.entry("m", 60_000L), Map.entry("s", 1_000L), Map.entry("ms", 1L));
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private Spans() {}

    /// @return more than nothing; empty where the text is none
    public static Optional<Duration> parse(String text) {
        Matcher length = LENGTH.matcher(text.strip());
        if (!length.matches() || Long.parseLong(length.group(1)) == 0) {
            return Optional.empty();
        }
        long unit = UNITS.stream().filter(each -> each.getKey().equals(length.group(2))).findFirst().orElseThrow()
                .getValue();
        return Optional.of(Duration.ofMillis(Long.parseLong(length.group(1)) * unit));
    }

    /// @return as people write it, in the largest unit that it is a whole number of
    public static String text(Duration length) {
        long millis = length.toMillis();
        Map.Entry<String, Long> unit = UNITS.stream().filter(each -> millis % each.getValue() == 0).findFirst()
                .orElseThrow();
        return millis / unit.getValue() + unit.getKey();
    }
}
