package io.gatecast.network.head;

import java.util.List;

/// What stands behind the quantiles of one channel: from a few raw numbers a step ahead, around a centre that the blend
/// of simple forecasts gives. All in units of the series' scale. `raw` is `[parameters][horizon]` from an offset, the
/// centre and the targets are `[horizon]`, the quantiles `[Q][horizon]`.
sealed interface Distribution permits QuantileSet, Gaussian, StudentT {

    /// @return raw numbers for each step ahead
    int parameters();

    /// @return where the raw number starts, before anything is learned
    float start(int parameter);

    /// @return the raw number that is added to the centre to give the median
    int location();

    /// From raw numbers to quantiles; allocates nothing.
    void quantiles(int horizon, float[] raw, int at, float[] centre, float[] quantiles, int to);

    /// The loss over the horizon, and its gradient.
    ///
    /// @param raw     on return the loss's gradient by it
    /// @param targets NaN = missing, counts for nothing
    /// @param weights what an error of one scale costs, from the same place
    /// @param delta   `[horizon]`, on return the loss's gradient by the centre
    /// @param scratch `[Q][horizon]`
    double loss(int horizon, float[] raw, int at, float[] centre, float[] targets, float[] weights, int from,
            float[] delta, float[] scratch);

    static float[] floats(List<Double> levels) {
        float[] floats = new float[levels.size()];
        for (int q = 0; q < floats.length; q++) {
            floats[q] = levels.get(q).floatValue();
        }
        return floats;
    }
}
