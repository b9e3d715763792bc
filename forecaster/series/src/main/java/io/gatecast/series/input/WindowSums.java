package io.gatecast.series.input;

/// Sums over the known values of a window, NaN = unknown. Each is taken in four strands that a processor adds side by side, since
/// one strand waits for every addition before the next; in one fixed order, so that its bits are fixed, too. `to` is exclusive.
final class WindowSums {
    private WindowSums() {}

    static int known(float[] x, int from, int to) {
        int known = 0;
        for (int i = from; i < to; i++) {
            known += Float.isNaN(x[i]) ? 0 : 1;
        }
        return known;
    }

    static double sum(float[] x, int from, int to) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            s0 += orZero(x[i]);
            s1 += orZero(x[i + 1]);
            s2 += orZero(x[i + 2]);
            s3 += orZero(x[i + 3]);
        }
        for (; i < to; i++) {
            s0 += orZero(x[i]);
        }
        return s0 + s1 + (s2 + s3);
    }

    /// `Σ|x_i - location|`
    static double deviations(float[] x, int from, int to, double location) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            s0 += orZero(Math.abs(x[i] - location));
            s1 += orZero(Math.abs(x[i + 1] - location));
            s2 += orZero(Math.abs(x[i + 2] - location));
            s3 += orZero(Math.abs(x[i + 3] - location));
        }
        for (; i < to; i++) {
            s0 += orZero(Math.abs(x[i] - location));
        }
        return s0 + s1 + (s2 + s3);
    }

    /// `Σ|x_i - x_{i - lag}|` over the pairs that are known.
    static double steps(float[] x, int from, int to, int lag) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            s0 += orZero(step(x, i, lag));
            s1 += orZero(step(x, i + 1, lag));
            s2 += orZero(step(x, i + 2, lag));
            s3 += orZero(step(x, i + 3, lag));
        }
        for (; i < to; i++) {
            s0 += orZero(step(x, i, lag));
        }
        return s0 + s1 + (s2 + s3);
    }

    /// @return pairs of [#steps] that are known
    static int pairs(float[] x, int from, int to, int lag) {
        int pairs = 0;
        for (int i = from; i < to; i++) {
            pairs += Float.isNaN(x[i] + x[i - lag]) ? 0 : 1;
        }
        return pairs;
    }

    private static double step(float[] x, int i, int lag) {
        return Math.abs((double) x[i] - x[i - lag]);
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
