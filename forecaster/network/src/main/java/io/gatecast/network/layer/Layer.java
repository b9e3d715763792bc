package io.gatecast.network.layer;

import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.cell.Cells;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A layer of a network: a recurrence, a second one from the end where it is bidirectional, and what was put in added
/// to what comes out where it is residual.
public final class Layer {
    private final Recurrence forward;
    private final @Nullable Recurrence reverse;
    private final int positions;
    private final boolean residual;

    /// @param prefix of the names of its tensors
    public Layer(String prefix, RecurrentLayer shape, Parameters parameters, Kernels kernels) {
        this.forward = new Recurrence(Cells.cell(prefix, shape, parameters, kernels), false);
        this.reverse = shape.bidirectional()
                ? new Recurrence(Cells.cell(reverse(prefix), shape, parameters, kernels), true)
                : null;
        this.positions = shape.grid() == null ? 1 : shape.grid().positions();
        this.residual = shape.residual();
    }

    private static String reverse(String prefix) {
        return prefix + ".reverse";
    }

    /// Adds the tensors of a layer to a layout.
    public static void layOut(String prefix, int inputs, RecurrentLayer shape, Parameters.Layout layout) {
        Cells.layOut(prefix, inputs, shape, layout);
        if (shape.bidirectional()) {
            Cells.layOut(reverse(prefix), inputs, shape, layout);
        }
    }

    /// Fresh weights.
    public static void initialise(String prefix, RecurrentLayer shape, Parameters parameters,
            SplittableRandom random) {
        Cells.initialise(prefix, shape, parameters, random);
        if (shape.bidirectional()) {
            Cells.initialise(reverse(prefix), shape, parameters, random);
        }
    }

    /// @return the one from the first step to the last
    public Recurrence forward() {
        return forward;
    }

    /// @return the one from the last step to the first; null where there is none
    public @Nullable Recurrence reverse() {
        return reverse;
    }

    public boolean residual() {
        return residual;
    }

    public int inputs() {
        return forward.sizes().inputs();
    }

    public int outputs() {
        return forward.sizes().units() + (reverse == null ? 0 : reverse.sizes().units());
    }

    /// Memory for sequences of that shape.
    ///
    /// @param drops whether [LayerTape#dropout] is to be there
    public LayerTape tape(int steps, int batch, boolean drops) {
        return new LayerTape(forward.tape(steps, batch), reverse == null ? null : reverse.tape(steps, batch),
                positions, residual, drops);
    }

    /// Whole sequences from the beginning, or from the end, where the state is zero.
    ///
    /// @param x `[steps][batch][X]`
    /// @return `[steps][batch][outputs]`, within the tape's memory
    public Rows forward(Rows x, LayerTape tape) {
        tape.forward.start();
        forward.forward(x, tape.forward);
        if (reverse != null && tape.reverse != null) {
            tape.reverse.start();
            reverse.forward(x, tape.reverse);
        }
        return tape.outputs(x);
    }

    /// @param x          as in [#forward]
    /// @param dy         `[steps][batch][outputs]`, the loss's gradient by what came out; changed
    /// @param dx         `[steps][batch][X]`, to which the gradient by the inputs is added; null where nobody asks
    /// @param truncation as in [Recurrence#backward]
    /// @param gradient   to which the gradient by the weights is added; null where nobody asks
    public void backward(Rows x, float[] dy, @Nullable Rows dx, int truncation, LayerTape tape,
            @Nullable Parameters gradient) {
        if (residual && dx != null) {
            tape.add(new Rows(dy, 0, outputs()), dx);
        }
        tape.drop(dy);
        forward.backward(x, tape.hidden(dy, 0), dx, truncation, tape.forward, gradient);
        if (reverse != null && tape.reverse != null) {
            reverse.backward(x, tape.hidden(dy, 1), dx, truncation, tape.reverse, gradient);
        }
    }
}
