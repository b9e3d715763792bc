package io.gatecast.streams;

import io.gatecast.streams.StreamsSettings.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What becomes of observations that come out of order, late, too early, after a gap or not at all. All of it is judged by
/// event time and by the time a record was written, which both lie in the topic, never by the clock: a replay gives the
/// same.
///
/// @param grace     how far an observation may come behind the newest of its series and still be put in its place; nothing
///                  waits for another where it is zero and the model takes the first of a step
/// @param lateTopic whether what comes later still goes to the topic for late observations, or is only counted
/// @param gapMax    the longest gap that is filled in; empty = a season, or the horizon where that is longer
/// @param futureMax how far an observation's time may lie ahead of the time it was written at; empty = as far as it likes
/// @param silence   how long a series may be silent, by the event time of its partition, before it is an anomaly; empty =
///                  for ever
public record EventTimeRules(Duration grace, boolean lateTopic, Optional<Duration> gapMax,
        Optional<Duration> futureMax, Optional<Duration> silence) {
    static final String GRACE = "gatecast.grace";
    private static final String LATE = "gatecast.late";
    private static final String GAP_MAX = "gatecast.gap.max";
    private static final String FUTURE_MAX = "gatecast.future.max";
    private static final String SILENCE = "gatecast.silence";
    private static final String NONE = "none", AUTO = "auto", DROP = "drop", TOPIC = "topic";

    static final Map<String, String> DEFAULTS = Map.of(GRACE, NONE, LATE, DROP, GAP_MAX, AUTO, FUTURE_MAX, "1d",
            SILENCE, NONE);

    /// Nothing is waited for, what is late is counted, a day ahead is too far.
    public static final EventTimeRules DEFAULT = new EventTimeRules(Duration.ZERO, false, Optional.empty(),
            Optional.of(Duration.ofDays(1)), Optional.empty());

    /// @param own the keys of a settings file, defaults included
    /// @throws IllegalArgumentException with one sentence that names the key
    static EventTimeRules of(Map<String, String> own, Source source) {
        String late = own.getOrDefault(LATE, "");
        if (!late.equals(DROP) && !late.equals(TOPIC)) {
            throw source.refused(LATE, "expected " + DROP + " or " + TOPIC + ", found '" + late + "'");
        }
        return new EventTimeRules(source.span(own, GRACE, NONE).orElse(Duration.ZERO), late.equals(TOPIC),
                source.span(own, GAP_MAX, AUTO), source.span(own, FUTURE_MAX, NONE), source.span(own, SILENCE, NONE));
    }

    /// @param written when, milliseconds since the epoch
    boolean isTooFarAhead(long eventTime, long written) {
        return futureMax.isPresent() && eventTime - written > futureMax.get().toMillis();
    }
}
