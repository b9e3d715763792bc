package io.gatecast.network.optimise;

import io.gatecast.network.tensor.Parameters;
import java.util.List;

/// Adam: Kingma & Ba (2015), arXiv:1412.6980, with the weights' decay apart from the gradient: Loshchilov & Hutter (2019),
/// arXiv:1711.05101. Biases, the tensors of one row, do not decay.
///
///     θ = θ - α λ θ                     weights alone
///     m = β1 m + (1 - β1) g
///     v = β2 v + (1 - β2) g²
///     θ = θ - α m̂ / (√v̂ + ε),   m̂ = m / (1 - β1^t),  v̂ = v / (1 - β2^t)
public final class Adam {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final float[] first;
    private final float[] second;
    private long updates;
    private double power1 = 1;
    private double power2 = 1;

    private final double decay;

    /// Without decay.
    public Adam(int size) {
        this(size, 0);
    }

    /// @param decay λ, 0 = none
    public Adam(int size, double decay) {
        this.first = new float[size];
        this.second = new float[size];
        this.decay = decay;
    }

    /// What it remembers.
    ///
    /// @param first   m
    /// @param second  v
    /// @param updates t
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Moments(float[] first, float[] second, long updates) {}

    /// @return a copy
    public Moments moments() {
        return new Moments(first.clone(), second.clone(), updates);
    }

    /// Goes on from what another one remembered.
    public void recall(Moments moments) {
        System.arraycopy(moments.first, 0, first, 0, first.length);
        System.arraycopy(moments.second, 0, second, 0, second.length);
        updates = moments.updates;
        power1 = 1;
        power2 = 1;
        for (long t = 0; t < updates; t++) {
            power1 *= BETA1;
            power2 *= BETA2;
        }
    }

    /// Moves the parameters against the gradient.
    ///
    /// @param rate α, the step size
    public void update(Parameters parameters, Parameters gradient, double rate) {
        updates++;
        power1 *= BETA1;
        power2 *= BETA2;
        float step = (float) (rate * Math.sqrt(1 - power2) / (1 - power1));
        float epsilon = (float) (EPSILON * Math.sqrt(1 - power2));
        decay(parameters, (float) (1 - rate * decay));
        float[] values = parameters.values;
        float[] g = gradient.values;
        for (int i = 0; i < values.length; i++) {
            first[i] = Math.fma(BETA1, first[i], (1 - BETA1) * g[i]);
            second[i] = Math.fma(BETA2, second[i], (1 - BETA2) * g[i] * g[i]);
            values[i] -= step * first[i] / ((float) Math.sqrt(second[i]) + epsilon);
        }
    }

    private static void decay(Parameters parameters, float factor) {
        for (Parameters.Tensor tensor : factor == 1 ? List.<Parameters.Tensor>of() : parameters.tensors()) {
            for (int i = tensor.offset(); tensor.rows() > 1 && i < tensor.offset() + tensor.size(); i++) {
                parameters.values[i] *= factor;
            }
        }
    }
}
