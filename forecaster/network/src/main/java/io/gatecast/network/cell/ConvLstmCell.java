package io.gatecast.network.cell;

import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.kernel.Gates;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Bias;
import io.gatecast.network.tensor.Initialisation;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Long short-term memory over a row or a grid of sensors, every product a convolution: Shi et al. (2015),
/// arXiv:1506.04214. One step, `*` the convolution, for P positions with X/P inputs and F filters each:
///
///     i  = σ(x * Wi + h * Ui + pi∘c + bi)       input gate
///     f  = σ(x * Wf + h * Uf + pf∘c + bf)       forget gate
///     g  = tanh(x * Wg + h * Ug + bg)           candidate
///     c' = f∘c + i∘g                            cell state
///     o  = σ(x * Wo + h * Uo + po∘c' + bo)      output gate
///     h' = o∘tanh(c')                           hidden state
///
/// The paper has the peepholes p, one for each position and filter; Keras' ConvLSTM leaves them out. Both are here. With
/// a kernel of T taps W is `[T·X/P][4F]`, U `[T·F][4F]`, b `[1][4F]`, shared by all positions, and P `[3][P·F]`. A row of
/// state is h `[P][F]`, then c `[P][F]`; a row of gates `[P][i, f, g, o]`, with c' behind o where there are peepholes.
public final class ConvLstmCell implements Cell {
    private final Grid grid;
    private final Convolution w;
    private final Convolution u;
    private final Bias b;
    private final @Nullable Peepholes p;
    private final int filters;
    private final Sizes sizes;

    /// Adds the tensors of a cell to a layout, their names behind `prefix`.
    public static void layOut(String prefix, int inputs, int filters, Grid grid, boolean peepholes,
            Parameters.Layout layout) {
        int taps = grid.taps();
        layout.add(prefix + ".W", taps * inputs / grid.positions(), 4 * filters)
                .add(prefix + ".U", taps * filters, 4 * filters).add(prefix + ".b", 1, 4 * filters);
        if (peepholes) {
            layout.add(prefix + ".P", 3, grid.positions() * filters);
        }
    }

    /// Fresh weights: W by Glorot & Bengio (2010); U orthogonal at the centre and zero around it, so that a convolution
    /// keeps lengths, too (Xiao et al. 2018, arXiv:1806.05393); the forget gate open with a bias of 1; peepholes shut.
    public static void initialise(String prefix, Grid grid, Parameters parameters, SplittableRandom random) {
        Tensor u = parameters.tensor(prefix + ".U");
        Tensor b = parameters.tensor(prefix + ".b");
        int taps = grid.taps(), filters = u.rows() / taps;
        Initialisation.glorot(parameters, parameters.tensor(prefix + ".W"), taps * filters, random);
        for (int gate = 0; gate < 4; gate++) {
            Initialisation.orthogonal(parameters, u, taps / 2 * filters, filters, gate * filters, random);
        }
        Arrays.fill(parameters.values, b.offset() + filters, b.offset() + 2 * filters, 1);
    }

    /// @param peepholes  whether the gates see the cell
    /// @param parameters the network's; the weights are packed, so later changes are not seen
    public ConvLstmCell(String prefix, Grid grid, boolean peepholes, Parameters parameters, Kernels kernels) {
        this.grid = grid;
        this.w = new Convolution(parameters, prefix + ".W", grid, kernels);
        this.u = new Convolution(parameters, prefix + ".U", grid, kernels);
        this.b = new Bias(parameters, prefix + ".b", kernels);
        this.p = peepholes ? new Peepholes(parameters, prefix + ".P") : null;
        this.filters = u.inputs();
        int units = grid.positions() * filters;
        this.sizes = new Sizes(grid.positions() * w.inputs(), units, 2 * units, (peepholes ? 5 : 4) * units);
    }

    @Override
    public Sizes sizes() {
        return sizes;
    }

    /// @return numbers in a position's row of gates
    private int width() {
        return sizes.gates() / grid.positions();
    }

    @Override
    public void project(int rows, float[] x, int xOffset, int xStride, float[] gates, int gatesOffset) {
        b.fill(rows * grid.positions(), gates, gatesOffset, width());
        w.addProduct(rows, x, xOffset, xStride, gates, gatesOffset, width());
    }

    @Override
    public void advance(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates,
            int gatesOffset) {
        u.addProduct(batch, from, fromOffset, sizes.state(), gates, gatesOffset, width());
        for (int n = 0; n < batch; n++) {
            int row = n * sizes.state();
            for (int position = 0; position < grid.positions(); position++) {
                int i = gatesOffset + n * sizes.gates() + position * width();
                int h = row + position * filters, c = h + sizes.units();
                if (p == null) {
                    LstmCell.passGates(gates, i, from, fromOffset + c, to, toOffset + h, toOffset + c, filters);
                } else {
                    PeepholeLstmCell.passGates(p, position * filters, gates, i, from, fromOffset + c, to, toOffset + h,
                            toOffset + c, filters);
                }
            }
        }
    }

    @Override
    public void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta) {
        float[] shown = new float[filters];
        for (int n = 0; n < batch; n++) {
            for (int position = 0; position < grid.positions(); position++) {
                int i = gatesOffset + n * sizes.gates() + position * width();
                int dh = n * sizes.state() + position * filters, dc = dh + sizes.units();
                if (p == null) {
                    LstmCell.show(to, toOffset + dc, shown);
                    Gates.backThroughOutput(filters, gates, i + 3 * filters, shown, delta, dh, dc);
                    Gates.backThroughCarry(filters, gates, i, from, fromOffset + dc, delta, dc);
                } else {
                    PeepholeLstmCell.backThroughGates(p, position * filters, gates, i, from, fromOffset + dc, shown,
                            delta, dh, dc);
                }
            }
        }
        u.addProductBack(batch, gates, gatesOffset, width(), delta, 0, sizes.state());
    }

    @Override
    public void backToInputs(int rows, float[] gates, int gatesOffset, float[] dx, int dxOffset, int dxStride) {
        w.addProductBack(rows, gates, gatesOffset, width(), dx, dxOffset, dxStride);
    }

    @Override
    public void addGradient(int rows, float[] x, int xOffset, int xStride, float[] from, int fromOffset, float[] gates,
            int gatesOffset, Parameters gradient) {
        w.addGradient(rows, x, xOffset, xStride, gates, gatesOffset, width(), gradient);
        u.addGradient(rows, from, fromOffset, sizes.state(), gates, gatesOffset, width(), gradient);
        b.addGradient(rows * grid.positions(), gates, gatesOffset, width(), gradient);
        if (p != null) {
            addPeepholeGradient(p, rows, from, fromOffset, gates, gatesOffset, gradient);
        }
    }

    private void addPeepholeGradient(Peepholes peepholes, int rows, float[] from, int fromOffset, float[] gates,
            int gatesOffset, Parameters gradient) {
        for (int n = 0; n < rows; n++) {
            int c = fromOffset + n * sizes.state() + sizes.units();
            for (int position = 0; position < grid.positions(); position++) {
                peepholes.addGradient(position * filters, gates, gatesOffset + n * sizes.gates() + position * width(),
                        from, c + position * filters, filters, gradient);
            }
        }
    }
}
