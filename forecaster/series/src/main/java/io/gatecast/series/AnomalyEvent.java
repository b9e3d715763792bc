package io.gatecast.series;

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
public record AnomalyEvent(String episodeId, Phase phase, long timestamp, Kind kind, int channel, double observed,
        double expected, double lower, double upper, double score, Severity severity) {

    /// OPENED -> UPDATED* -> CLOSED.
    public enum Phase {
        OPENED, UPDATED, CLOSED
    }

    /// What is wrong.
    public enum Kind {
        /// What was measured was improbable.
        IMPROBABLE,
        /// Nothing was measured for too long.
        SILENCE
    }

    public enum Severity {
        MINOR, MAJOR, CRITICAL
    }
}
