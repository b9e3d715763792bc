package io.gatecast.training.diagnose;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.cell.Cell;
import io.gatecast.network.cell.Cells;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// How far back a gradient reaches through a cell: the spectral norm of `∂h_T / ∂h_(T-k)` by k, and of `∂h_T / ∂c_(T-k)`
/// where there is a cell state. A vanilla cell multiplies by its recurrent matrix and the slope of tanh at every step, so
/// the norm falls or rises as a power: Hochreiter (1991); Bengio, Simard & Frasconi (1994), doi:10.1109/72.279181;
/// Pascanu, Mikolov & Bengio (2013), arXiv:1211.5063.
///
/// @param cell     which
/// @param byHidden norms for k = 0, 1, ..., length
/// @param byCell   likewise, 0 for k = 0, where the hidden state is held; null for a cell without a cell state
public record GradientFlow(CellKind cell, double[] byHidden, double @Nullable [] byCell) {
    private static final int INPUTS = 8;
    private static final int POWER_ITERATIONS = 60;

    /// The cell that is measured, with fresh weights, over inputs drawn evenly from (-1, 1).
    ///
    /// @param cell       any kind but a convolutional one
    /// @param units      H
    /// @param length     steps, T
    /// @param gain       that the recurrent matrices, orthogonal at first, are multiplied by: below 1 the gradient of a
    ///                   vanilla cell vanishes, above 1 it can explode
    /// @param forgetBias of a forget gate, where there is one
    /// @param seed       fixes weights and inputs
    public record Setting(CellKind cell, int units, int length, double gain, double forgetBias, long seed) {
        public Setting {
            require(!cell.isConvolutional(), "cell: expected one without a grid, found " + cell.label());
            require(units > 0, "hidden: expected at least 1, found " + units);
            require(length > 0, "length: expected at least 1, found " + length);
            require(gain > 0 && Double.isFinite(gain), "gain: expected a number above 0, found " + gain);
            require(Double.isFinite(forgetBias), "forget bias: expected a number, found " + forgetBias);
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }

    public static GradientFlow of(Setting setting) {
        SplittableRandom random = new SplittableRandom(setting.seed);
        Cell cell = cell(setting, random);
        return of(setting.cell, new Walk(cell, setting.length, inputs(setting.length, random)));
    }

    private static float[] inputs(int length, SplittableRandom random) {
        float[] inputs = new float[length * INPUTS];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextDouble(-1, 1);
        }
        return inputs;
    }

