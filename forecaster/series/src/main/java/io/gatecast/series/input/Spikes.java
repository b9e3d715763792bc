package io.gatecast.series.input;

import io.gatecast.series.FeatureSpec;

/// Keeps an absurd reading away from scale, inputs and hidden state: in the window stands what was to be expected
/// instead. The judges see the reading as it came. Absurd is what lies outside the range of the last
/// [FeatureSpec#scalingWindow] values by more than
///
///     reach = max(spikeLimit · scale, 2 mean|x_i - location|)
///
/// To clip at that edge would not do: a value twenty scales away is still a quarter of all that a window of 64 knows of
/// its scale, for as long as it lies in it. So the influence redescends (Hampel 1974, doi:10.2307/2285666): what the
/// [Profile] of the shortest season expects stands in, or the last value without a season, as a missing value is filled
/// in when training.
///
/// What goes on is no spike but news. So patience is a bucket of [#PATIENCE] readings, of which one comes back in a third
/// of a scaling window: the fourth absurd reading in a row is believed, and so is one that comes too often, as of a
/// series that is mostly zero; it widens the range, and what is like it is absurd no longer. Nothing is absurd before
/// [#LEAST_KNOWN] values or while they are all the same, for nothing is known of the spread then.
///
/// Memory: for each channel one int, the patience used up, in steps until it is whole again; 0 = fresh.
public final class Spikes {
    /// Absurd readings in a row that are set aside.
    public static final int PATIENCE = 3;
    private static final int LEAST_KNOWN = 8;
    private static final double DEVIATIONS = 2;

    private final double limit;
    private final int window;
    private final int lag;
    private final int profileWindow;
    private final int recovery;

    public Spikes(FeatureSpec spec) {
        this.limit = spec.spikeLimit();
        this.window = spec.scalingWindow();
        this.lag = spec.scalingLag();
        this.profileWindow = spec.profileWindow();
        this.recovery = Math.ceilDiv(window, PATIENCE);
    }

    /// @param used patience used up before the step
    /// @return after a step that brought nothing absurd
    public int recovered(int used) {
        return Math.max(0, used - 1);
    }

    /// @param used as [#recovered] gave it
    /// @return after an absurd reading was set aside
    public int spent(int used) {
        return used + recovery;
    }

    /// @param history values of the channel; NaN = unknown
    /// @param newest  where the value before lies
    /// @param scaling at that value
    /// @param used    patience used up, as [#recovered] gave it
    /// @return whether the value is absurd and there is patience to set it aside
    public boolean isSpike(float[] history, int newest, Scaling scaling, int used, float value) {
        double reach = limit * scaling.scale();
        if (!(limit > 0) || used > (PATIENCE - 1) * recovery || Math.abs((double) value - history[newest]) <= reach) {
            return false;
        }
        return isOutside(history, newest, scaling.location(), reach, value);
    }

    private boolean isOutside(float[] history, int newest, double location, double leastReach, float value) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        double deviations = 0;
        int known = 0;
        for (int i = newest + 1 - window; i <= newest; i++) {
            if (!Float.isNaN(history[i])) {
                lowest = Math.min(lowest, history[i]);
                highest = Math.max(highest, history[i]);
                deviations += Math.abs(history[i] - location);
                known++;
            }
        }
        double reach = Math.max(leastReach, DEVIATIONS * deviations / known);
        return known >= LEAST_KNOWN && highest > lowest && (value < lowest - reach || value > highest + reach);
    }

    /// @return what stands in for the value after `newest`
    public float standIn(float[] history, int newest) {
        float season = Profile.of(history, newest, lag, profileWindow).at(history, newest, 1);
        return Float.isNaN(season) ? history[newest] : season;
    }
}
