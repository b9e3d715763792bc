package io.gatecast.network.cell;

import static io.gatecast.network.kernel.Activations.sigmoid;
import static io.gatecast.network.kernel.Activations.tanh;

import io.gatecast.network.kernel.Gates;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Bias;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Weights;
import java.util.SplittableRandom;

/// Long short-term memory whose gates see the cell: Gers & Schmidhuber (2000), "Recurrent nets that time and count",
/// doi:10.1109/IJCNN.2000.861302; Gers, Schraudolph & Schmidhuber (2002). One step, for X inputs and H units:
///
///     i  = σ(x Wi + h Ui + pi∘c + bi)       input gate
///     f  = σ(x Wf + h Uf + pf∘c + bf)       forget gate
///     g  = tanh(x Wg + h Ug + bg)           candidate, which has no peephole
///     c' = f∘c + i∘g                        cell state
///     o  = σ(x Wo + h Uo + po∘c' + bo)      output gate, which sees the new cell state
///     h' = o∘tanh(c')                       hidden state
///
/// W, U, b as in [LstmCell]; P is `[3][H]`, its rows pi, pf, po. A row of state is h, then c; a row of gates i, f, g, o,
/// c', the last for the way back.
public final class PeepholeLstmCell implements Cell {
    private final Weights w;
    private final Weights u;
    private final Bias b;
    private final Peepholes p;
    private final Sizes sizes;

    /// Adds the tensors of a cell to a layout, their names behind `prefix`.
    public static void layOut(String prefix, int inputs, int units, Parameters.Layout layout) {
        LstmCell.layOut(prefix, inputs, units, layout);
        layout.add(prefix + ".P", 3, units);
    }

    /// Fresh weights: those of an LSTM, with peepholes that are shut.
    public static void initialise(String prefix, Parameters parameters, SplittableRandom random) {
        LstmCell.initialise(prefix, parameters, random);
    }

    /// @param parameters the network's; the weights are packed, so later changes are not seen
    public PeepholeLstmCell(String prefix, Parameters parameters, Kernels kernels) {
        this.w = new Weights(parameters, prefix + ".W", kernels);
        this.u = new Weights(parameters, prefix + ".U", kernels);
        this.b = new Bias(parameters, prefix + ".b", kernels);
        this.p = new Peepholes(parameters, prefix + ".P");
        this.sizes = new Sizes(w.rows(), u.rows(), 2 * u.rows(), 5 * u.rows());
    }

    @Override
    public Sizes sizes() {
        return sizes;
    }

    @Override
    public void project(int rows, float[] x, int xOffset, int xStride, float[] gates, int gatesOffset) {
        b.fill(rows, gates, gatesOffset, sizes.gates());
        w.addProduct(rows, x, xOffset, xStride, gates, gatesOffset, sizes.gates());
    }

    @Override
    public void advance(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates,
            int gatesOffset) {
        u.addProduct(batch, from, fromOffset, sizes.state(), gates, gatesOffset, sizes.gates());
        int units = sizes.units();
        for (int n = 0; n < batch; n++) {
            int h = toOffset + n * sizes.state();
            passGates(p, 0, gates, gatesOffset + n * sizes.gates(), from, fromOffset + n * sizes.state() + units, to, h,
                    h + units, units);
        }
    }

    /// One row's gates and state, a range at a time.
    ///
    /// @param first where the row's units begin in the peepholes
    /// @param i     where its gates begin in `gates`
    /// @param c     where its cell state is in `from`
    /// @param hNext where its hidden state goes in `to`
    /// @param cNext where its cell state goes in `to`
    static void passGates(Peepholes p, int first, float[] gates, int i, float[] from, int c, float[] to, int hNext,
            int cNext, int units) {
        int f = i + units, g = f + units, o = g + units, kept = o + units;
        p.look(Peepholes.INPUT, first, from, c, gates, i, units);
        p.look(Peepholes.FORGET, first, from, c, gates, f, units);
        sigmoid(gates, i, g); // i and f are neighbours
        tanh(gates, g, o);
        Gates.carry(units, gates, i, from, c, to, cNext);
        p.look(Peepholes.OUTPUT, first, to, cNext, gates, o, units);
        sigmoid(gates, o, kept);
        System.arraycopy(to, cNext, gates, kept, units);
        System.arraycopy(to, cNext, to, hNext, units);
        tanh(to, hNext, hNext + units);
        Gates.multiply(units, gates, o, to, hNext);
    }

    @Override
    public void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta) {
        int units = sizes.units();
        float[] shown = new float[units];
        for (int n = 0; n < batch; n++) {
            int dh = n * sizes.state();
            backThroughGates(p, 0, gates, gatesOffset + n * sizes.gates(), from, fromOffset + dh + units, shown, delta,
                    dh, dh + units);
        }
        u.addProductBack(batch, gates, gatesOffset, sizes.gates(), delta, 0, sizes.state());
    }

    /// As in [Gates], and what the peepholes add:
    ///
    ///     δo   = δh'∘tanh(c')∘o(1 - o)
    ///     δc' += δh'∘o∘(1 - tanh²(c')) + δo∘po
    ///     δc   = δc'∘f + δi∘pi + δf∘pf
    ///
    /// @param shown scratch, `[H]`
    /// @param dh    where the gradient by the hidden state is in `delta`
    /// @param dc    where that by the cell state is
    static void backThroughGates(Peepholes p, int first, float[] gates, int i, float[] from, int c, float[] shown,
            float[] delta, int dh, int dc) {
        int units = shown.length;
        int f = i + units, o = f + 2 * units;
        LstmCell.show(gates, o + units, shown);
        Gates.backThroughOutput(units, gates, o, shown, delta, dh, dc);
        p.lookBack(Peepholes.OUTPUT, first, gates, o, delta, dc, units);
        Gates.backThroughCarry(units, gates, i, from, c, delta, dc);
        p.lookBack(Peepholes.INPUT, first, gates, i, delta, dc, units);
        p.lookBack(Peepholes.FORGET, first, gates, f, delta, dc, units);
    }

    @Override
    public void backToInputs(int rows, float[] gates, int gatesOffset, float[] dx, int dxOffset, int dxStride) {
        w.addProductBack(rows, gates, gatesOffset, sizes.gates(), dx, dxOffset, dxStride);
    }

    @Override
    public void addGradient(int rows, float[] x, int xOffset, int xStride, float[] from, int fromOffset, float[] gates,
            int gatesOffset, Parameters gradient) {
        w.addGradient(rows, x, xOffset, xStride, gates, gatesOffset, sizes.gates(), gradient);
        u.addGradient(rows, from, fromOffset, sizes.state(), gates, gatesOffset, sizes.gates(), gradient);
        b.addGradient(rows, gates, gatesOffset, sizes.gates(), gradient);
        int units = sizes.units();
        for (int n = 0; n < rows; n++) {
            p.addGradient(0, gates, gatesOffset + n * sizes.gates(), from, fromOffset + n * sizes.state() + units,
                    units,
                    gradient);
        }
    }
}
