package io.gatecast.network.cell;

import static io.gatecast.network.kernel.Activations.tanh;

import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Bias;
import io.gatecast.network.tensor.Initialisation;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Weights;
import java.util.SplittableRandom;

/// The simple recurrent network: Elman (1990), doi:10.1207/s15516709cog1402_1. One step, for X inputs and H units:
///
///     h' = tanh(x W + h U + b)      hidden state, within (-1, 1)
///
/// Its gradient passes U and a slope of at most 1 at every step, so it vanishes or explodes: Bengio, Simard & Frasconi
/// (1994), doi:10.1109/72.279181. W is `[X][H]`, U `[H][H]`, b `[1][H]`. A row of state is h.
public final class RnnCell implements Cell {
    private final Weights w;
    private final Weights u;
    private final Bias b;
    private final Sizes sizes;

    /// Adds the tensors of a cell to a layout, their names behind `prefix`.
    public static void layOut(String prefix, int inputs, int units, Parameters.Layout layout) {
        layout.add(prefix + ".W", inputs, units).add(prefix + ".U", units, units).add(prefix + ".b", 1, units);
    }

    /// Fresh weights: W by Glorot & Bengio (2010), U orthogonal (Saxe et al. 2013), so that at first the gradient is
    /// lost in the slopes of tanh alone.
    public static void initialise(String prefix, Parameters parameters, SplittableRandom random) {
        int units = parameters.tensor(prefix + ".U").rows();
        Initialisation.glorot(parameters, parameters.tensor(prefix + ".W"), units, random);
        Initialisation.orthogonal(parameters, parameters.tensor(prefix + ".U"), 0, random);
    }

    /// @param parameters the network's; the weights are packed, so later changes are not seen
    public RnnCell(String prefix, Parameters parameters, Kernels kernels) {
        this.w = new Weights(parameters, prefix + ".W", kernels);
        this.u = new Weights(parameters, prefix + ".U", kernels);
        this.b = new Bias(parameters, prefix + ".b", kernels);
        this.sizes = new Sizes(w.rows(), u.rows(), u.rows(), u.rows());
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
        int numbers = batch * sizes.units(); // the rows of gates and of states have no gaps
        u.addProduct(batch, from, fromOffset, sizes.units(), gates, gatesOffset, sizes.units());
        tanh(gates, gatesOffset, gatesOffset + numbers);
        System.arraycopy(gates, gatesOffset, to, toOffset, numbers);
    }

    /// `δ(before tanh) = δh'∘(1 - h'²)`, `δh` its product with Uᵀ.
    @Override
    public void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta) {
        int numbers = batch * sizes.units();
        for (int j = 0; j < numbers; j++) {
            float h = gates[gatesOffset + j];
            gates[gatesOffset + j] = delta[j] * (1 - h * h);
            delta[j] = 0;
        }
        u.addProductBack(batch, gates, gatesOffset, sizes.units(), delta, 0, sizes.units());
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
