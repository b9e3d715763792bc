package io.gatecast.series.judge;

import io.gatecast.series.Evaluation;
import java.nio.ByteBuffer;
import java.util.List;

/// Sums of how far one channel's forecasts were off, and how far the last value and the value a season before would have been:
/// what lies behind an [Evaluation]. As float64 in a channel's own units:
///
///     0  targets                           5  sum of the season's errors
///     1  sum of errors                     6  targets between the outer quantiles
///     2  sum of the last value's errors    7  sum of sMAPE's terms
///     3  targets with a season before      8  sum of pinball losses, mean over the levels
///     4  sum of errors in these            9  sum of widths
final class ErrorSums {
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
    static final int NUMBERS = 10;

    private final float[] levels;
    private final int median;

    /// @param levels rising, the median 0.5 among them
    ErrorSums(float[] levels) {
        this.levels = levels.clone();
        this.median = Levels.median(levels);
    }

    /// Holds an observation against what was forecast of it.
    ///
    /// @param at        where the sums lie
    /// @param quantiles `[Q]`
    /// @param last      the last value when it was forecast
    /// @param season    the value a season before; NaN where there is none
    void note(ByteBuffer memory, int at, float[] quantiles, double observed, double last, double season) {
        double error = Math.abs(observed - quantiles[median]);
        double size = Math.abs(observed) + Math.abs(quantiles[median]);
        float lowest = quantiles[0], highest = quantiles[levels.length - 1];
        add(memory, at, TARGETS, 1);
        add(memory, at, ERROR, error);
        add(memory, at, LAST_ERROR, Math.abs(observed - last));
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

    /// Begins anew.
    static void clear(ByteBuffer memory, int at) {
        for (int number = 0; number < NUMBERS; number++) {
            put(memory, at, number, 0);
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

    Total total() {
        return new Total();
    }

    /// Of several channels.
    final class Total {
        private final Means targets = new Means();
        private final Means smape = new Means();
        private final Means pinball = new Means();
        private final Means inside = new Means();
        private final Means width = new Means();
        private final Means mase = new Means();
        private final Means seasonMase = new Means();
        private final Means byLast = new Means();
        private final Means bySeason = new Means();

        /// @param unit of MASE
        void add(ByteBuffer memory, int at, double unit) {
            double count = get(memory, at, TARGETS), seasons = get(memory, at, SEASON_TARGETS);
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

        long targets() {
            return Math.round(targets.sum);
        }

        /// @param horizon steps ahead
        /// @param cold    targets that were forecast while the series was cold
        Evaluation evaluation(int horizon, long start, long end, int cold) {
            boolean point = levels.length == 1;
            return new Evaluation(horizon, start, end, targets(), cold, mase.mean(), seasonMase.mean(), smape.mean(),
                    point ? Double.NaN : pinball.mean(), point ? Double.NaN : inside.mean(),
                    point ? Double.NaN : levels[levels.length - 1] - levels[0], point ? Double.NaN : width.mean(),
                    1 - byLast.mean(), 1 - bySeason.mean(), List.of());
        }
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
}
