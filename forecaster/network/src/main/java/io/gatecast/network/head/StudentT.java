package io.gatecast.network.head;

import static io.gatecast.network.kernel.Activations.squareplus;
import static io.gatecast.network.kernel.Activations.squareplusSlope;

import java.util.List;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.GammaRatio;
import org.jspecify.annotations.Nullable;

/// A Student-t distribution at each step of the horizon, for series with outliers: the likelihood that DeepAR's
/// successors take by default, see [Gaussian]. Three raw numbers a step ahead:
///
///     μ = centre + raw_0
///     σ = squareplus(raw_1) + LEAST_SCALE
///     ν = squareplus(raw_2) + 2             degrees of freedom, so that there is a variance
///     quantile_τ = μ + σ t_ν⁻¹(τ)
///
/// Loss: the negative logarithm of the density, with z = (target - μ) / σ
///
///     ln σ + ½ ln(νπ) + ln Γ(ν/2) - ln Γ((ν+1)/2) + (ν+1)/2 ln(1 + z²/ν)
final class StudentT implements Distribution {
    static final float LEAST_FREEDOM = 2;
    private static final float FIRST_FREEDOM = 4; // squareplus(4) = 4.2

    private final List<Double> levels;
    /// Made when first asked for: training, which makes a head for every update, never does.
    private volatile @Nullable StudentQuantiles factors;

    StudentT(List<Double> levels) {
        this.levels = levels;
    }

    /// Makes the table now, which takes a moment.
    void prepare() {
        factors();
    }

    private StudentQuantiles factors() {
        StudentQuantiles found = factors;
        if (found == null) {
            found = new StudentQuantiles(levels); // two threads may both make it: it is the same
            factors = found;
        }
        return found;
    }

    @Override
    public int parameters() {
        return 3;
    }

    @Override
    public float start(int parameter) {
        return switch (parameter) {
            case 0 -> 0;
            case 1 -> Gaussian.FIRST_SCALE;
            default -> FIRST_FREEDOM;
        };
    }

    @Override
    public int location() {
        return 0;
    }

    @Override
    public void quantiles(int horizon, float[] raw, int at, float[] centre, float[] quantiles, int to) {
        StudentQuantiles table = factors();
        for (int h = 0; h < horizon; h++) {
            float scale = squareplus(raw[at + horizon + h]) + Gaussian.LEAST_SCALE;
            float freedom = squareplus(raw[at + 2 * horizon + h]) + LEAST_FREEDOM;
            float location = centre[h] + raw[at + h];
            for (int q = 0; q < table.levels(); q++) {
                quantiles[to + q * horizon + h] = Math.fma(scale, table.at(q, freedom), location);
            }
        }
    }

    @Override
    public double loss(int horizon, float[] raw, int at, float[] centre, float[] targets, float[] weights, int from,
            float[] delta, float[] scratch) {
        double loss = 0;
        for (int h = 0; h < horizon; h++) {
            int location = at + h, scale = at + horizon + h, freedom = at + 2 * horizon + h;
            double error = (double) targets[from + h] - centre[h] - raw[location];
            if (Double.isNaN(error)) {
                raw[location] = raw[scale] = raw[freedom] = delta[h] = 0;
            } else {
                double sigma = squareplus(raw[scale]) + Gaussian.LEAST_SCALE;
                double nu = squareplus(raw[freedom]) + LEAST_FREEDOM;
                double z = error / sigma, far = StrictMath.log1p(z * z / nu);
                double pull = (nu + 1) / (nu + z * z); // how much an error of this size still counts
                float weight = weights[from + h];
                loss += weight * (StrictMath.log(sigma) + logNormaliser(nu) + (nu + 1) / 2 * far);
                delta[h] = raw[location] = (float) (-weight * pull * z / sigma);
                raw[scale] = (float) (weight * (1 - pull * z * z) / sigma * squareplusSlope(raw[scale]));
                raw[freedom] = (float) (weight * freedomSlope(nu, z, far, pull) * squareplusSlope(raw[freedom]));
            }
        }
        return loss;
    }

    /// ½ ln(νπ) + ln Γ(ν/2) - ln Γ((ν+1)/2). By the ratio: two logarithms of Γ would cancel each other's digits where ν is
    /// large.
    private static double logNormaliser(double nu) {
        return StrictMath.log(StrictMath.sqrt(nu * Math.PI) * GammaRatio.delta(nu / 2, 0.5));
    }

    /// The loss's derivative by ν.
    private static double freedomSlope(double nu, double z, double far, double pull) {
        return 0.5 * (1 / nu + Digamma.value(nu / 2) - Digamma.value((nu + 1) / 2) + far - pull * z * z / nu);
    }
}
