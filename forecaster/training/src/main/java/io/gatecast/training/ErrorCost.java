package io.gatecast.training;

/// What an error of 1, in a channel's own units, costs at each step:
///
///     1 / (mean seasonal difference) + levelWeight / (mean |value| of the season that ends there)
///
/// The first share is what MASE sees, the second what sMAPE sees, and both are alike for every series, whatever its units.
/// A level below the seasonal difference counts as that. Nothing is learned of a series that never changes: there is no
/// unit to learn it in.
final class ErrorCost {
    private static final double LEAST_DIFFERENCE = 1e-4; // of the mean level

    private final int season;
    private final double levelWeight;
    private final double difference;
    private final double level;
    /// `[length + 1]`, of the values before a step
    private final double[] sumBefore;
    private final int[] countBefore;

    /// @param values      as measured, NaN = missing
    /// @param known       first values, those that are learned from
    /// @param season      its length in steps; 1 without one
    /// @param levelWeight see [TrainingPlan#levelWeight]
    ErrorCost(float[] values, int known, int season, double levelWeight) {
        this.season = season;
        this.levelWeight = levelWeight;
        this.sumBefore = new double[values.length + 1];
        this.countBefore = new int[values.length + 1];
        double differences = 0;
        int pairs = 0;
        for (int t = 0; t < values.length; t++) {
            boolean missing = Float.isNaN(values[t]);
            sumBefore[t + 1] = sumBefore[t] + (missing ? 0 : Math.abs(values[t]));
            countBefore[t + 1] = countBefore[t] + (missing ? 0 : 1);
            double step = t < season || t >= known ? Double.NaN : Math.abs((double) values[t] - values[t - season]);
            if (!Double.isNaN(step)) {
                differences += step;
                pairs++;
            }
        }
        this.level = sumBefore[known] / countBefore[known];
        this.difference = Math.max(differences / pairs, LEAST_DIFFERENCE * level);
    }

    /// @param t a step, which may lie behind the last
    double at(int t) {
        if (!(difference > 0)) {
            return 0;
        }
        int to = Math.min(t + 1, countBefore.length - 1);
        int from = Math.max(0, to - season);
        int count = countBefore[to] - countBefore[from];
        double near = count == 0 ? level : (sumBefore[to] - sumBefore[from]) / count;
        return 1 / difference + levelWeight / Math.max(near, difference);
    }
}
