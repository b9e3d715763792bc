package io.gatecast.network.kernel;

/// The pinball loss ρ_τ(e) = max(τe, (τ - 1)e) of e = target - quantile (Koenker & Bassett 1978, doi:10.2307/1913643), a range
/// at a time. By SIMD where there is any, see [VectorPinball], with the same bits.
public final class Pinball {

    private Pinball() {}

    /// Replaces forecasts of one level by the gradient of their weighted loss.
    ///
    /// @param level     τ
    /// @param targets   `[count]` from `from`; NaN = missing, counts for nothing
    /// @param weights   `[count]` from the same offset
    /// @param quantiles `[count]` from `at`; on return the gradient by them
    /// @param losses    scratch, `[count]` at least
    /// @return the summed loss
    public static double replaceByGradient(float level, int count, float[] targets, float[] weights, int from,
            float[] quantiles, int at, float[] losses) {
        float under = level, over = level - 1;
        int h = Simd.VECTORS
                ? VectorPinball.lead(under, over, count, targets, weights, from, quantiles, at, losses)
                : 0;
        for (; h < count; h++) {
            float error = targets[from + h] - quantiles[at + h];
            boolean known = !Float.isNaN(error);
            float slope = weights[from + h] * (error > 0 ? under : over);
            losses[h] = known ? slope * error : 0;
            quantiles[at + h] = known ? -slope : 0;
        }
        double sum = 0;
        for (h = 0; h < count; h++) {
            sum += losses[h];
        }
        return sum;
    }
}
