package io.gatecast.training.baseline;

import java.util.Arrays;

/// The value a whole number of seasons before the target; with a season of one step, the last value. Its errors are
/// taken for normal, with the standard deviation σ of those seen one season ahead: k seasons ahead it is σ √k (Hyndman &
/// Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 5.5). A missing value keeps the one before it.
final class LastSeason implements BaselineForecaster {
    private final double[] season;
    private double squares;
    private long errors;
    private int next;

    LastSeason(int length) {
        this.season = new double[length];
        Arrays.fill(season, Double.NaN);
    }

    @Override
    public void observe(double value) {
        double error = value - season[next];
        if (!Double.isNaN(error)) {
            squares += error * error;
            errors++;
        }
        season[next] = Double.isNaN(value) ? season[next] : value;
        next = (next + 1) % season.length;
    }

    @Override
    public double[] forecast(int horizon, double[] levels) {
        double[] means = new double[horizon];
        double[] deviations = new double[horizon];
        double sigma = errors == 0 ? 0 : Math.sqrt(squares / errors);
        for (int h = 0; h < horizon; h++) {
            means[h] = season[(next + h) % season.length];
            deviations[h] = sigma * Math.sqrt(1 + h / season.length);
        }
        return Normals.quantiles(means, deviations, levels);
    }
}
