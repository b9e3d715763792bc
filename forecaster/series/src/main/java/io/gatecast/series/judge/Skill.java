package io.gatecast.series.judge;

import io.gatecast.series.Evaluation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Adds up how far the forecasts of the next step were off, and how far the last value and the value a season before
/// would have been in the same steps, so that a model that only repeats what it saw is seen to. What was forecast while
/// the series was cold counts, too: it went out. Steps without an observation count for nothing.
///
/// Memory: int64 beginning of the first step in the window; int32 steps in it, targets noted since the last [#end],
/// targets while cold, 0; then for each channel float64, in its own units:
///
///     0  targets                           7  sum of sMAPE's terms
///     1  sum of errors                     8  sum of pinball losses, mean over the levels
///     2  sum of the last value's errors    9  sum of widths
///     3  targets with a season before     10  sum of seasonal differences, of all windows
///     4  sum of errors in these           11  their number
///     5  sum of the season's errors       12  last value observed
///     6  targets between the outer        13  1 where there is one
///        quantiles
public final class Skill implements Judge {
    private static final int START = 0;
    private static final int STEPS = 8;
    private static final int NOTED = 12;
    private static final int COLD = 16;
    private static final int SERIES_BYTES = 24;

    private static final int TARGETS = 0;
    private static final int ERROR = 1;
    private static final int LAST_ERROR = 2;
    private static final int SEASON_TARGETS = 3;
    private static final int SEASON_TARGETS_ERROR = 4;
    private static final int SEASON_ERROR = 5;
    private static final int INSIDE = 6;
    private static final int SMAPE = 7;
    private static final int PINBALL = 8;
    private static final int WIDTH = 9;
    private static final int OF_WINDOW = 10; // the numbers before begin anew with each window
    private static final int DIFFERENCE = 10;
    private static final int DIFFERENCES = 11;
    private static final int LAST = 12;
    private static final int KNOWN = 13;
    private static final int NUMBERS = 14;

    private final int channels;
    private final float[] levels;
    private final int median;
    private final boolean seasonal;
    private final int window;

    /// @param levels   rising, the median 0.5 among them
    /// @param seasonal whether there is a season; without one MASE's unit is the mean distance from the last value
    /// @param window   steps that came true to an evaluation
    public Skill(int channels, float[] levels, boolean seasonal, int window) {
        this.channels = channels;
        this.levels = levels.clone();
        this.median = Levels.median(levels);
        this.seasonal = seasonal;
        this.window = window;
    }

    @Override
    public int bytes() {
        return SERIES_BYTES + channels * NUMBERS * Double.BYTES;
    }

    /// Holds one channel's observation against what was forecast of it.
    ///
    /// @param quantiles `[Q]`, forecast one step before, in the channel's own units; NaN where nothing was
    /// @param observed  likewise; NaN = missing
    /// @param season    the value a season before; NaN where there is none
    /// @param cold      whether the series was cold when it was forecast
    public void take(ByteBuffer memory, int base, int channel, float[] quantiles, double observed, double season,
            boolean cold) {
        if (Double.isNaN(observed)) {
            return;
        }
        int at = base + SERIES_BYTES + channel * NUMBERS * Double.BYTES;
        boolean known = get(memory, at, KNOWN) != 0;
        double before = seasonal ? season : known ? get(memory, at, LAST) : Double.NaN;
        if (!Double.isNaN(before)) {
            add(memory, at, DIFFERENCE, Math.abs(observed - before));
            add(memory, at, DIFFERENCES, 1);
        }
        if (known && !Float.isNaN(quantiles[median])) {
            note(memory, at, quantiles, observed, season);
            memory.putInt(base + NOTED, memory.getInt(base + NOTED) + 1);
            memory.putInt(base + COLD, memory.getInt(base + COLD) + (cold ? 1 : 0));
        }
        put(memory, at, LAST, observed);
        put(memory, at, KNOWN, 1);
    }

    private void note(ByteBuffer memory, int at, float[] quantiles, double observed, double season) {
        double error = Math.abs(observed - quantiles[median]);
        double size = Math.abs(observed) + Math.abs(quantiles[median]);
        float lowest = quantiles[0], highest = quantiles[levels.length - 1];
        add(memory, at, TARGETS, 1);
        add(memory, at, ERROR, error);
        add(memory, at, LAST_ERROR, Math.abs(observed - get(memory, at, LAST)));
        add(memory, at, SMAPE, size > 0 ? 200 * error / size : 0);
        add(memory, at, PINBALL, pinball(quantiles, observed));
        add(memory, at, INSIDE, observed >= lowest && observed <= highest ? 1 : 0);
        add(memory, at, WIDTH, (double) highest - lowest);
        if (!Double.isNaN(season)) {
            add(memory, at, SEASON_TARGETS, 1);
            add(memory, at, SEASON_TARGETS_ERROR, error);
            add(memory, at, SEASON_ERROR, Math.abs(observed - season));
        }
    }

