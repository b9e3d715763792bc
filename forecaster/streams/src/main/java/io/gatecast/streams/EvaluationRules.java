package io.gatecast.streams;

import io.gatecast.streams.StreamsSettings.Source;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What of the forecasts is evaluated when it has come true.
///
/// @param window steps to an evaluation of a series; empty = the shortest season, or else 24
/// @param ahead  steps ahead that are evaluated beside the next one, rising
/// @param fleet  event time over which the evaluations of all series are summed up; empty = they are not
public record EvaluationRules(OptionalInt window, List<Integer> ahead, Optional<Duration> fleet) {
    private static final String WINDOW = "gatecast.evaluations.window";
    private static final String HORIZONS = "gatecast.evaluate.horizons";
    private static final String FLEET = "gatecast.evaluations.fleet";
    private static final String AUTO = "auto", NONE = "none";

    static final Map<String, String> DEFAULTS = Map.of(WINDOW, AUTO, HORIZONS, NONE, FLEET, "1d");

    public EvaluationRules {
        ahead = List.copyOf(ahead);
    }

    /// @param own the keys of a settings file, defaults included
    /// @throws IllegalArgumentException with one sentence that names the key
    static EvaluationRules of(Map<String, String> own, Source source) {
        return new EvaluationRules(window(own.getOrDefault(WINDOW, ""), source),
                horizons(own.getOrDefault(HORIZONS, ""), source), source.span(own, FLEET, NONE));
    }

    private static OptionalInt window(String value, Source source) {
        if (value.equals(AUTO)) {
            return OptionalInt.empty();
        }
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw source.refused(WINDOW, "expected " + AUTO + " or a number of steps of at least 1, found '" + value
                    + "'");
        }
        return OptionalInt.of(Integer.parseInt(value));
    }

    private static List<Integer> horizons(String value, Source source) {
        if (value.equals(NONE)) {
            return List.of();
        }
        if (!value.matches("[1-9][0-9]{0,4}( *, *[1-9][0-9]{0,4})*")) {
            throw source.refused(HORIZONS,
                    "expected " + NONE + " or steps ahead with commas between, as in 6,24, found '" + value + "'");
        }
        return Arrays.stream(value.split(" *, *")).map(Integer::valueOf).distinct().sorted().toList();
    }
}
