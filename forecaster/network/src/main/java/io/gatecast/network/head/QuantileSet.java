package io.gatecast.network.head;

import static io.gatecast.network.kernel.Activations.squareplus;
import static io.gatecast.network.kernel.Activations.squareplusSlope;

import io.gatecast.network.kernel.Gates;
import io.gatecast.network.kernel.Pinball;
import java.util.List;

/// Quantiles of every step of the horizon at once, which cannot cross: Wen et al. (2017), "A multi-horizon quantile
/// recurrent forecaster", arXiv:1711.11053. One raw number for each level:
///
///     median         = centre + raw_m
///     next one above = the one below it + squareplus(raw)     so that they keep their order
///     next one below = the one above it - squareplus(raw)
///
/// Loss: pinball, ρ_τ(e) = max(τe, (τ - 1)e) of e = target - quantile (Koenker & Bassett 1978). With the median alone it
/// is half the absolute error.
final class QuantileSet implements Distribution {
    private static final float FIRST_INCREMENT = -3; // squareplus(-3) = 0.3 scales between neighbouring quantiles

    private final float[] levels;
    private final int median;

    QuantileSet(List<Double> levels, int median) {
        this.levels = Distribution.floats(levels);
        this.median = median;
    }

    @Override
    public int parameters() {
        return levels.length;
    }

    @Override
    public float start(int parameter) {
        return parameter == median ? 0 : FIRST_INCREMENT;
    }

    @Override
    public int location() {
        return median;
    }

    @Override
    public void quantiles(int horizon, float[] raw, int at, float[] centre, float[] quantiles, int to) {
        int m = median;
        for (int h = 0; h < horizon; h++) {
            quantiles[to + m * horizon + h] = centre[h] + raw[at + m * horizon + h];
        }
        for (int q = m + 1; q < levels.length; q++) {
            above(horizon, raw, at + q * horizon, quantiles, to + q * horizon);
        }
        for (int q = m - 1; q >= 0; q--) {
            below(horizon, raw, at + q * horizon, quantiles, to + q * horizon);
        }
    }

    private static void above(int horizon, float[] raw, int from, float[] quantiles, int to) {
        System.arraycopy(raw, from, quantiles, to, horizon);
        squareplus(quantiles, to, to + horizon);
        for (int h = 0; h < horizon; h++) {
            quantiles[to + h] += quantiles[to - horizon + h];
        }
    }

    private static void below(int horizon, float[] raw, int from, float[] quantiles, int to) {
        System.arraycopy(raw, from, quantiles, to, horizon);
        squareplus(quantiles, to, to + horizon);
        for (int h = 0; h < horizon; h++) {
            quantiles[to + h] = quantiles[to + horizon + h] - quantiles[to + h];
        }
    }

    @Override
    public double loss(int horizon, float[] raw, int at, float[] centre, float[] targets, float[] weights, int from,
            float[] delta, float[] scratch) {
        quantiles(horizon, raw, at, centre, scratch, 0);
        double loss = 0;
        for (int q = 0; q < levels.length; q++) {
            loss += Pinball.replaceByGradient(levels[q], horizon, targets, weights, from, scratch, q * horizon, delta);
        }
        backward(horizon, raw, at, scratch);
        System.arraycopy(scratch, median * horizon, delta, 0, horizon);
        return loss;
    }

    /// A quantile stands on all those between it and the median, so each increment answers for all beyond it.
    ///
    /// @param d `[Q][horizon]`, the gradient by the quantiles; on return, at the median, that by all of them together
    private void backward(int horizon, float[] raw, int at, float[] d) {
        int m = median;
        for (int q = levels.length - 1; q > m; q--) {
            backThroughIncrement(horizon, 1, raw, at + q * horizon, d, q * horizon, (q - 1) * horizon);
        }
        for (int q = 0; q < m; q++) {
            backThroughIncrement(horizon, -1, raw, at + q * horizon, d, q * horizon, (q + 1) * horizon);
        }
        System.arraycopy(d, m * horizon, raw, at + m * horizon, horizon);
    }

    private static void backThroughIncrement(int horizon, int sign, float[] raw, int at, float[] d, int from,
            int inner) {
        Gates.add(horizon, d, from, d, inner);
        squareplusSlope(raw, at, at + horizon);
        Gates.multiply(horizon, d, from, raw, at);
        if (sign < 0) {
            for (int h = at; h < at + horizon; h++) {
                raw[h] = -raw[h];
            }
        }
    }
}
