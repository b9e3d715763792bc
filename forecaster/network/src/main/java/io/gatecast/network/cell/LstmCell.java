package io.gatecast.network.cell;

import static io.gatecast.network.kernel.Activations.sigmoid;
import static io.gatecast.network.kernel.Activations.tanh;

import io.gatecast.network.kernel.Gates;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Bias;
import io.gatecast.network.tensor.Initialisation;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import io.gatecast.network.tensor.Weights;
import java.util.SplittableRandom;

/// Long short-term memory: Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, with the forget gate of
/// Gers, Schmidhuber & Cummins (2000), doi:10.1162/089976600300015015. One step, for X inputs and H units:
///
///     i  = σ(x Wi + h Ui + bi)       input gate: how much of the candidate enters
///     f  = σ(x Wf + h Uf + bf)       forget gate: how much of the cell stays
///     g  = tanh(x Wg + h Ug + bg)    candidate
///     o  = σ(x Wo + h Uo + bo)       output gate: how much of the cell shows
///     c' = f∘c + i∘g                 cell state, unbounded
///     h' = o∘tanh(c')                hidden state, within (-1, 1)
///
/// The gates' columns lie side by side in the order i, f, g, o: W is `[X][4H]`, U `[H][4H]`, b `[1][4H]`. A row of state
/// is h, then c. Inputs are standardised and carry no unit.
public final class LstmCell implements Cell {
    private final Weights w;
    private final Weights u;
    private final Bias b;
    private final Sizes sizes;

    /// Adds the tensors of a cell to a layout, their names behind `prefix`.
    public static void layOut(String prefix, int inputs, int units, Parameters.Layout layout) {
        layout.add(prefix + ".W", inputs, 4 * units).add(prefix + ".U", units, 4 * units).add(prefix + ".b", 1,
                4 * units);
    }

    /// Fresh weights: W by Glorot & Bengio (2010), each gate of U orthogonal (Saxe et al. 2013) so that the gradient
    /// neither vanishes nor explodes at first, the forget gate open with a bias of 1 (Jozefowicz et al. 2015).
    public static void initialise(String prefix, Parameters parameters, SplittableRandom random) {
        Tensor w = parameters.tensor(prefix + ".W");
        Tensor u = parameters.tensor(prefix + ".U");
        Tensor b = parameters.tensor(prefix + ".b");
        int units = u.rows();
        Initialisation.glorot(parameters, w, units, random);
        for (int gate = 0; gate < 4; gate++) {
            Initialisation.orthogonal(parameters, u, gate * units, random);
        }
        for (int j = 0; j < units; j++) {
            parameters.values[b.offset() + units + j] = 1;
        }
    }

    /// @param parameters the network's; the weights are packed, so later changes are not seen
    public LstmCell(String prefix, Parameters parameters, Kernels kernels) {
        this.w = new Weights(parameters, prefix + ".W", kernels);
        this.u = new Weights(parameters, prefix + ".U", kernels);
        this.b = new Bias(parameters, prefix + ".b", kernels);
        this.sizes = new Sizes(w.rows(), u.rows(), 2 * u.rows(), 4 * u.rows());
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
            passGates(gates, gatesOffset + n * sizes.gates(), from, fromOffset + n * sizes.state() + units, to, h,
                    h + units, units);
        }
    }

    /// One row's gates and state, a range at a time.
    ///
    /// @param i     where the row's gates begin in `gates`
    /// @param c     where its cell state is in `from`
    /// @param hNext where its hidden state goes in `to`
    /// @param cNext where its cell state goes in `to`
    static void passGates(float[] gates, int i, float[] from, int c, float[] to, int hNext, int cNext, int units) {
        int g = i + 2 * units, o = g + units;
        sigmoid(gates, i, g); // i and f are neighbours
        tanh(gates, g, o);
        sigmoid(gates, o, o + units);
        Gates.carry(units, gates, i, from, c, to, cNext);
        System.arraycopy(to, cNext, to, hNext, units); // so that tanh, too, is a loop over one range
        tanh(to, hNext, hNext + units);
        Gates.multiply(units, gates, o, to, hNext);
    }

    @Override
    public void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta) {
        int units = sizes.units();
        float[] shown = new float[units];
        for (int n = 0; n < batch; n++) {
            int dh = n * sizes.state(), dc = dh + units, i = gatesOffset + n * sizes.gates();
            show(to, toOffset + dc, shown);
            Gates.backThroughOutput(units, gates, i + 3 * units, shown, delta, dh, dc);
            Gates.backThroughCarry(units, gates, i, from, fromOffset + dc, delta, dc);
        }
        u.addProductBack(batch, gates, gatesOffset, sizes.gates(), delta, 0, sizes.state());
    }

    /// `shown = tanh(c')`
    static void show(float[] to, int cNext, float[] shown) {
        System.arraycopy(to, cNext, shown, 0, shown.length);
        tanh(shown, 0, shown.length);
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
    }
}
