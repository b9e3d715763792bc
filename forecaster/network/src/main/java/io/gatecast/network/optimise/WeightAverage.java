package io.gatecast.network.optimise;

import io.gatecast.network.tensor.Parameters;

/// A moving average of the weights along their way: Polyak & Juditsky (1992), doi:10.1137/0330046, with exponentially
/// fading memory and freed from the zeros it begins with as in Kingma & Ba (2015), arXiv:1412.6980, section 7.2:
///
///     a = β a + (1 - β) θ
///     θ̄ = a / (1 - β^t)
///
/// after t updates. It remembers about 1 / (1 - β) of them.
public final class WeightAverage {
    private final float memory;
    private final float[] sum;
    private double power = 1;

    /// @param memory β, at least 0 and below 1
    public WeightAverage(int size, double memory) {
        if (!(memory >= 0 && memory < 1)) {
            throw new IllegalArgumentException(
                    "average of the weights: expected a memory from 0 to below 1, found " + memory);
        }
        this.memory = (float) memory;
        this.sum = new float[size];
    }

    /// @return a, a copy
    public float[] sum() {
        return sum.clone();
    }

    /// Goes on from what another one remembered.
    ///
    /// @param sum     its a
    /// @param updates t
    public void recall(float[] sum, long updates) {
        System.arraycopy(sum, 0, this.sum, 0, sum.length);
        power = 1;
        for (long t = 0; t < updates; t++) {
            power *= memory;
        }
    }

    /// Takes the weights in that an update gave.
    public void take(Parameters parameters) {
        power *= memory;
        for (int i = 0; i < sum.length; i++) {
            sum[i] = Math.fma(memory, sum[i], (1 - memory) * parameters.values[i]);
        }
    }

    /// @param parameters of the layout that is averaged
    /// @return the average, which shares nothing with them; the parameters themselves before the first update
    public Parameters of(Parameters parameters) {
        Parameters average = parameters.copy();
        for (int i = 0; i < sum.length && power < 1; i++) {
            average.values[i] = (float) (sum[i] / (1 - power));
        }
        return average;
    }
}
