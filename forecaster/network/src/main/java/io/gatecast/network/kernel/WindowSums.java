package io.gatecast.network.kernel;

/// Sums over the known values of a window, NaN = unknown, in double precision. Each is taken in eight strands, every eighth value
/// to one, which are added in pairs at the end: an order that lanes of any width can keep, so that the bits are the same with
/// them and without. `to` is exclusive.
public final class WindowSums {
    static final int STRANDS = 8;

    private WindowSums() {}

    /// @return how many are known
    public static int known(float[] x, int from, int to) {
        if (Simd.VECTORS) {
            return VectorSums.known(x, from, to);
        }
        int known = 0;
        for (int i = from; i < to; i++) {
            known += Float.isNaN(x[i]) ? 0 : 1;
        }
        return known;
    }

    /// `Σ x_i`
    public static double sum(float[] x, int from, int to) {
        if (Simd.VECTORS) {
            return VectorSums.sum(x, from, to);
        }
        double[] strands = new double[STRANDS];
        for (int i = from; i < to; i++) {
            strands[(i - from) % STRANDS] += orZero(x[i]);
        }
        return together(strands);
    }

    /// `Σ |x_i - location|`
    public static double deviations(float[] x, int from, int to, double location) {
        if (Simd.VECTORS) {
            return VectorSums.deviations(x, from, to, location);
        }
        double[] strands = new double[STRANDS];
        for (int i = from; i < to; i++) {
            strands[(i - from) % STRANDS] += orZero(Math.abs(x[i] - location));
        }
        return together(strands);
    }

    /// `Σ |x_i - x_{i - lag}|` over the pairs that are known
    public static double steps(float[] x, int from, int to, int lag) {
        if (Simd.VECTORS) {
            return VectorSums.steps(x, from, to, lag);
        }
        double[] strands = new double[STRANDS];
        for (int i = from; i < to; i++) {
            strands[(i - from) % STRANDS] += orZero(Math.abs((double) x[i] - x[i - lag]));
        }
        return together(strands);
    }

    /// @return pairs of [#steps] that are known
    public static int pairs(float[] x, int from, int to, int lag) {
        if (Simd.VECTORS) {
            return VectorSums.pairs(x, from, to, lag);
        }
        int pairs = 0;
        for (int i = from; i < to; i++) {
            pairs += Float.isNaN(x[i]) || Float.isNaN(x[i - lag]) ? 0 : 1;
        }
        return pairs;
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    private static double together(double[] s) {
        return s[0] + s[1] + (s[2] + s[3]) + (s[4] + s[5] + (s[6] + s[7]));
    }
}
