package io.gatecast.training.baseline;

/// The Theta method (Assimakopoulos & Nikolopoulos 2000, doi:10.1016/S0169-2070(00)00066-2) as in the benchmarks of the
/// M4 competition: of the seasonally adjusted series, the mean of its straight line and of what exponential smoothing
/// makes of the series with twice its curvature; then the season is put back. Its errors are taken for normal, with the
/// deviation of simple exponential smoothing, σ √(1 + (h - 1) α²) (Hyndman & Billah 2003,
/// doi:10.1016/S0169-2070(01)00143-1).
final class Theta implements BaselineForecaster {
    private static final int LEAST = 3;
    private static final int RATES = 100;

    private final int season;
    private final History history;

    Theta(int season) {
        this.season = season;
        this.history = new History(season);
    }

    @Override
    public void observe(double value) {
        history.add(value);
    }

    /// Simple exponential smoothing.
    ///
    /// @param squares summed, of its errors one step ahead
    private record Smoothing(double alpha, double level, double squares) {

        static Smoothing of(double[] values, double alpha) {
            double level = values[0];
            double squares = 0;
            for (int t = 1; t < values.length; t++) {
                double error = values[t] - level;
                squares += error * error;
                level += alpha * error;
            }
            return new Smoothing(alpha, level, squares);
        }

        /// @return with the rate of least squares
        static Smoothing best(double[] values) {
            Smoothing best = of(values, 1.0 / RATES);
            for (int i = 2; i < RATES; i++) {
                Smoothing other = of(values, i / (double) RATES);
                best = other.squares < best.squares ? other : best;
            }
            return best;
        }
    }

    @Override
    public double[] forecast(int horizon, double[] levels) {
        double[] values = history.values();
        int n = values.length;
        double[] means = new double[horizon];
        double[] deviations = new double[horizon];
        SeasonalAdjustment adjustment = SeasonalAdjustment.of(values, season);
        double[] adjusted = adjustment.adjusted();
        double centre = (n - 1) / 2.0;
        double mean = 0;
        double slope = 0;
        for (int t = 0; t < n; t++) {
            mean += adjusted[t] / n;
            slope += n < 2 ? 0 : (t - centre) * adjusted[t] * 12 / (n * ((double) n * n - 1));
        }
        double[] curved = new double[n];
        for (int t = 0; t < n; t++) {
            curved[t] = 2 * adjusted[t] - (mean + slope * (t - centre));
        }
        Smoothing smoothing = n < LEAST ? new Smoothing(1, Double.NaN, 0) : Smoothing.best(curved);
        double sigma = Math.sqrt(smoothing.squares / Math.max(1, n - 1)) / 2; // the line has no error of its own
        for (int h = 0; h < horizon; h++) {
            double line = mean + slope * (n + h - centre);
            means[h] = (line + smoothing.level) / 2 * adjustment.index(h);
            deviations[h] = sigma * Math.sqrt(1 + h * smoothing.alpha * smoothing.alpha) * adjustment.index(h);
        }
        return Normals.quantiles(means, deviations, levels);
    }
}
