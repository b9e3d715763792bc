package io.gatecast.network.kernel;

/// Sums over the known values of a window, NaN = unknown, in double precision. Each is taken in eight strands, every eighth value
/// to one, which are added in pairs at the end, so that no addition waits for the one before. `to` is exclusive.
///
/// The strands are locals of plain loops: as vectors, C2 puts them on the heap wherever it does not inline every call. Where
/// all is known, and mostly it is, nothing is asked of each value; asking takes longer than adding.
public final class WindowSums {
    private static final int STRANDS = 8;

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

    /// `Σ x_i`
    ///
    /// @param known as [#known] counts them
    public static double sum(float[] x, int from, int to, int known) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = from;
        for (int whole = known == to - from ? to - STRANDS : -1; i <= whole; i += STRANDS) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
            e += x[i + 4];
            f += x[i + 5];
            g += x[i + 6];
            h += x[i + 7];
        }
        for (; i < to; i += STRANDS) {
            a += at(x, i, to);
            b += at(x, i + 1, to);
            c += at(x, i + 2, to);
            d += at(x, i + 3, to);
            e += at(x, i + 4, to);
            f += at(x, i + 5, to);
            g += at(x, i + 6, to);
            h += at(x, i + 7, to);
        }
        return a + b + (c + d) + (e + f + (g + h));
    }

    private static double at(float[] x, int i, int to) {
        return i < to ? orZero(x[i]) : 0;
    }

    /// `Σ |x_i - location|`
    ///
    /// @param known as [#known] counts them
    public static double deviations(float[] x, int from, int to, double location, int known) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = from;
        for (int whole = known == to - from ? to - STRANDS : -1; i <= whole; i += STRANDS) {
            a += Math.abs(x[i] - location);
            b += Math.abs(x[i + 1] - location);
            c += Math.abs(x[i + 2] - location);
            d += Math.abs(x[i + 3] - location);
            e += Math.abs(x[i + 4] - location);
            f += Math.abs(x[i + 5] - location);
            g += Math.abs(x[i + 6] - location);
            h += Math.abs(x[i + 7] - location);
        }
        for (; i < to; i += STRANDS) {
            a += deviation(x, i, to, location);
            b += deviation(x, i + 1, to, location);
            c += deviation(x, i + 2, to, location);
            d += deviation(x, i + 3, to, location);
            e += deviation(x, i + 4, to, location);
            f += deviation(x, i + 5, to, location);
            g += deviation(x, i + 6, to, location);
            h += deviation(x, i + 7, to, location);
        }
        return a + b + (c + d) + (e + f + (g + h));
    }

    private static double deviation(float[] x, int i, int to, double location) {
        return i < to ? orZero(Math.abs(x[i] - location)) : 0;
    }

    /// `Σ |x_i - x_{i - lag}|` over the pairs that are known
    ///
    /// @param pairs as [#pairs] counts them
    public static double steps(float[] x, int from, int to, int lag, int pairs) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = from;
        for (int whole = pairs == to - from ? to - STRANDS : -1; i <= whole; i += STRANDS) {
            a += Math.abs((double) x[i] - x[i - lag]);
            b += Math.abs((double) x[i + 1] - x[i + 1 - lag]);
            c += Math.abs((double) x[i + 2] - x[i + 2 - lag]);
            d += Math.abs((double) x[i + 3] - x[i + 3 - lag]);
            e += Math.abs((double) x[i + 4] - x[i + 4 - lag]);
            f += Math.abs((double) x[i + 5] - x[i + 5 - lag]);
            g += Math.abs((double) x[i + 6] - x[i + 6 - lag]);
            h += Math.abs((double) x[i + 7] - x[i + 7 - lag]);
        }
        for (; i < to; i += STRANDS) {
            a += step(x, i, to, lag);
            b += step(x, i + 1, to, lag);
            c += step(x, i + 2, to, lag);
            d += step(x, i + 3, to, lag);
            e += step(x, i + 4, to, lag);
            f += step(x, i + 5, to, lag);
            g += step(x, i + 6, to, lag);
            h += step(x, i + 7, to, lag);
        }
        return a + b + (c + d) + (e + f + (g + h));
    }

    private static double step(float[] x, int i, int to, int lag) {
        return i < to ? orZero(Math.abs((double) x[i] - x[i - lag])) : 0;
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
