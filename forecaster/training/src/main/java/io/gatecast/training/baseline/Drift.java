package io.gatecast.training.baseline;

/// The line from the first to the last value, continued. Its errors are taken for normal, with the standard deviation σ
/// of the steps around the slope: after T values, h steps ahead it is σ √(h (1 + h / (T - 1))) (Hyndman &
/// Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 5.5). A step to or from a missing value
/// belongs to the steps around it.
final class Drift implements BaselineForecaster {
    private double last = Double.NaN;
    private long since;
    private long steps;
    private double sum;
    private double squares;

    @Override
    public void observe(double value) {
        since++;
        if (Double.isNaN(value)) {
            return;
        }
        if (!Double.isNaN(last)) {
            double change = value - last;
            steps += since;
            sum += change;
            squares += change * change / since;
        }
        last = value;
        since = 0;
    }

    @Override
    public double[] forecast(int horizon, double[] levels) {
        double slope = steps == 0 ? 0 : sum / steps;
        double variance = steps == 0 ? 0 : Math.max(0, squares / steps - slope * slope);
        double[] means = new double[horizon];
        double[] deviations = new double[horizon];
        for (int i = 0; i < horizon; i++) {
            double h = since + i + 1;
            means[i] = last + h * slope;
            deviations[i] = Math.sqrt(variance * h * (1 + h / Math.max(1, steps)));
        }
        return Normals.quantiles(means, deviations, levels);
    }
}
