package io.gatecast.network.cell;

import static io.gatecast.network.kernel.Activations.sigmoid;
import static io.gatecast.network.kernel.Activations.tanh;

import io.gatecast.network.kernel.Gates;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Bias;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Weights;
import java.util.SplittableRandom;

/// Gated recurrent unit as first published: Cho et al. (2014), arXiv:1406.1078. The reset gate comes before the product,
/// so a candidate forgets single units of the past, where [GruCell] forgets what the product made of them. One step, for
/// X inputs and H units:
///
///     r  = σ(x Wr + h Ur + br)         reset gate: which units of the past the candidate sees
///     z  = σ(x Wz + h Uz + bz)         update gate: how much of the past stays
///     q  = r∘h                         the past, as the candidate sees it
///     n  = tanh(x Wn + q V + bn)       candidate
///     h' = (1 - z)∘n + z∘h             hidden state, within (-1, 1)
///
/// Columns lie side by side in the order r, z, n: W is `[X][3H]`, U `[H][2H]`, V `[H][H]`, b `[1][3H]`. A row of state is
/// h; a row of gates r, z, n, q.
public final class ResetBeforeGruCell implements Cell {
    private final Weights w;
    private final Weights u;
    private final Weights v;
    private final Bias b;
    private final Sizes sizes;

    /// Adds the tensors of a cell to a layout, their names behind `prefix`.
    public static void layOut(String prefix, int inputs, int units, Parameters.Layout layout) {
        layout.add(prefix + ".W", inputs, 3 * units).add(prefix + ".U", units, 2 * units)
                .add(prefix + ".V", units, units).add(prefix + ".b", 1, 3 * units);
    }

    /// Fresh weights, as [GruCell#initialise].
    public static void initialise(String prefix, Parameters parameters, SplittableRandom random) {
        GruCell.initialise(prefix, parameters, random);
    }

    /// @param parameters the network's; the weights are packed, so later changes are not seen
    public ResetBeforeGruCell(String prefix, Parameters parameters, Kernels kernels) {
        this.w = new Weights(parameters, prefix + ".W", kernels);
        this.u = new Weights(parameters, prefix + ".U", kernels);
        this.v = new Weights(parameters, prefix + ".V", kernels);
        this.b = new Bias(parameters, prefix + ".b", kernels);
        this.sizes = new Sizes(w.rows(), v.rows(), v.rows(), 4 * v.rows());
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
        int units = sizes.units(), g = sizes.gates();
        u.addProduct(batch, from, fromOffset, units, gates, gatesOffset, g);
        for (int row = 0; row < batch; row++) {
            reset(gates, gatesOffset + row * g, from, fromOffset + row * units, units);
        }
        v.addProduct(batch, gates, gatesOffset + 3 * units, g, gates, gatesOffset + 2 * units, g);
        for (int row = 0; row < batch; row++) {
            int n = gatesOffset + row * g + 2 * units;
            tanh(gates, n, n + units);
            Gates.mix(units, gates, n - units, n, from, fromOffset + row * units, to, toOffset + row * units);
        }
    }

    private static void reset(float[] gates, int r, float[] from, int h, int units) {
        int n = r + 2 * units, q = n + units;
        sigmoid(gates, r, n); // r and z are neighbours
        System.arraycopy(from, h, gates, q, units);
        Gates.multiply(units, gates, r, gates, q);
    }

    @Override
    public void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta) {
        int units = sizes.units(), g = sizes.gates();
        for (int row = 0; row < batch; row++) {
            int z = gatesOffset + row * g + units;
            GruCell.backThroughMix(gates, z, z + units, from, fromOffset + row * units, delta, row * units, units);
        }
        float[] dq = new float[batch * units];
        v.addProductBack(batch, gates, gatesOffset + 2 * units, g, dq, 0, units);
        for (int row = 0; row < batch; row++) {
            backThroughReset(gates, gatesOffset + row * g, from, fromOffset + row * units, dq, delta, row * units,
                    units);
        }
        u.addProductBack(batch, gates, gatesOffset, g, delta, 0, units);
    }

    /// With δ the gradient by what it stands before, and σ' = σ(1 - σ):
    ///
    ///     δr = δq∘h∘r(1 - r)             δh += δq∘r
    private static void backThroughReset(float[] gates, int r, float[] from, int h, float[] dq, float[] delta, int row,
            int units) {
        for (int j = 0; j < units; j++) {
            float rg = gates[r + j], d = dq[row + j];
            gates[r + j] = d * from[h + j] * rg * (1 - rg);
            delta[row + j] = Math.fma(d, rg, delta[row + j]);
        }
    }

    @Override
    public void backToInputs(int rows, float[] gates, int gatesOffset, float[] dx, int dxOffset, int dxStride) {
        w.addProductBack(rows, gates, gatesOffset, sizes.gates(), dx, dxOffset, dxStride);
    }

    @Override
    public void addGradient(int rows, float[] x, int xOffset, int xStride, float[] from, int fromOffset, float[] gates,
            int gatesOffset, Parameters gradient) {
        int g = sizes.gates(), n = gatesOffset + 2 * sizes.units(), q = n + sizes.units();
        w.addGradient(rows, x, xOffset, xStride, gates, gatesOffset, g, gradient);
        u.addGradient(rows, from, fromOffset, sizes.state(), gates, gatesOffset, g, gradient);
        v.addGradient(rows, gates, q, g, gates, n, g, gradient);
        b.addGradient(rows, gates, gatesOffset, g, gradient);
    }
}