    private static Cell cell(Setting setting, SplittableRandom random) {
        RecurrentLayer layer = new RecurrentLayer(setting.cell, setting.units);
        Parameters.Layout layout = new Parameters.Layout();
        Cells.layOut("cell", INPUTS, layer, layout);
        Parameters parameters = layout.build();
        Cells.initialise("cell", layer, parameters, random);
        for (Tensor tensor : parameters.tensors()) {
            if (tensor.name().equals("cell.U") || tensor.name().equals("cell.V")) {
                for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
                    parameters.values[i] *= (float) setting.gain;
                }
            }
        }
        ForgetBias.set(parameters, "cell", setting.cell, setting.units, setting.forgetBias);
        return Cells.cell("cell", layer, parameters, Kernels.best());
    }

    static GradientFlow of(CellKind cell, Walk walk) {
        int units = walk.sizes.units();
        boolean hasCell = walk.sizes.state() > units;
        double[] byHidden = new double[walk.length + 1];
        double[] byCell = new double[hasCell ? walk.length + 1 : 0];
        float[] jacobian = walk.identity();
        int exponent = 0;
        for (int k = 0; k <= walk.length; k++) {
            byHidden[k] = Math.scalb(norm(jacobian, 0, units, walk.sizes.state()), exponent);
            if (hasCell) {
                byCell[k] = Math.scalb(norm(jacobian, units, units, walk.sizes.state()), exponent);
            }
            if (k < walk.length) {
                walk.back(walk.length - 1 - k, jacobian);
                exponent += normalise(jacobian);
            }
        }
        return new GradientFlow(cell, byHidden, hasCell ? byCell : null);
    }

    /// Divides by a power of two, so that the largest number lies between 1 and 2: float32 ends at 1e-45 and 3e38, where
    /// a gradient over some hundred steps does not. A step back is linear, so no bit is lost.
    ///
    /// @return the power; 0 where there is nothing but zeros
    private static int normalise(float[] jacobian) {
        float largest = 0;
        for (float slope : jacobian) {
            largest = Math.max(largest, Math.abs(slope));
        }
        if (largest == 0) {
            return 0;
        }
        int exponent = Math.getExponent(largest);
        for (int i = 0; i < jacobian.length; i++) {
            jacobian[i] = Math.scalb(jacobian[i], -exponent);
        }
        return exponent;
    }

    /// One sequence through the cell, every state and gate kept.
    static final class Walk {
        final Cell.Sizes sizes;
        final int length;
        private final Cell cell;
        private final float[] states;
        private final float[] gates;

        /// @param inputs `[length][X]`
        Walk(Cell cell, int length, float[] inputs) {
            this.cell = cell;
            this.sizes = cell.sizes();
            this.length = length;
            this.states = new float[(length + 1) * sizes.state()];
            this.gates = new float[length * sizes.gates()];
            cell.project(length, inputs, 0, sizes.inputs(), gates, 0);
            for (int t = 0; t < length; t++) {
                cell.advance(1, states, t * sizes.state(), states, (t + 1) * sizes.state(), gates, t * sizes.gates());
            }
        }

        /// @return `[H][S]`, the last hidden state by the last state
        float[] identity() {
            float[] jacobian = new float[sizes.units() * sizes.state()];
            for (int j = 0; j < sizes.units(); j++) {
                jacobian[j * sizes.state() + j] = 1;
            }
            return jacobian;
        }

        /// Takes step `t` back for every unit of the last hidden state at once, as a batch of the same step.
        ///
        /// @param jacobian `[H][S]`, by the state after the step; on return by the state before it
        void back(int t, float[] jacobian) {
            int rows = sizes.units();
            float[] from = repeated(states, t * sizes.state(), sizes.state(), rows);
            float[] to = repeated(states, (t + 1) * sizes.state(), sizes.state(), rows);
            float[] row = repeated(gates, t * sizes.gates(), sizes.gates(), rows);
            cell.back(rows, from, 0, to, 0, row, 0, jacobian);
        }

        private static float[] repeated(float[] numbers, int from, int count, int times) {
            float[] repeated = new float[count * times];
            for (int n = 0; n < times; n++) {
                System.arraycopy(numbers, from, repeated, n * count, count);
            }
            return repeated;
        }
    }

    /// The largest singular value of the columns from `first`, by power iteration on JᵀJ.
    static double norm(float[] jacobian, int first, int columns, int stride) {
        int rows = jacobian.length / stride;
        double[] v = new double[columns];
        Arrays.setAll(v, j -> 1 + j % 3); // not at right angles to the answer, but for a chance in a thousand million
        double norm = 0;
        for (int i = 0; i < POWER_ITERATIONS; i++) {
            double length = Math.sqrt(square(v));
            if (length == 0) {
                return 0;
            }
            double[] w = new double[columns];
            double squares = 0;
            for (int r = 0; r < rows; r++) {
                double product = 0;
                for (int c = 0; c < columns; c++) {
                    product += jacobian[r * stride + first + c] * v[c] / length;
                }
                squares += product * product;
                for (int c = 0; c < columns; c++) {
                    w[c] += product * jacobian[r * stride + first + c];
                }
            }
            norm = Math.sqrt(squares);
            v = w;
        }
        return norm;
    }

    private static double square(double[] v) {
        double square = 0;
        for (double x : v) {
            square += x * x;
        }
        return square;
    }
}
