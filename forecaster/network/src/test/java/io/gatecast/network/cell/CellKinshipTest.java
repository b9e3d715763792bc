package io.gatecast.network.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.layer.Recurrence;
import io.gatecast.network.layer.Rows;
import io.gatecast.network.layer.Tape;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where one cell is a special case of another, both have the same bits, forward and back.
class CellKinshipTest {
    private static final int STEPS = 9;
    private static final int BATCH = 4;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 2", "7, 19, 3", "16, 33, 4"})
    void aPeepholeLstmWithoutPeepholesIsAnLstm(int inputs, int units, long seed) {
        assertSameBits(inputs, new RecurrentLayer(CellKind.PEEPHOLE, units), new RecurrentLayer(CellKind.LSTM, units),
                seed);
    }

    /// However wide its kernel: across a side of length 1 a position sees only itself.
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 2", "7, 19, 3", "16, 33, 4"})
    void aConvLstmOverOnePositionIsAnLstm(int inputs, int units, long seed) {
        for (int kernel : new int[]{1, 3}) {
            Grid grid = new Grid(1, 1, kernel);
            assertSameBits(inputs, new RecurrentLayer(CellKind.CONVLSTM, units, grid, false, false),
                    new RecurrentLayer(CellKind.LSTM, units), seed);
            assertSameBits(inputs, new RecurrentLayer(CellKind.CONVLSTM_PEEPHOLE, units, grid, false, false),
                    new RecurrentLayer(CellKind.PEEPHOLE, units), seed);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 2", "2, 7, 3"})
    void aPeepholeConvLstmWithoutPeepholesIsAConvLstm(int inputs, int filters, long seed) {
        Grid grid = new Grid(2, 3, 3);
        assertSameBits(inputs * grid.positions(),
                new RecurrentLayer(CellKind.CONVLSTM_PEEPHOLE, filters, grid, false, false),
                new RecurrentLayer(CellKind.CONVLSTM, filters, grid, false, false), seed);
    }

    /// The tensors that both have are the same random numbers; those that only the wider one has are zero.
    private static void assertSameBits(int inputs, RecurrentLayer wide, RecurrentLayer narrow, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Parameters narrowOnes = parametersOf(inputs, narrow), wideOnes = parametersOf(inputs, wide);
        fill(narrowOnes.values, random);
        copy(narrowOnes, wideOnes);
        float[] x = new float[STEPS * BATCH * inputs];
        fill(x, random);
        float[] dh = new float[STEPS * BATCH * narrow.outputs()];
        fill(dh, random);
        Found expected = Found.of(narrow, narrowOnes, x, dh), found = Found.of(wide, wideOnes, x, dh);
        assertArrayEquals(expected.states, found.states);
        assertArrayEquals(expected.dx, found.dx);
        Parameters shared = narrowOnes.zeros();
        copy(found.gradient, shared);
        assertArrayEquals(expected.gradient.values, shared.values);
    }

    private record Found(float[] states, float[] dx, Parameters gradient) {

        /// @param x  `[steps][batch][X]`
        /// @param dh `[steps][batch][H]`
        static Found of(RecurrentLayer layer, Parameters parameters, float[] x, float[] dh) {
            Recurrence recurrence = new Recurrence(Cells.cell("cell", layer, parameters, Kernels.best()), false);
            Tape tape = recurrence.tape(STEPS, BATCH);
            Rows inputs = new Rows(x, 0, recurrence.sizes().inputs());
            Found found = new Found(tape.after().values(), new float[x.length], parameters.zeros());
            tape.start();
            recurrence.forward(inputs, tape);
            recurrence.backward(inputs, new Rows(dh, 0, layer.outputs()),
                    new Rows(found.dx, 0, recurrence.sizes().inputs()), STEPS, tape, found.gradient);
            return found;
        }
    }

    private static Parameters parametersOf(int inputs, RecurrentLayer layer) {
        Parameters.Layout layout = new Parameters.Layout();
        Cells.layOut("cell", inputs, layer, layout);
        return layout.build();
    }

    private static void fill(float[] numbers, SplittableRandom random) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
    }

    /// The tensors that both have.
    private static void copy(Parameters from, Parameters to) {
        for (Tensor tensor : from.tensors()) {
            to.tensors().stream().filter(other -> other.name().equals(tensor.name())).forEach(other -> System.arraycopy(
                    from.values, tensor.offset(), to.values, other.offset(), tensor.size()));
        }
    }
}
