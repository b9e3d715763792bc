package io.gatecast.series.input;

import static io.gatecast.network.kernel.Activations.asinh;
import static io.gatecast.network.kernel.Activations.log;

import io.gatecast.series.FeatureSpec;
import java.util.Arrays;

/// The network's input at one step, column by column, for each channel:
///
///     1            the value itself
///     one a season its distance from the value a season before
///     recentLags   the values before it
///     min(H, S)    the values one longest season S before those to be forecast; none without a season
///     1            log(scale / |location|): how noisy the series is for its level
///     1            1 where the value is missing and was filled in, else 0
///     1            share of filled-in values in the look-back
///
/// All but the last two in units of the [Scaling], squashed by asinh; what is unknown is 0. The channels lie one after
/// the other, so that one network sees them together.
///
/// Values are read from an array of one channel at an index, with [FeatureSpec#lookBack] - 1 values before it: the
/// window of a state in serving, the whole series in training.
public final class Features {
    private static final float NOISIEST = 1e6f;

    private final FeatureSpec spec;
    private final int ahead;
    private final int columns;
    private final int[] profiled;

    public Features(FeatureSpec spec) {
        this.spec = spec;
        this.ahead = Math.min(spec.horizon(), spec.longestSeason());
        this.columns = 1 + spec.seasons().size() + spec.recentLags() + ahead + 3;
        this.profiled = spec.profiled().stream().mapToInt(Integer::intValue).toArray();
    }

    /// @return numbers for each channel
    public int columns() {
        return columns;
    }

    /// Writes one channel's inputs.
    ///
    /// @param history values of the channel; NaN = unknown
    /// @param at      where the newest lies
    /// @param missing whether it was filled in
    /// @param share   share of filled-in values in the look-back
    /// @param x       on return the inputs, from `to`
    public void write(float[] history, int at, Scaling scaling, boolean missing, float share, float[] x, int to) {
        int column = to;
        double now = history[at];
        double perScale = 1 / scaling.scale();
        x[column++] = units((now - scaling.location()) * perScale);
        for (int season : spec.seasons()) {
            x[column++] = units((now - history[at - season]) * perScale);
        }
        for (int lag = 1; lag <= spec.recentLags(); lag++) {
            x[column++] = units((history[at - lag] - scaling.location()) * perScale);
        }
        for (int h = 1; h <= ahead; h++) {
            x[column++] = units((history[at + h - spec.longestSeason()] - scaling.location()) * perScale);
        }
        x[column++] = noise(scaling);
        asinh(x, to, column);
        x[column++] = missing ? 1 : 0;
        x[column] = share;
    }

    /// How a function of one channel's inputs would change with the values that they were made of, location and scale held.
    ///
    /// @param x       its gradient by the inputs, from `from`
    /// @param history as in [#write]
    /// @param values  to which its gradient by `history` is added, in units of the series
    public void back(float[] history, int at, Scaling scaling, float[] x, int from, double[] values) {
        int column = from;
        double now = history[at];
        values[at] += slope(x[column++], now - scaling.location(), scaling);
        for (int season : spec.seasons()) {
            double slope = slope(x[column++], now - history[at - season], scaling);
            values[at] += slope;
            values[at - season] -= slope;
        }
        for (int lag = 1; lag <= spec.recentLags(); lag++) {
            values[at - lag] += slope(x[column++], history[at - lag] - scaling.location(), scaling);
        }
        for (int h = 1; h <= ahead; h++) {
            int place = at + h - spec.longestSeason();
            values[place] += slope(x[column++], history[place] - scaling.location(), scaling);
        }
    }

    /// Back through asinh, whose slope is 1 / √(1 + x²); what is unknown moves nothing.
    private static double slope(float gradient, double distance, Scaling scaling) {
        double units = distance / scaling.scale();
        return Double.isNaN(units) ? 0 : gradient / (scaling.scale() * Math.sqrt(1 + units * units));
    }

    private static float units(double value) {
        return Double.isNaN(value) ? 0 : (float) value;
    }

    private static float noise(Scaling scaling) {
        if (Double.isNaN(scaling.location())) {
            return 0;
        }
        float ratio = (float) (scaling.scale() / Math.max(Math.abs(scaling.location()), scaling.scale() / NOISIEST));
        return log(ratio);
    }

    /// Writes one channel's simple forecasts, in units of the scale, `[base][horizon]`: for each season the value a
    /// whole number of seasons before the target; for each that has one its [Profile], then the mean of the last shortest
    /// season; the last value. What is unknown falls back on the last value.
    public void writeBases(float[] history, int at, Scaling scaling, float[] bases, int to) {
        int horizon = spec.horizon();
        float last = units((history[at] - scaling.location()) / scaling.scale());
        int base = to;
        for (int season : spec.seasons()) {
            int place = at + 1 - season;
            for (int h = 1; h <= horizon; h++) {
                bases[base++] = unitsOr(last, scaling, history[place]);
                place = place == at ? at + 1 - season : place + 1;
            }
        }
        // Means over the same values are taken once: the shortest season's own, and, of seasons that fit into one another,
        // that of all whole ones.
        double shortest = profiled.length > 0 ? Profile.mean(history, at, spec.scalingLag()) : 0, whole = 0;
        int summed = 0;
        for (int season : profiled) {
            int seasons = Profile.wholeSeasons(history, at, season, spec.profileWindow());
            double shift = 0;
            if (seasons > 1) {
                if (summed != seasons * season) {
                    summed = seasons * season;
                    whole = Profile.mean(history, at, summed);
                }
                shift = (season == spec.scalingLag() ? shortest : Profile.mean(history, at, season)) - whole;
            }
            new Profile(season, seasons, shift).write(history, at, horizon, bases, base);
            for (int end = base + horizon; base < end; base++) {
                bases[base] = unitsOr(last, scaling, bases[base]);
            }
        }
        if (profiled.length > 0) {
            float level = unitsOr(last, scaling, shortest);
            Arrays.fill(bases, base, base + horizon, level);
            base += horizon;
        }
        Arrays.fill(bases, base, base + horizon, last);
    }

    private static float unitsOr(float last, Scaling scaling, double value) {
        float units = scaling.toUnits(value);
        return Float.isNaN(units) ? last : units;
    }
}
