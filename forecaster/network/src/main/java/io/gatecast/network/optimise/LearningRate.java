package io.gatecast.network.optimise;

/// How long a step is, by how much of the training is done: a short linear warm-up, then half a cosine down to a
/// twentieth. Loshchilov & Hutter (2017), arXiv:1608.03983.
///
/// @param peak   the longest step
/// @param warmUp share of the training over which it is reached
public record LearningRate(double peak, double warmUp) {
    private static final double FLOOR = 0.05;

    /// @param done share of the training, 0 to 1
    public double at(double done) {
        if (done < warmUp) {
            return peak * Math.max(FLOOR, done / warmUp);
        }
        double share = Math.min(1, (done - warmUp) / (1 - warmUp));
        return peak * (FLOOR + (1 - FLOOR) * (1 + Math.cos(Math.PI * share)) / 2);
    }
}
