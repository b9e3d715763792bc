package io.gatecast.series;

/// What was measured at one moment.
///
/// @param timestamp  event time, milliseconds since the epoch
/// @param values     one a channel, in the series' own units; NaN = missing
/// @param covariates what is known of the moment besides, in the order the model was trained with, in their own units; NaN
///                   = unknown; a model that takes none passes them over
public record Observation(long timestamp, double[] values, double[] covariates) {
    private static final double[] NONE = {};

    /// Without covariates.
    public Observation(long timestamp, double... values) {
        this(timestamp, values, NONE);
    }
}
