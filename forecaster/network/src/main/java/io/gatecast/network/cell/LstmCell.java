package io.gatecast.network.cell;

import static io.gatecast.network.kernel.Activations.sigmoid;
import static io.gatecast.network.kernel.Activations.tanh;

import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.kernel.Panels;
import io.gatecast.network.tensor.Initialisation;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
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
    private static final float[] ONE = {1};

    private final Tensor w;
    private final Tensor u;
    private final Tensor b;
    private final Sizes sizes;
    private final Kernels kernels;
    private final Panels inputWeights;
    private final Panels hiddenWeights;
    private final Panels inputWeightsTransposed;
    private final Panels hiddenWeightsTransposed;
    private final float[] bias;

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
        this.w = parameters.tensor(prefix + ".W");
        this.u = parameters.tensor(prefix + ".U");
        this.b = parameters.tensor(prefix + ".b");
        this.sizes = new Sizes(w.rows(), u.rows(), 2 * u.rows(), 4 * u.rows());
        this.kernels = kernels;
        float[] values = parameters.values;
        this.inputWeights = Panels.of(values, w.offset(), w.rows(), w.columns());
        this.hiddenWeights = Panels.of(values, u.offset(), u.rows(), u.columns());
        this.inputWeightsTransposed = Panels.ofTransposed(values, w.offset(), w.rows(), w.columns());
        this.hiddenWeightsTransposed = Panels.ofTransposed(values, u.offset(), u.rows(), u.columns());
        this.bias = Arrays.copyOfRange(values, b.offset(), b.offset() + b.size());
    }

    @Override
    public Sizes sizes() {
        return sizes;
    }

    @Override
    public void project(int rows, float[] x, int xOffset, int xStride, float[] gates, int gatesOffset) {
        for (int n = 0; n < rows; n++) {
            System.arraycopy(bias, 0, gates, gatesOffset + n * bias.length, bias.length);
        }
        kernels.addProduct(rows, x, xOffset, xStride, inputWeights, gates, gatesOffset, sizes.gates());
    }

    @Override
    public void advance(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates,
            int gatesOffset) {
        kernels.addProduct(batch, from, fromOffset, sizes.state(), hiddenWeights, gates, gatesOffset, sizes.gates());
        for (int n = 0; n < batch; n++) {
            int row = n * sizes.state();
            passGates(gates, gatesOffset + n * sizes.gates(), from, fromOffset + row, to, toOffset + row,
                    sizes.units());
        }
    }

    /// One row's gates and state; plain loops over one range each, which C2 turns into SIMD.
    private static void passGates(float[] gates, int i, float[] from, int h, float[] to, int hNext, int units) {
        int f = i + units, g = f + units, o = g + units, c = h + units, cNext = hNext + units;
        sigmoid(gates, i, g); // i and f are neighbours
        tanh(gates, g, o);
        sigmoid(gates, o, o + units);
        for (int j = 0; j < units; j++) {
            to[cNext + j] = Math.fma(gates[f + j], from[c + j], gates[i + j] * gates[g + j]);
        }
        System.arraycopy(to, cNext, to, hNext, units); // so that tanh, too, is a loop over one range
        tanh(to, hNext, hNext + units);
        for (int j = 0; j < units; j++) {
            to[hNext + j] *= gates[o + j];
        }
    }

    @Override
    public void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta) {
        int units = sizes.units();
        float[] shown = new float[units];
        for (int n = 0; n < batch; n++) {
            int row = n * sizes.state();
            System.arraycopy(to, toOffset + row + units, shown, 0, units);
            tanh(shown, 0, units);
            backThroughGates(gates, gatesOffset + n * sizes.gates(), from, fromOffset + row + units, shown, delta, row,
                    units);
        }
        kernels.addProduct(batch, gates, gatesOffset, sizes.gates(), hiddenWeightsTransposed, delta, 0, sizes.state());
    }

    /// With δ the gradient by what it stands before, and σ' = σ(1 - σ), tanh' = 1 - tanh²:
    ///
    ///     δc' += δh'∘o∘(1 - tanh²(c'))
    ///     δo   = δh'∘tanh(c')∘o(1 - o)
    ///     δi   = δc'∘g∘i(1 - i)      δf = δc'∘c∘f(1 - f)      δg = δc'∘i∘(1 - g²)
    ///     δc   = δc'∘f               δh = 0, to which the product with Uᵀ is added
    ///
    /// @param c     where the cell state before the step starts in `from`
    /// @param shown `[H]`, tanh(c')
    private static void backThroughGates(float[] gates, int i, float[] from, int c, float[] shown, float[] delta,
            int dh, int units) {
        int f = i + units, g = f + units, o = g + units, dc = dh + units;
        for (int j = 0; j < units; j++) {
            float t = shown[j];
            float og = gates[o + j];
            float d = delta[dh + j];
            delta[dc + j] = Math.fma(d * og, 1 - t * t, delta[dc + j]);
            gates[o + j] = d * t * og * (1 - og);
            delta[dh + j] = 0;
        }
        for (int j = 0; j < units; j++) {
            float ig = gates[i + j], fg = gates[f + j], gg = gates[g + j];
            float d = delta[dc + j];
            gates[i + j] = d * gg * ig * (1 - ig);
            gates[f + j] = d * from[c + j] * fg * (1 - fg);
            gates[g + j] = d * ig * (1 - gg * gg);
            delta[dc + j] = d * fg;
        }
    }

    @Override
    public void backToInputs(int rows, float[] gates, int gatesOffset, float[] dx, int dxOffset, int dxStride) {
        kernels.addProduct(rows, gates, gatesOffset, sizes.gates(), inputWeightsTransposed, dx, dxOffset, dxStride);
    }

    @Override
    public void addGradient(int rows, float[] x, int xOffset, int xStride, float[] from, int fromOffset, float[] gates,
            int gatesOffset, Parameters gradient) {
        int g = sizes.gates();
        kernels.addOuterProducts(rows, x, xOffset, xStride, sizes.inputs(), gates, gatesOffset, g, g, gradient.values,
                w.offset());
        kernels.addOuterProducts(rows, from, fromOffset, sizes.state(), sizes.units(), gates, gatesOffset, g, g,
                gradient.values, u.offset());
        // The bias is a weight of an input that is always 1.
        kernels.addOuterProducts(rows, ONE, 0, 0, 1, gates, gatesOffset, g, g, gradient.values, b.offset());
    }
}
