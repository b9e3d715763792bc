package io.gatecast.network.optimise;

import io.gatecast.network.tensor.Parameters;

/// Clips a gradient by its norm: Pascanu, Mikolov & Bengio (2013), arXiv:1211.5063. Its direction stays; a cliff in the
/// loss cannot throw the weights away.
public final class GradientClip {

    private GradientClip() {}

    /// Scales the gradient down to a Euclidean norm of at most `limit`.
    ///
    /// @return the norm it had; not finite if a number in it is not, and then nothing was changed
    public static double clip(Parameters gradient, double limit) {
        double square = 0;
        for (float v : gradient.values) {
            square += (double) v * v;
        }
        double norm = Math.sqrt(square);
        if (Double.isFinite(norm) && norm > limit) {
            float factor = (float) (limit / norm);
            for (int i = 0; i < gradient.values.length; i++) {
                gradient.values[i] *= factor;
            }
        }
        return norm;
    }
}
