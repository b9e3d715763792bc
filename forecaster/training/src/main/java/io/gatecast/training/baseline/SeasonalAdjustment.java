package io.gatecast.training.baseline;

import java.util.Arrays;

/// How a series was before its season was taken out, and how to put it back: classical multiplicative decomposition, as
/// in the benchmarks of the M4 competition (Makridakis, Spiliotis & Assimakopoulos 2020,
/// doi:10.1016/j.ijforecast.2019.04.014). Taken out only where the autocorrelation at the season is significant at 90 %,
/// three seasons are known and no value is 0 or below.
///
/// @param adjusted the series without its season
/// @param indices  `[season]`, factors from the step after the last on
record SeasonalAdjustment(double[] adjusted, double[] indices) {
    private static final double SIGNIFICANT = 1.645;
    private static final int LEAST_SEASONS = 3;

    static SeasonalAdjustment of(double[] values, int season) {
        if (!isSeasonal(values, season)) {
            double[] ones = new double[season];
            Arrays.fill(ones, 1);
            return new SeasonalAdjustment(values, ones);
        }
        double[] factors = factors(values, season);
        double[] adjusted = new double[values.length];
        for (int t = 0; t < values.length; t++) {
            adjusted[t] = values[t] / factors[t % season];
        }
        double[] indices = new double[season];
        for (int h = 0; h < season; h++) {
            indices[h] = factors[(values.length + h) % season];
        }
        return new SeasonalAdjustment(adjusted, indices);
    }

    private static boolean isSeasonal(double[] values, int season) {
        if (season < 2 || values.length < LEAST_SEASONS * season || Arrays.stream(values).anyMatch(x -> x <= 0)) {
            return false;
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
        double squares = 0;
        double at = 0;
        for (int lag = 1; lag <= season; lag++) {
            at = 0;
            for (int t = lag; t < values.length; t++) {
                at += (values[t] - mean) * (values[t - lag] - mean);
            }
            at /= variance;
            squares += lag < season ? at * at : 0;
        }
        return Math.abs(at) > SIGNIFICANT * Math.sqrt((1 + 2 * squares) / values.length);
    }

    /// @return `[season]`, mean ratio to the centred moving average, from the first step on
    private static double[] factors(double[] values, int season) {
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int t = half; t + half < values.length; t++) {
            double trend = 0;
            for (int i = -half; i <= half; i++) {
                trend += values[t + i] * (season % 2 == 0 && Math.abs(i) == half ? 0.5 : 1);
            }
            sums[t % season] += values[t] / (trend / season);
            counts[t % season]++;
        }
        double[] factors = new double[season];
        Arrays.setAll(factors, i -> sums[i] / counts[i]);
        double mean = Arrays.stream(factors).average().orElseThrow();
        Arrays.setAll(factors, i -> factors[i] / mean);
        return factors;
    }

    /// @param h steps ahead, from 0
    double index(int h) {
        return indices[h % indices.length];
    }
}
