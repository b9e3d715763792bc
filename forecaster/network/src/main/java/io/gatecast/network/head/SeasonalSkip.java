package io.gatecast.network.head;

import static io.gatecast.network.kernel.Activations.sigmoid;

/// A blend of simple forecasts with learned weights, so that the network learns what differs from the season, not the
/// season. The weights of B bases come from B - 1 gates by breaking a stick: the first gate takes its share, the next
/// its share of the rest, the last base what is left.
///
///     blend_B = base_B
///     blend_b = g_b · base_b + (1 - g_b) · blend_{b+1},   g = σ(raw)
///
/// The skip of ES-RNN (Smyl 2020, doi:10.1016/j.ijforecast.2019.03.017) multiplies by one season found in advance; this
/// one adds, and the network weighs several seasons anew at each step and for each horizon.
final class SeasonalSkip {

    private SeasonalSkip() {}

    /// @param gates  `[B-1][horizon]`, raw; on return the gates
    /// @param bases  `[B][horizon]`
    /// @param blends `[B][horizon]`, on return every partial blend; the first is the result
    static void forward(int count, int horizon, float[] gates, int g, float[] bases, int b, float[] blends) {
        System.arraycopy(bases, b + (count - 1) * horizon, blends, (count - 1) * horizon, horizon);
        sigmoid(gates, g, g + (count - 1) * horizon);
        for (int k = count - 2; k >= 0; k--) {
            blend(horizon, gates, g + k * horizon, bases, b + k * horizon, blends, k * horizon);
        }
    }

    private static void blend(int horizon, float[] gates, int g, float[] bases, int b, float[] blends, int to) {
        int rest = to + horizon;
        for (int h = 0; h < horizon; h++) {
            blends[to + h] = Math.fma(gates[g + h], bases[b + h] - blends[rest + h], blends[rest + h]);
        }
    }

    /// @param gates as [#forward] left them; on return their gradient, before the sigmoid
    /// @param delta `[horizon]`, the loss's gradient by the blend; changed
    static void backward(int count, int horizon, float[] gates, int g, float[] bases, int b, float[] blends,
            float[] delta) {
        for (int k = 0; k < count - 1; k++) {
            int gate = g + k * horizon, base = b + k * horizon, rest = (k + 1) * horizon;
            for (int h = 0; h < horizon; h++) {
                float share = gates[gate + h];
                gates[gate + h] = delta[h] * (bases[base + h] - blends[rest + h]) * share * (1 - share);
                delta[h] *= 1 - share;
            }
        }
    }
}
