package io.gatecast.network.layer;

import org.jspecify.annotations.Nullable;

/// What a layer's pass over a sequence keeps for the way back. Made once for a shape and used again.
public final class LayerTape {
    final Tape forward;
    final @Nullable Tape reverse;
    private final boolean residual;
    private final @Nullable Dropout dropout;
    private final int positions;
    private final int outputs;
    /// `[rows][outputs]`; null where nothing but the hidden states of one recurrence comes out
    private final float @Nullable [] joined;

    /// @param positions that the hidden states of both directions are joined at, 1 but for a grid
    LayerTape(Tape forward, @Nullable Tape reverse, int positions, boolean residual, boolean drops) {
        int rows = forward.steps * forward.batch;
        this.forward = forward;
        this.reverse = reverse;
        this.positions = positions;
        this.residual = residual;
        this.outputs = forward.sizes.units() * (reverse == null ? 1 : 2);
        this.dropout = drops ? new Dropout(rows * outputs) : null;
        this.joined = reverse != null || residual || drops ? new float[rows * outputs] : null;
    }

    /// @return what is left out of the layer's outputs; null where it was made without
    public @Nullable Dropout dropout() {
        return dropout;
    }

    /// @return the recurrence from the first step to the last
    public Tape forward() {
        return forward;
    }

    /// @return the recurrence from the last step to the first; null where there is none
    public @Nullable Tape reverse() {
        return reverse;
    }

    /// Puts together what comes out.
    ///
    /// @param x `[rows][X]`, what went in
    /// @return `[rows][outputs]`
    Rows outputs(Rows x) {
        if (joined == null) {
            return forward.after();
        }
        join(forward, 0, joined);
        if (reverse != null) {
            join(reverse, 1, joined);
        }
        drop(joined);
        Rows outcome = new Rows(joined, 0, outputs);
        if (residual) {
            add(x, outcome);
        }
        return outcome;
    }

    /// The gradient by what comes out becomes that by the hidden states.
    void drop(float[] numbers) {
        if (dropout != null) {
            dropout.apply(numbers);
        }
    }

    /// Puts the hidden states of one direction in their place: side by side at each position, so that a layer above sees
    /// positions as this one does.
    private void join(Tape from, int direction, float[] to) {
        Rows h = from.after();
        int width = from.sizes.units() / positions, both = outputs / positions;
        for (int n = 0; n < forward.steps * forward.batch; n++) {
            for (int p = 0; p < positions; p++) {
                System.arraycopy(h.values(), h.offset() + n * h.stride() + p * width, to,
                        n * outputs + p * both + direction * width, width);
            }
        }
    }

    /// Takes out of the gradient by what came out that by the hidden states of one direction.
    ///
    /// @return `[rows][H]`
    Rows hidden(float[] dy, int direction) {
        if (reverse == null) {
            return new Rows(dy, 0, outputs);
        }
        int units = forward.sizes.units(), width = units / positions, both = outputs / positions;
        float[] dh = new float[dy.length / 2];
        for (int n = 0; n < forward.steps * forward.batch; n++) {
            for (int p = 0; p < positions; p++) {
                System.arraycopy(dy, n * outputs + p * both + direction * width, dh, n * units + p * width, width);
            }
        }
        return new Rows(dh, 0, units);
    }

    /// `to += from`, where a residual layer lets its inputs pass it by.
    void add(Rows from, Rows to) {
        for (int n = 0; n < forward.steps * forward.batch; n++) {
            int a = from.offset() + n * from.stride(), b = to.offset() + n * to.stride();
            for (int j = 0; j < outputs; j++) {
                to.values()[b + j] += from.values()[a + j];
            }
        }
    }
}
