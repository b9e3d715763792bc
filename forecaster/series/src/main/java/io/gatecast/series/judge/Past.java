package io.gatecast.series.judge;

/// What is remembered of a series' channels before the observation that is judged.
public interface Past {
    /// @return values, oldest first, in the channels' own units; NaN = unknown
    float[] values();

    /// @return where the oldest value of a channel lies in [#values]
    int first(int channel);

    /// @return where the newest lies
    int newest(int channel);

    /// @return steps of a season; 0 where there is none
    int season();
}
