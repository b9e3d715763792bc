package io.gatecast.series.judge;

/// How improbable a value is under the quantiles that were forecast for it. The quantiles, joined by straight lines, are a
/// distribution; beyond the outer ones it falls off exponentially, through the two outermost on either side. Twice the
/// smaller tail at the value is p, and `-ln p` its surprise: for a forecast that is right, exponentially distributed with
/// mean 1. It is kept as a logarithm throughout, so that the far tail does not underflow.
final class Surprise {
    private static final double LEAST_WIDTH = 1e-3; // in units of the series' scale: a flat line still has a tail

    private final double[] levels;

    /// @param levels rising, the median 0.5 among them
    Surprise(float[] levels) {
        Levels.median(levels);
        this.levels = new double[levels.length];
        for (int q = 0; q < levels.length; q++) {
            this.levels[q] = levels[q];
        }
    }

    /// @param quantiles `[Q]` from `from`, in units of the series' scale
    /// @param observed  likewise; NaN = missing
    /// @return 0 or more; NaN where nothing was forecast or observed, and for a point forecast: the median alone does not
    ///         say how far astray is improbable
    double of(float[] quantiles, int from, float observed) {
        if (levels.length == 1 || !Float.isFinite(observed) || !allFinite(quantiles, from)) {
            return Double.NaN;
        }
        int last = levels.length - 1;
        double below = observed < quantiles[from]
                ? tail(levels[0], levels[1], quantiles[from] - (double) observed,
                        quantiles[from + 1] - (double) quantiles[from])
                : -StrictMath.log(shareBelow(quantiles, from, observed));
        double above = observed > quantiles[from + last]
                ? tail(1 - levels[last], 1 - levels[last - 1], observed - (double) quantiles[from + last],
                        quantiles[from + last] - (double) quantiles[from + last - 1])
                : -StrictMath.log(1 - shareStrictlyBelow(quantiles, from, observed));
        return Math.max(0, Math.max(below, above) - StrictMath.log(2));
    }

    /// -ln of an exponential tail that holds `outer` at the outermost quantile and `inner` at its neighbour.
    private static double tail(double outer, double inner, double beyond, double width) {
        double decay = inner > outer ? Math.max(width, LEAST_WIDTH) / StrictMath.log(inner / outer) : LEAST_WIDTH;
        return beyond / decay - StrictMath.log(outer);
    }

    /// P(Y <= y) for y not below the lowest quantile; where quantiles coincide, the highest of their levels.
    private double shareBelow(float[] quantiles, int from, float y) {
        int q = levels.length - 1;
        while (quantiles[from + q] > y) {
            q--;
        }
        return q == levels.length - 1 ? 1 : between(quantiles, from, q, y);
    }

    /// P(Y < y) for y not above the highest quantile; where quantiles coincide, the lowest of their levels.
    private double shareStrictlyBelow(float[] quantiles, int from, float y) {
        int q = 0;
        while (quantiles[from + q] < y) {
            q++;
        }
        return q == 0 ? 0 : between(quantiles, from, q - 1, y);
    }

    private double between(float[] quantiles, int from, int q, float y) {
        double low = quantiles[from + q];
        double high = quantiles[from + q + 1];
        return levels[q] + (levels[q + 1] - levels[q]) * ((y - low) / (high - low));
    }

    private boolean allFinite(float[] quantiles, int from) {
        for (int q = from; q < from + levels.length; q++) {
            if (!Float.isFinite(quantiles[q])) {
                return false;
            }
        }
        return true;
    }
}