    private double pinball(float[] quantiles, double observed) {
        double sum = 0;
        for (int q = 0; q < levels.length; q++) {
            double above = observed - quantiles[q];
            sum += above * (above < 0 ? levels[q] - 1.0 : levels[q]);
        }
        return sum / levels.length;
    }

    /// Ends a step, after its channels were taken.
    ///
    /// @param bucket   its beginning, milliseconds since the epoch
    /// @param interval its length, milliseconds
    /// @return the evaluation of the window that it completes; null where it does not
    public @Nullable Evaluation end(ByteBuffer memory, int base, long bucket, long interval) {
        if (memory.getInt(base + NOTED) == 0) {
            return null;
        }
        int steps = memory.getInt(base + STEPS) + 1;
        if (steps == 1) {
            memory.putLong(base + START, bucket);
        }
        memory.putInt(base + STEPS, steps);
        memory.putInt(base + NOTED, 0);
        if (steps < window) {
            return null;
        }
        Evaluation evaluation = evaluation(memory, base, bucket + interval);
        forgetWindow(memory, base);
        return evaluation;
    }

    private void forgetWindow(ByteBuffer memory, int base) {
        memory.putInt(base + STEPS, 0);
        memory.putInt(base + COLD, 0);
        for (int c = 0; c < channels; c++) {
            for (int number = 0; number < OF_WINDOW; number++) {
                put(memory, base + SERIES_BYTES + c * NUMBERS * Double.BYTES, number, 0);
            }
        }
    }

    private Evaluation evaluation(ByteBuffer memory, int base, long end) {
        Means targets = new Means(), smape = new Means(), pinball = new Means(), inside = new Means();
        Means width = new Means(), mase = new Means(), seasonMase = new Means();
        Means byLast = new Means(), bySeason = new Means();
        for (int c = 0; c < channels; c++) {
            int at = base + SERIES_BYTES + c * NUMBERS * Double.BYTES;
            double count = get(memory, at, TARGETS), seasons = get(memory, at, SEASON_TARGETS);
            double unit = get(memory, at, DIFFERENCE) / get(memory, at, DIFFERENCES);
            targets.add(count, 1);
            smape.add(get(memory, at, SMAPE), count);
            inside.add(get(memory, at, INSIDE), count);
            pinball.addRatio(get(memory, at, PINBALL), count);
            width.addRatio(get(memory, at, WIDTH), count);
            mase.addRatio(get(memory, at, ERROR) / count, unit);
            seasonMase.addRatio(get(memory, at, SEASON_ERROR) / seasons, unit);
            byLast.addRatio(get(memory, at, ERROR), get(memory, at, LAST_ERROR));
            bySeason.addRatio(get(memory, at, SEASON_TARGETS_ERROR), get(memory, at, SEASON_ERROR));
        }
        boolean point = levels.length == 1;
        return new Evaluation(memory.getLong(base + START), end, Math.round(targets.sum), memory.getInt(base + COLD),
                mase.mean(), seasonMase.mean(), smape.mean(), point ? Double.NaN : pinball.mean(),
                point ? Double.NaN : inside.mean(), point ? Double.NaN : levels[levels.length - 1] - levels[0],
                point ? Double.NaN : width.mean(), 1 - byLast.mean(), 1 - bySeason.mean());
    }

    private static final class Means {
        double sum;
        double count;

        void add(double value, double weight) {
            sum += value;
            count += weight;
        }

        /// A channel counts where there is something to divide by.
        void addRatio(double value, double by) {
            if (by > 0 && !Double.isNaN(value)) {
                add(value / by, 1);
            }
        }

        double mean() {
            return sum / count; // NaN without a channel
        }
    }

    private static double get(ByteBuffer memory, int at, int number) {
        return memory.getDouble(at + number * Double.BYTES);
    }

    private static void put(ByteBuffer memory, int at, int number, double value) {
        memory.putDouble(at + number * Double.BYTES, value);
    }

    private static void add(ByteBuffer memory, int at, int number, double value) {
        put(memory, at, number, get(memory, at, number) + value);
    }
}
