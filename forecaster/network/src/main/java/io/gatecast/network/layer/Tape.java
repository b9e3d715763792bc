package io.gatecast.network.layer;

import io.gatecast.network.cell.Cell;
import io.gatecast.network.kernel.Gates;
import java.util.Arrays;

/// What a cell's pass over a sequence keeps for the way back: every state and every gate. Made once for a shape and used
/// again.
public final class Tape {
    final int steps;
    final int batch;
    final boolean reverse;
    final Cell.Sizes sizes;
    /// `[steps + 1][batch][S]`: entries t and t + 1 are the states on either side of step t.
    final float[] states;
    /// `[steps][batch][G]`
    final float[] gates;
    /// `[batch][S]`
    final float[] delta;

    /// @param reverse whether the last step comes first
    public Tape(int steps, int batch, boolean reverse, Cell.Sizes sizes) {
        this.steps = steps;
        this.batch = batch;
        this.reverse = reverse;
        this.sizes = sizes;
        this.states = new float[Math.multiplyExact(Math.multiplyExact(steps + 1, batch), sizes.state())];
        this.gates = new float[Math.multiplyExact(Math.multiplyExact(steps, batch), sizes.gates())];
        this.delta = new float[batch * sizes.state()];
    }

    /// Sets the state before the first step taken to zero.
    public void start() {
        int from = reverse ? before(steps - 1) : before(0);
        Arrays.fill(states, from, from + batch * sizes.state(), 0);
    }

    /// @return `[steps][batch][S]`, the states after each step, h first in each row
    public Rows after() {
        return new Rows(states, after(0), sizes.state());
    }

    /// @return `[steps][batch][S]`, the states before each step
    Rows before() {
        return new Rows(states, before(0), sizes.state());
    }

    int before(int step) {
        return (reverse ? step + 1 : step) * batch * sizes.state();
    }

    int after(int step) {
        return (reverse ? step : step + 1) * batch * sizes.state();
    }

    int gate(int step) {
        return step * batch * sizes.gates();
    }

    void clearDelta() {
        Arrays.fill(delta, 0);
    }

    /// @param dh `[steps][batch][H]`, of which the rows of one step are added
    void addToDelta(Rows dh, int step) {
        int units = sizes.units();
        for (int n = 0; n < batch; n++) {
            Gates.add(units, dh.values(), dh.offset() + (step * batch + n) * dh.stride(), delta, n * sizes.state());
        }
    }
}
