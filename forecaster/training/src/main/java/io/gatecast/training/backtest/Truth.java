package io.gatecast.training.backtest;

import io.gatecast.series.Observation;
import io.gatecast.series.input.Grid;
import io.gatecast.training.data.Series;
import java.util.Arrays;

/// What came true: a recorded series on the grid, by the rules of serving: the first of a bucket counts, what comes late
/// does not.
///
/// @param first          beginning of the first bucket, milliseconds since the epoch
/// @param intervalMillis length of a step
/// @param values         `[channel][step]`, in the series' own units; NaN = missing
/// @param covariates     `[covariate][step]`, in their own units; NaN = unknown
record Truth(long first, long intervalMillis, double[][] values, double[][] covariates) {
    private static final long MOST_STEPS = 1 << 28;

    /// @throws IllegalArgumentException if the series spans more steps than can be held
    static Truth of(Series series, long intervalMillis) {
        Grid grid = new Grid(intervalMillis, 0);
        if (series.length() == 0) {
            return new Truth(0, intervalMillis, new double[series.channels()][0],
                    new double[series.covariates().length][0]);
        }
        long first = grid.bucketOf(series.timestamps()[0]);
        long newest = Arrays.stream(series.timestamps()).max().getAsLong();
        long steps = (newest - first) / intervalMillis + 1;
        if (steps > MOST_STEPS) {
            throw new IllegalArgumentException("series " + series.id() + ": expected at most " + MOST_STEPS
                    + " steps from its first to its newest observation, found " + steps + "; check the timestamps");
        }
        double[][] values = unknown(series.channels(), (int) steps);
        double[][] covariates = unknown(series.covariates().length, (int) steps);
        int next = 0;
        for (int i = 0; i < series.length(); i++) {
            Observation observation = series.observation(i);
            long step = Math.floorDiv(observation.timestamp() - first, intervalMillis);
            if (step >= next) {
                put(observation.values(), values, (int) step);
                put(observation.covariates(), covariates, (int) step);
                next = (int) step + 1;
            }
        }
        return new Truth(first, intervalMillis, values, covariates);
    }

    private static double[][] unknown(int rows, int steps) {
        double[][] numbers = new double[rows][steps];
        for (double[] row : numbers) {
            Arrays.fill(row, Double.NaN);
        }
        return numbers;
    }

    private static void put(double[] of, double[][] numbers, int step) {
        for (int i = 0; i < of.length; i++) {
            numbers[i][step] = of[i];
        }
    }

    /// @return what was known of a step besides
    double[] covariatesAt(int step) {
        double[] row = new double[covariates.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = covariates[i][step];
        }
        return row;
    }

    int steps() {
        return values[0].length;
    }

    /// @return the first step at or after a moment; the number of steps if there is none
    int stepAt(long timestamp) {
        return (int) Math.clamp(Math.ceilDiv(timestamp - first, intervalMillis), 0, steps());
    }

    long timeOf(int step) {
        return first + step * intervalMillis;
    }

    /// @param before step after the last that counts
    /// @return mean distance from the value one season before: the unit of MASE; NaN where there is no pair
    double seasonalDifference(int channel, int season, int before) {
        double sum = 0;
        int pairs = 0;
        for (int t = season; t < before; t++) {
            double difference = Math.abs(values[channel][t] - values[channel][t - season]);
            if (!Double.isNaN(difference)) {
                sum += difference;
                pairs++;
            }
        }
        return sum / pairs;
    }

    /// @param before step after the last that counts
    /// @return standard deviation of the values, NaN where none is known
    double deviation(int channel, int before) {
        double[] known = Arrays.stream(values[channel], 0, before).filter(value -> !Double.isNaN(value)).toArray();
        double mean = Arrays.stream(known).average().orElse(Double.NaN);
        return Math.sqrt(Arrays.stream(known).map(value -> (value - mean) * (value - mean)).average()
                .orElse(Double.NaN));
    }
}
