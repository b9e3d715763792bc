package io.gatecast.series;

/// The distribution of the next steps, as quantiles.
///
/// @param origin         event time of the last bucket that was seen, milliseconds since the epoch: step h lies
///                       `h * intervalMillis` after it
/// @param intervalMillis length of a step
/// @param horizon        steps ahead
/// @param channels       values in an observation
/// @param quantiles      levels, rising
/// @param values         row-major `[horizon][channel][quantile]`, in the series' own units
/// @param modelId        the model that made it
/// @param modelVersion   and its version
/// @param warm           whether the model had seen enough of this series for its intervals to be meant in full
public record Forecast(long origin, long intervalMillis, int horizon, int channels, float[] quantiles, float[] values,
        String modelId, int modelVersion, boolean warm) {

    /// @param step ahead, from 1
    /// @return the value of one quantile
    public float at(int step, int channel, int quantile) {
        return values[((step - 1) * channels + channel) * quantiles.length + quantile];
    }

    /// @return event time that `step` (from 1) speaks of, milliseconds since the epoch
    public long timeOf(int step) {
        return origin + step * intervalMillis;
    }
}
