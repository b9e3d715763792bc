package io.gatecast.series.input;

import io.gatecast.network.kernel.WindowSums;
import io.gatecast.series.FeatureSpec;

/// Location and scale of a channel at one moment, from its last values alone. The location is their mean; the scale is
/// how far a value lies from the one a season before, so that an error of 1 is as hard for every series: the unit of
/// MASE (Hyndman & Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001), here over a moving window.
///
///     scale = (Σ|x_i - x_{i-s}| + 0.01 |location|) / (n + 0.01) + 0.02 mean|x_i - location|
///
/// over the n pairs of the window; before the first season has passed, distances from the location stand in for them.
/// The hundredth of an observation is a prior: of a series seen once, anything up to its own size may come next, and
/// of one that was nothing but zero, anything up to 1. The
/// last term keeps a series that repeats itself from being blown up by its rounding; it looks at deviations, not levels,
/// so that kelvins fare as celsius do. Summed anew at each step: cheaper than the drift of a running sum.
///
/// @param location in the series' own units; NaN where no value is known
/// @param scale    likewise, more than 0
public record Scaling(double location, double scale) {
    private static final double DEVIATION_SHARE = 0.02;
    private static final double PRIOR = 0.01;
    private static final double SMALLEST = 1e-9; // a series of zeros still needs a unit

    /// @param history values, NaN = unknown
    /// @param at      where the newest lies; the [FeatureSpec#scalingWindow] values that end there count
    public static Scaling of(float[] history, int at, FeatureSpec spec) {
        int from = at + 1 - spec.scalingWindow(), known = WindowSums.known(history, from, at + 1);
        return known == 0
                ? new Scaling(Double.NaN, 1)
                : around(WindowSums.sum(history, from, at + 1, known) / known, known, history, from, at + 1,
                        Math.min(from + spec.scalingLag(), at + 1), spec.scalingLag());
    }

    /// @param paired the first whose season before lies in the window
    private static Scaling around(double location, int known, float[] history, int from, int to, int paired, int lag) {
        double deviations = WindowSums.deviations(history, from, to, location, known);
        int pairs = WindowSums.pairs(history, paired, to, lag);
        double prior = PRIOR * (location == 0 && deviations == 0 ? 1 : Math.abs(location));
        double typical = pairs > 0
                ? (WindowSums.steps(history, paired, to, lag, pairs) + prior) / (pairs + PRIOR)
                : (deviations + prior) / (known - 1 + PRIOR);
        return new Scaling(location, typical + DEVIATION_SHARE * deviations / known + SMALLEST);
    }

    /// @return a value in units of the scale, as the network sees it; NaN stays NaN
    public float toUnits(double value) {
        return (float) ((value - location) / scale);
    }

    /// @return what the network said, in the series' own units
    public float toValue(float units) {
        return (float) Math.fma(scale, units, location);
    }
}
