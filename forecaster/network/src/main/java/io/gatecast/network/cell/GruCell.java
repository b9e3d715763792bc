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

/// Gated recurrent unit: Cho et al. (2014), arXiv:1406.1078, with the reset gate after the product, as PyTorch and cuDNN
/// have it; [ResetBeforeGruCell] is the paper's own. One step, for X inputs and H units:
///
///     r  = σ(x Wr + h Ur + br)         reset gate: how much of the past the candidate sees
///     z  = σ(x Wz + h Uz + bz)         update gate: how much of the past stays
///     m  = h V + a                     the past, as the candidate would see it
///     n  = tanh(x Wn + bn + r∘m)       candidate
///     h' = (1 - z)∘n + z∘h             hidden state, within (-1, 1)
///
/// Columns lie side by side in the order r, z, n: W is `[X][3H]`, U `[H][2H]`, V `[H][H]`, b `[1][3H]`, a `[1][H]`. A row
/// of state is h; a row of gates r, z, n, m.
public final class GruCell implements Cell {
    private final Weights w;
    private final Weights u;
    private final Weights v;
    private final Bias b;
    private final Bias a;
    private final Sizes sizes;

    /// Adds the tensors of a cell to a layout, their names behind `prefix`.
    public static void layOut(String prefix, int inputs, int units, Parameters.Layout layout) {
        ResetBeforeGruCell.layOut(prefix, inputs, units, layout);
        layout.add(prefix + ".a", 1, units);
    }

    /// Fresh weights: W by Glorot & Bengio (2010), each square of U and V orthogonal (Saxe et al. 2013).
    public static void initialise(String prefix, Parameters parameters, SplittableRandom random) {
        Tensor u = parameters.tensor(prefix + ".U");
        int units = u.rows();
        Initialisation.glorot(parameters, parameters.tensor(prefix + ".W"), units, random);
        Initialisation.orthogonal(parameters, u, 0, random);
        Initialisation.orthogonal(parameters, u, units, random);
        Initialisation.orthogonal(parameters, parameters.tensor(prefix + ".V"), 0, random);
    }

    /// @param parameters the network's; the weights are packed, so later changes are not seen
    public GruCell(String prefix, Parameters parameters, Kernels kernels) {
        this.w = new Weights(parameters, prefix + ".W", kernels);
        this.u = new Weights(parameters, prefix + ".U", kernels);
        this.v = new Weights(parameters, prefix + ".V", kernels);
        this.b = new Bias(parameters, prefix + ".b", kernels);
        this.a = new Bias(parameters, prefix + ".a", kernels);
        this.sizes = new Sizes(w.rows(), v.rows(), v.rows(), 4 * v.rows());
    }

    @Override
    public Sizes sizes() {
        return sizes;
    }

    @Override
    public void project(int rows, float[] x, int xOffset, int xStride, float[] gates, int gatesOffset) {
        b.fill(rows, gates, gatesOffset, sizes.gates());
        a.fill(rows, gates, gatesOffset + b.size(), sizes.gates());
        w.addProduct(rows, x, xOffset, xStride, gates, gatesOffset, sizes.gates());
    }

    @Override
    public void advance(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates,
            int gatesOffset) {
        int units = sizes.units();
        u.addProduct(batch, from, fromOffset, units, gates, gatesOffset, sizes.gates());
        v.addProduct(batch, from, fromOffset, units, gates, gatesOffset + 3 * units, sizes.gates());
        for (int row = 0; row < batch; row++) {
            passGates(gates, gatesOffset + row * sizes.gates(), from, fromOffset + row * units, to,
                    toOffset + row * units, units);
        }
    }

    /// One row's gates and state, a range at a time.
    private static void passGates(float[] gates, int r, float[] from, int h, float[] to, int hNext, int units) {
        int z = r + units, n = z + units, m = n + units;
        sigmoid(gates, r, n); // r and z are neighbours
        Gates.addProduct(units, gates, r, gates, m, gates, n);
        tanh(gates, n, m);
        Gates.mix(units, gates, z, n, from, h, to, hNext);
    }

    @Override
    public void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta) {
        int units = sizes.units();
        for (int row = 0; row < batch; row++) {
            int r = gatesOffset + row * sizes.gates(), n = r + 2 * units;
            backThroughMix(gates, r + units, n, from, fromOffset + row * units, delta, row * units, units);
            backThroughReset(gates, r, n, units);
        }
        u.addProductBack(batch, gates, gatesOffset, sizes.gates(), delta, 0, units);
        v.addProductBack(batch, gates, gatesOffset + 3 * units, sizes.gates(), delta, 0, units);
    }

    /// With δ the gradient by what it stands before, and σ' = σ(1 - σ), tanh' = 1 - tanh²:
    ///
    ///     δz = δh'∘(h - n)∘z(1 - z)      δn = δh'∘(1 - z)∘(1 - n²)      δh = δh'∘z
    static void backThroughMix(float[] gates, int z, int n, float[] from, int h, float[] delta, int dh, int units) {
        for (int j = 0; j < units; j++) {
            float zg = gates[z + j], ng = gates[n + j], d = delta[dh + j];
            gates[z + j] = d * (from[h + j] - ng) * zg * (1 - zg);
            gates[n + j] = d * (1 - zg) * (1 - ng * ng);
            delta[dh + j] = d * zg;
        }
    }

    ///     δr = δn∘m∘r(1 - r)             δm = δn∘r
    private static void backThroughReset(float[] gates, int r, int n, int units) {
        int m = n + units;
        for (int j = 0; j < units; j++) {
            float rg = gates[r + j], d = gates[n + j];
            gates[r + j] = d * gates[m + j] * rg * (1 - rg);
            gates[m + j] = d * rg;
        }
    }

    @Override
    public void backToInputs(int rows, float[] gates, int gatesOffset, float[] dx, int dxOffset, int dxStride) {
        w.addProductBack(rows, gates, gatesOffset, sizes.gates(), dx, dxOffset, dxStride);
    }

    @Override
    public void addGradient(int rows, float[] x, int xOffset, int xStride, float[] from, int fromOffset, float[] gates,
            int gatesOffset, Parameters gradient) {
        int g = sizes.gates(), s = sizes.state(), m = gatesOffset + 3 * sizes.units();
        w.addGradient(rows, x, xOffset, xStride, gates, gatesOffset, g, gradient);
        u.addGradient(rows, from, fromOffset, s, gates, gatesOffset, g, gradient);
        v.addGradient(rows, from, fromOffset, s, gates, m, g, gradient);
        b.addGradient(rows, gates, gatesOffset, g, gradient);
        a.addGradient(rows, gates, m, g, gradient);
    }
}
