package io.gatecast.network.layer;

import io.gatecast.network.cell.Cell;
import java.util.Arrays;

/// What a forward pass keeps for the way back: every state and every gate. Made once for a shape and used again.
public final class Tape {
    final int steps;
    final int batch;
    final Cell.Sizes sizes;
    /// `[steps + 1][batch][S]`: entry t is the state before step t.
    final float[] states;
    /// `[steps][batch][G]`
    final float[] gates;
    /// `[batch][S]`
    final float[] delta;

    public Tape(int steps, int batch, Cell.Sizes sizes) {
        this.steps = steps;
        this.batch = batch;
        this.sizes = sizes;
        this.states = new float[Math.multiplyExact(Math.multiplyExact(steps + 1, batch), sizes.state())];
        this.gates = new float[Math.multiplyExact(Math.multiplyExact(steps, batch), sizes.gates())];
        this.delta = new float[batch * sizes.state()];
    }

    /// Sets the state before the first step to zero.
    public void start() {
        Arrays.fill(states, 0, batch * sizes.state(), 0);
    }

    /// The states: `[steps][batch][S]` after each step begin at [#firstOutput], h first in each row.
    public float[] states() {
        return states;
    }

    public int firstOutput() {
        return state(1);
    }

    int state(int step) {
        return step * batch * sizes.state();
    }

    int gate(int step) {
        return step * batch * sizes.gates();
    }

    void clearDelta() {
        Arrays.fill(delta, 0);
    }

    void addToDelta(float[] dh, int step) {
        int units = sizes.units();
        for (int n = 0; n < batch; n++) {
            int from = (step * batch + n) * units;
            int to = n * sizes.state();
            for (int j = 0; j < units; j++) {
                delta[to + j] += dh[from + j];
            }
        }
    }
}
