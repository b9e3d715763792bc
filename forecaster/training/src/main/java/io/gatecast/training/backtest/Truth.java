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
record Truth(long first, long intervalMillis, double[][] values) {
    private static final long MOST_STEPS = 1 << 28;

    /// @throws IllegalArgumentException if the series spans more steps than can be held
    static Truth of(Series series, long intervalMillis) {
        Grid grid = new Grid(intervalMillis, 0);
        if (series.length() == 0) {
            return new Truth(0, intervalMillis, new double[series.channels()][0]);
        }
        long first = grid.bucketOf(series.timestamps()[0]);
        long newest = Arrays.stream(series.timestamps()).max().getAsLong();
        long steps = (newest - first) / intervalMillis + 1;
        if (steps > MOST_STEPS) {
            throw new IllegalArgumentException("series " + series.id() + ": expected at most " + MOST_STEPS
                    + " steps from its first to its newest observation, found " + steps + "; check the timestamps");
        }
        double[][] values = new double[series.channels()][(int) steps];
        for (double[] channel : values) {
            Arrays.fill(channel, Double.NaN);
        }
        int next = 0;
        for (int i = 0; i < series.length(); i++) {
            Observation observation = series.observation(i);
            long step = Math.floorDiv(observation.timestamp() - first, intervalMillis);
            if (step >= next) {
                for (int c = 0; c < values.length; c++) {
                    values[c][(int) step] = observation.values()[c];
                }
                next = (int) step + 1;
            }
        }
        return new Truth(first, intervalMillis, values);
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
