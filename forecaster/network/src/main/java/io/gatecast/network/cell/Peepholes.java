package io.gatecast.network.cell;

import io.gatecast.network.kernel.Gates;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;

/// Weights from each unit's cell state to its own gates, `[3][units]`: a diagonal each for the input, the forget and the
/// output gate.
final class Peepholes {
    static final int INPUT = 0;
    static final int FORGET = 1;
    static final int OUTPUT = 2;

    private final Tensor tensor;
    private final float[] values;

    /// Later changes of the parameters are not seen.
    Peepholes(Parameters parameters, String name) {
        this.tensor = parameters.tensor(name);
        this.values = Arrays.copyOfRange(parameters.values, tensor.offset(), tensor.offset() + tensor.size());
    }

    /// `gate += p∘c`
    ///
    /// @param first where the units begin in a diagonal
    void look(int diagonal, int first, float[] cells, int c, float[] gates, int gate, int units) {
        int p = diagonal * tensor.columns() + first;
        Gates.addProduct(units, values, p, cells, c, gates, gate);
    }

    /// `δc += δgate∘p`
    void lookBack(int diagonal, int first, float[] gates, int gate, float[] delta, int dc, int units) {
        int p = diagonal * tensor.columns() + first;
        Gates.addProduct(units, values, p, gates, gate, delta, dc);
    }

    /// `dpi += δi∘c`, `dpf += δf∘c`, `dpo += δo∘c'`, for one row.
    ///
    /// @param i where the row's gates begin: gradients by i, f, g, o, then c' itself
    void addGradient(int first, float[] gates, int i, float[] from, int c, int units, Parameters gradient) {
        int f = i + units, o = f + 2 * units;
        add(INPUT, first, gates, i, from, c, units, gradient.values);
        add(FORGET, first, gates, f, from, c, units, gradient.values);
        add(OUTPUT, first, gates, o, gates, o + units, units, gradient.values);
    }

    private void add(int diagonal, int first, float[] gates, int gate, float[] cells, int c, int units,
            float[] gradient) {
        int p = tensor.offset() + diagonal * tensor.columns() + first;
        Gates.addProduct(units, gates, gate, cells, c, gradient, p);
    }
}
