package io.gatecast.network.layer;

import io.gatecast.network.cell.Cell;
import io.gatecast.network.tensor.Parameters;

/// A cell over time: the only place that walks it.
public final class Recurrence {
    private final Cell cell;
    private final Cell.Sizes sizes;

    public Recurrence(Cell cell) {
        this.cell = cell;
        this.sizes = cell.sizes();
    }

    public Cell.Sizes sizes() {
        return sizes;
    }

    /// One step of one series, its state in place: what serving does with each event.
    ///
    /// @param x     `[X]` from `xOffset`
    /// @param state `[S]` from `stateOffset`
    /// @param gates scratch, at least `[G]`
    public void step(float[] x, int xOffset, float[] state, int stateOffset, float[] gates) {
        cell.project(1, x, xOffset, sizes.inputs(), gates, 0);
        cell.advance(1, state, stateOffset, state, stateOffset, gates, 0);
    }

    /// Whole sequences, from the state that `tape` holds at its beginning.
    ///
    /// @param x `[steps][batch][X]`, rows `xStride` apart
    public void forward(float[] x, int xOffset, int xStride, Tape tape) {
        for (int t = 0; t < tape.steps; t++) {
            // A step's inputs just before its state, not all steps' at once: its gates are still in the cache.
            cell.project(tape.batch, x, xOffset + t * tape.batch * xStride, xStride, tape.gates, tape.gate(t));
            cell.advance(tape.batch, tape.states, tape.state(t), tape.states, tape.state(t + 1), tape.gates,
                    tape.gate(t));
        }
    }

    /// Backpropagation through time: Werbos (1990), doi:10.1109/5.58337. From the last step to the first, each adds what
    /// the loss says of its own hidden state to what later steps said of it.
    ///
    /// @param x        as in [#forward]
    /// @param dh       `[steps][batch][H]`, the loss's gradient by each hidden state
    /// @param dx       `[steps][batch][X]`, to which the gradient by the inputs is added; empty where nobody asks
    /// @param gradient to which the gradient by the weights is added
    public void backward(float[] x, int xOffset, int xStride, float[] dh, float[] dx, int dxOffset, int dxStride,
            Tape tape, Parameters gradient) {
        tape.clearDelta();
        for (int t = tape.steps - 1; t >= 0; t--) {
            tape.addToDelta(dh, t);
            cell.back(tape.batch, tape.states, tape.state(t), tape.states, tape.state(t + 1), tape.gates, tape.gate(t),
                    tape.delta);
        }
        int rows = tape.steps * tape.batch;
        cell.addGradient(rows, x, xOffset, xStride, tape.states, 0, tape.gates, 0, gradient);
        if (dx.length > 0) {
            cell.backToInputs(rows, tape.gates, 0, dx, dxOffset, dxStride);
        }
    }
}
