package io.gatecast.series;

import java.util.List;

/// A turn in an episode of improbable observations.
///
/// @param episodeId stable from opening to closing
/// @param phase     which turn
/// @param timestamp event time of the observation, milliseconds since the epoch
/// @param kind      what is wrong
/// @param channel   the channel that drove it
/// @param observed  what was measured; NaN = missing
/// @param expected  the median that was forecast for it one step before
/// @param lower     lowest quantile that was forecast
/// @param upper     highest quantile that was forecast
/// @param score     how improbable, 0 (as expected) to 1
/// @param severity  how far it has gone
/// @param causes    of an opening, what moved the observation away from what was expected, the first the most; else none
public record AnomalyEvent(String episodeId, Phase phase, long timestamp, Kind kind, int channel, double observed,
        double expected, double lower, double upper, double score, Severity severity, List<Cause> causes) {

    public AnomalyEvent {
        causes = List.copyOf(causes);
    }

    /// Without causes.
    public AnomalyEvent(String episodeId, Phase phase, long timestamp, Kind kind, int channel, double observed,
            double expected, double lower, double upper, double score, Severity severity) {
        this(episodeId, phase, timestamp, kind, channel, observed, expected, lower, upper, score, severity, List.of());
    }

    /// The same, but for what is wrong.
    public AnomalyEvent withKind(Kind other) {
        return new AnomalyEvent(episodeId, phase, timestamp, other, channel, observed, expected, lower, upper, score,
                severity, causes);
    }

    /// The same, but for the causes.
    public AnomalyEvent withCauses(List<Cause> others) {
        return new AnomalyEvent(episodeId, phase, timestamp, kind, channel, observed, expected, lower, upper, score,
                severity, others);
    }

    /// OPENED -> UPDATED* -> CLOSED.
    public enum Phase {
        OPENED, UPDATED, CLOSED
    }

    /// What is wrong.
    public enum Kind {
        /// What was measured was improbable, and looks like none of the others.
        IMPROBABLE,
        /// Nothing was measured for too long.
        SILENCE,
        /// One or a few values far off, and then as before.
        SPIKE,
        /// Everything is higher, or lower, than it was.
        LEVEL_SHIFT,
        /// It moves on and on, up or down, as it did not before.
        TREND_CHANGE,
        /// It swings wider than it did.
        VARIANCE_CHANGE,
        /// The same value again and again: a sensor is stuck.
        FLAT_LINE,
        /// The course of the season is gone.
        MISSING_SEASON
    }

    public enum Severity {
        MINOR, MAJOR, CRITICAL
    }
}
