package io.gatecast.network.layer;

import io.gatecast.network.cell.Cell;
import io.gatecast.network.tensor.Parameters;
import org.jspecify.annotations.Nullable;

/// A cell over time, from the first step to the last or the other way round: the only place that walks it.
public final class Recurrence {
    private final Cell cell;
    private final Cell.Sizes sizes;
    private final boolean reverse;

    /// @param reverse whether the last step comes first, as in the second half of a bidirectional layer
    public Recurrence(Cell cell, boolean reverse) {
        this.cell = cell;
        this.sizes = cell.sizes();
        this.reverse = reverse;
    }

    public Cell.Sizes sizes() {
        return sizes;
    }

    /// Memory for sequences of that shape.
    public Tape tape(int steps, int batch) {
        return new Tape(steps, batch, reverse, sizes);
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
    /// @param x `[steps][batch][X]`
    public void forward(Rows x, Tape tape) {
        for (int i = 0; i < tape.steps; i++) {
            int t = reverse ? tape.steps - 1 - i : i;
            // A step's inputs just before its state, not all steps' at once: its gates are still in the cache.
            cell.project(tape.batch, x.values(), x.offset() + t * tape.batch * x.stride(), x.stride(), tape.gates,
                    tape.gate(t));
            cell.advance(tape.batch, tape.states, tape.before(t), tape.states, tape.after(t), tape.gates,
                    tape.gate(t));
        }
    }

    /// Backpropagation through time: Werbos (1990), doi:10.1109/5.58337. From the last step taken to the first, each adds
    /// what the loss says of its own hidden state to what later steps said of it. Truncated (Williams & Peng 1990,
    /// doi:10.1162/neco.1990.2.4.490), later steps are not heard across every `truncation`-th: the state is carried on
    /// there, the gradient is not.
    ///
    /// @param x          as in [#forward]
    /// @param dh         `[steps][batch][H]`, the loss's gradient by each hidden state
    /// @param dx         `[steps][batch][X]`, to which the gradient by the inputs is added; null where nobody asks
    /// @param truncation steps that the gradient goes back at most; the number of steps or more for all of them
    /// @param gradient   to which the gradient by the weights is added; null where nobody asks
    public void backward(Rows x, Rows dh, @Nullable Rows dx, int truncation, Tape tape,
            @Nullable Parameters gradient) {
        tape.clearDelta();
        for (int i = tape.steps - 1; i >= 0; i--) {
            int t = reverse ? tape.steps - 1 - i : i;
            if ((i + 1) % truncation == 0) {
                tape.clearDelta();
            }
            tape.addToDelta(dh, t);
            cell.back(tape.batch, tape.states, tape.before(t), tape.states, tape.after(t), tape.gates, tape.gate(t),
                    tape.delta);
        }
        int rows = tape.steps * tape.batch;
        if (gradient != null) {
            cell.addGradient(rows, x.values(), x.offset(), x.stride(), tape.states, tape.before().offset(), tape.gates,
                    0, gradient);
        }
        if (dx != null) {
            cell.backToInputs(rows, tape.gates, 0, dx.values(), dx.offset(), dx.stride());
        }
    }
}
