package io.gatecast.training.baseline;

/// The last value of the seasonally adjusted series, with its season put back: the reference of the M competitions. Its
/// errors are taken for normal, as those of a random walk: σ √h of the adjusted series.
final class Naive2 implements BaselineForecaster {
    private final int season;
    private final History history;

    Naive2(int season) {
        this.season = season;
        this.history = new History(season);
    }

    @Override
    public void observe(double value) {
        history.add(value);
    }

    @Override
    public double[] forecast(int horizon, double[] levels) {
        double[] values = history.values();
        SeasonalAdjustment adjustment = SeasonalAdjustment.of(values, season);
        double[] adjusted = adjustment.adjusted();
        double[] means = new double[horizon];
        double[] deviations = new double[horizon];
        double squares = 0;
        for (int t = 1; t < adjusted.length; t++) {
            squares += (adjusted[t] - adjusted[t - 1]) * (adjusted[t] - adjusted[t - 1]);
        }
        double sigma = Math.sqrt(squares / Math.max(1, adjusted.length - 1));
        for (int h = 0; h < horizon; h++) {
            means[h] = adjusted.length == 0 ? Double.NaN : adjusted[adjusted.length - 1] * adjustment.index(h);
            deviations[h] = sigma * Math.sqrt(h + 1.0) * adjustment.index(h);
        }
        return Normals.quantiles(means, deviations, levels);
    }
}
