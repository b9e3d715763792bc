package io.gatecast.training.baseline;

import org.apache.commons.statistics.distribution.NormalDistribution;

/// Quantiles of normal distributions.
final class Normals {
    private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);

    private Normals() {}

    /// @param means      `[horizon]`
    /// @param deviations `[horizon]`
    /// @return `[horizon][level]`
    static double[] quantiles(double[] means, double[] deviations, double[] levels) {
        double[] quantiles = new double[means.length * levels.length];
        for (int q = 0; q < levels.length; q++) {
            double z = STANDARD.inverseCumulativeProbability(levels[q]);
            for (int h = 0; h < means.length; h++) {
                quantiles[h * levels.length + q] = means[h] + z * deviations[h];
            }
        }
        return quantiles;
    }
}
