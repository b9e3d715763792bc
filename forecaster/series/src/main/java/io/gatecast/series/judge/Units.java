package io.gatecast.series.judge;

/// Between the units of a channel's scale, as it is now, and the channel's own.
public interface Units {
    float toValue(int channel, float units);

    float toUnits(int channel, float value);
}
