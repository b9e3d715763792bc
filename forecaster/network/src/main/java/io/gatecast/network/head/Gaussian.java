package io.gatecast.network.head;

import static io.gatecast.network.kernel.Activations.squareplus;
import static io.gatecast.network.kernel.Activations.squareplusSlope;

import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// A normal distribution at each step of the horizon, as in DeepAR: Salinas et al. (2020),
/// doi:10.1016/j.ijforecast.2019.07.001. Two raw numbers a step ahead:
///
///     μ = centre + raw_0
///     σ = squareplus(raw_1) + LEAST_SCALE
///     quantile_τ = μ + σ Φ⁻¹(τ)
///
/// Loss: the negative logarithm of the density, ln σ + ½ ((target - μ) / σ)² + ½ ln 2π, in which an error counts for no
/// more than [#FARTHEST]: where a series has just begun or stood still, its scale says nothing yet, and one square of an
/// error in its units would outweigh everything else that is learned.
final class Gaussian implements Distribution {
    /// So that a series that stands still does not make the density infinite; in units of its scale.
    static final float LEAST_SCALE = 1e-3f;
    static final double FARTHEST = 100; // scales
    static final float FIRST_SCALE = -1; // squareplus(-1) = 0.6 scales
    private static final double HALF_LOG_TWO_PI = 0.5 * StrictMath.log(2 * StrictMath.PI);

    private final float[] factors;

    Gaussian(List<Double> levels) {
        NormalDistribution standard = NormalDistribution.of(0, 1);
        this.factors = new float[levels.size()];
        for (int q = 0; q < factors.length; q++) {
            factors[q] = (float) standard.inverseCumulativeProbability(levels.get(q));
        }
    }

    @Override
    public int parameters() {
        return 2;
    }

    @Override
    public float start(int parameter) {
        return parameter == 0 ? 0 : FIRST_SCALE;
    }

    @Override
    public int location() {
        return 0;
    }

    @Override
    public void quantiles(int horizon, float[] raw, int at, float[] centre, float[] quantiles, int to) {
        for (int q = 0; q < factors.length; q++) {
            float factor = factors[q];
            int row = to + q * horizon;
            for (int h = 0; h < horizon; h++) {
                float scale = squareplus(raw[at + horizon + h]) + LEAST_SCALE;
                quantiles[row + h] = Math.fma(scale, factor, centre[h] + raw[at + h]);
            }
        }
    }

    @Override
    public double loss(int horizon, float[] raw, int at, float[] centre, float[] targets, float[] weights, int from,
            float[] delta, float[] scratch) {
        double loss = 0;
        for (int h = 0; h < horizon; h++) {
            int location = at + h, scale = at + horizon + h;
            double miss = (double) targets[from + h] - centre[h] - raw[location];
            double error = Math.clamp(miss, -FARTHEST, FARTHEST);
            if (Double.isNaN(error)) {
                raw[location] = raw[scale] = delta[h] = 0;
            } else {
                double sigma = squareplus(raw[scale]) + LEAST_SCALE;
                double z = error / sigma;
                float weight = weights[from + h];
                loss += weight * (StrictMath.log(sigma) + 0.5 * z * z + HALF_LOG_TWO_PI);
                delta[h] = raw[location] = error == miss ? (float) (-weight * z / sigma) : 0;
                raw[scale] = (float) (weight * (1 - z * z) / sigma * squareplusSlope(raw[scale]));
            }
        }
        return loss;
    }
}
