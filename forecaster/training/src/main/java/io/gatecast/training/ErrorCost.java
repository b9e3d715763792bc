package io.gatecast.training;

import java.util.stream.IntStream;

/// What an error of 1, in a channel's own units, costs at each step:
///
///     1 / d + levelWeight / max(|x|, 0.1 d)
///
/// with d the mean seasonal difference and |x| the mean absolute value at that phase of the last [#SEASONS] seasons. The
/// first share is what MASE sees, the second what sMAPE sees: an error at night, when little is consumed, is as large
/// for its hour as one at noon. Both are alike for every series, whatever its units. The costs rest on the past alone:
/// did they know the value itself, quantiles would be pulled towards where errors are cheap. A series that goes below 0,
/// as degrees Celsius do, has no level to be relative to: its second share is nothing. Nothing is learned of a series
/// that never changes: there is no unit to learn it in.
final class ErrorCost {
    private static final int SEASONS = 7;
    private static final double LEAST_LEVEL = 0.1; // of the mean seasonal difference
    private static final double LEAST_DIFFERENCE = 1e-4; // of the mean level

    private final float[] values;
    private final int season;
    private final double levelWeight;
    private final double difference;
    private final double level;
    /// `[step]`, for every stretch asks for that of each step as often as there are steps in a horizon
    private final double[] costs;

    /// @param values      as measured, NaN = missing
    /// @param known       first values, those that are learned from
    /// @param season      its length in steps; 1 without one
    /// @param behind      steps behind the last of which it will be asked
    /// @param levelWeight see [TrainingPlan#levelWeight]
    ErrorCost(float[] values, int known, int season, int behind, double levelWeight) {
        this.values = values;
        this.season = season;
        double lowest = 0;
        double sum = 0;
        int count = 0;
        double differences = 0;
        int pairs = 0;
        for (int t = 0; t < known; t++) {
            if (!Float.isNaN(values[t])) {
                sum += Math.abs(values[t]);
                lowest = Math.min(lowest, values[t]);
                count++;
            }
            double step = t < season ? Double.NaN : Math.abs((double) values[t] - values[t - season]);
            if (!Double.isNaN(step)) {
                differences += step;
                pairs++;
            }
        }
        this.levelWeight = lowest < 0 ? 0 : levelWeight;
        this.level = sum / count;
        this.difference = Math.max(differences / pairs, LEAST_DIFFERENCE * level);
        this.costs = IntStream.range(0, values.length + behind).mapToDouble(this::cost).toArray();
    }

    double at(int t) {
        return costs[t];
    }

    private double cost(int t) {
        return difference > 0 ? 1 / difference + levelWeight / Math.max(levelBefore(t), LEAST_LEVEL * difference) : 0;
    }

    private double levelBefore(int t) {
        double sum = 0;
        int count = 0;
        for (int k = 1; k <= SEASONS; k++) {
            int before = t - k * season;
            if (before >= 0 && before < values.length && !Float.isNaN(values[before])) {
                sum += Math.abs(values[before]);
                count++;
            }
        }
        return count == 0 ? level : sum / count;
    }
}
