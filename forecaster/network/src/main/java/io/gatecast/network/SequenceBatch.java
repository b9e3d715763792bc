package io.gatecast.network;

/// Stretches of several series, side by side: what one gradient is taken of. Time is the slowest index, so that one step
/// of all series lies together. Made once for a shape and filled again.
public final class SequenceBatch {
    /// Steps in a stretch.
    public final int steps;
    /// The first of them, which warm the hidden state up and are not judged.
    public final int warmUp;
    /// Stretches, B.
    public final int batch;
    /// `[batch]`, from 1; 0 = unknown. What they are to the network it writes into the last of the inputs itself.
    public final int[] categories;
    /// `[steps][batch][inputs]`
    public final float[] inputs;
    /// `[steps - warmUp][batch][channel][base][horizon]`
    public final float[] bases;
    /// `[steps - warmUp][batch][channel][horizon]`; NaN = unknown
    public final float[] targets;
    /// `[steps - warmUp][batch][channel][horizon]`: what an error of one scale costs
    public final float[] weights;

    public SequenceBatch(Architecture architecture, int steps, int warmUp, int batch) {
        this.steps = steps;
        this.warmUp = warmUp;
        this.batch = batch;
        int judged = Math.multiplyExact(steps - warmUp, batch);
        int channels = architecture.head().channels();
        int horizon = architecture.head().horizon();
        this.categories = new int[batch];
        this.inputs = new float[Math.multiplyExact(Math.multiplyExact(steps, batch), architecture.inputs())];
        this.bases = new float[Math.multiplyExact(judged, channels * architecture.head().bases() * horizon)];
        this.targets = new float[Math.multiplyExact(judged, channels * horizon)];
        this.weights = new float[targets.length];
    }

    /// Rows that are judged.
    public int judged() {
        return (steps - warmUp) * batch;
    }
}
