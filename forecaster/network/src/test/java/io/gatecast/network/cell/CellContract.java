package io.gatecast.network.cell;

import static io.gatecast.network.CentralDifferences.assertGradient;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Golden;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.layer.Recurrence;
import io.gatecast.network.layer.Rows;
import io.gatecast.network.layer.Tape;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every cell keeps, whatever its equations: a subclass a cell says which layer it makes and which golden numbers are
/// its. Its tensors are named `cell.` and something.
abstract class CellContract {
    private static final double DIFFERENCES = 3e-5;
    private static final double GOLDEN = 2e-6;

    /// @return a layer of the cell; of one over a grid, with `units` filters
    abstract RecurrentLayer layer(int units);

    /// @return name of the golden file; golden.py makes it
    abstract String golden();

    /// @return positions of the grid, each with its own inputs and units; 1 without a grid
    final int positions() {
        Grid grid = layer(1).grid();
        return grid == null ? 1 : grid.positions();
    }

    /// @param inputs at each position
    /// @return the cell's tensors, all zero
    final Parameters parametersOf(int inputs, int units) {
        Parameters.Layout layout = new Parameters.Layout();
        Cells.layOut("cell", inputs * positions(), layer(units), layout);
        return layout.build();
    }

    /// Fresh weights in the tensors of [#parametersOf].
    final void initialise(Parameters parameters, SplittableRandom random) {
        Cells.initialise("cell", layer(1), parameters, random);
    }

    final Cell cell(Parameters parameters) {
        return Cells.cell("cell", layer(1), parameters, kernels);
    }

    final Kernels kernels = Kernels.best();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 33})
    void theSizesAreThoseOfTheTensors(int units) {
        Cell.Sizes sizes = cell(parametersOf(5, units)).sizes();
        assertEquals(5 * positions(), sizes.inputs());
        assertEquals(units * positions(), sizes.units());
        assertTrue(sizes.state() >= sizes.units() && sizes.gates() >= sizes.units(), sizes.toString());
    }

    /// Zero is the state of a series that nothing is known of: with nothing learned and nothing seen it stays so.
    @Test
    void aCellWithoutWeightsStaysAtZero() {
        Step step = new Step(cell(parametersOf(4, 9)), 3, new SplittableRandom(1));
        Arrays.fill(step.x, 0);
        Arrays.fill(step.from, 0);
        step.take();
        assertArrayEquals(new float[step.to.length], step.to);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 11, 13})
    void aRowOfABatchHasTheBitsOfAStepByItself(int batch) {
        Cell cell = random(5, 19, batch);
        Step together = new Step(cell, batch, new SplittableRandom(batch));
        together.take();
        for (int n = 0; n < batch; n++) {
            Step alone = together.row(n);
            alone.take();
            assertArrayEquals(alone.to, row(together.to, n, alone.to.length));
            assertArrayEquals(alone.gates, row(together.gates, n, alone.gates.length));
        }
    }

    @Test
    void aStepInPlaceHasTheBitsOfOneAside() {
        Cell cell = random(5, 19, 2);
        Step aside = new Step(cell, 3, new SplittableRandom(2));
        float[] inPlace = aside.from.clone();
        float[] gates = new float[aside.gates.length];
        aside.take();
        cell.project(3, aside.x, 0, cell.sizes().inputs(), gates, 0);
        cell.advance(3, inPlace, 0, inPlace, 0, gates, 0);
        assertArrayEquals(aside.to, inPlace);
    }

    /// One step: the gradient of a weighted sum of the state after it, by the weights, the inputs and the state before.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theGradientOfAStepIsItsSlope(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Parameters parameters = parametersOf(3, 5);
        fill(parameters.values, random);
        Step step = new Step(cell(parameters), 2, random);
        float[] delta = numbers(random, step.to.length);
        float[] say = delta.clone();
        DoubleSupplier loss = () -> step.with(cell(parameters)).sum(say);
        step.take();
        Cell cell = cell(parameters);
        Parameters gradient = parameters.zeros();
        float[] dx = new float[step.x.length];
        cell.back(2, step.from, 0, step.to, 0, step.gates, 0, delta);
        cell.addGradient(2, step.x, 0, cell.sizes().inputs(), step.from, 0, step.gates, 0, gradient);
        cell.backToInputs(2, step.gates, 0, dx, 0, cell.sizes().inputs());
        assertGradient("weights", parameters.values, 0, gradient.values, 0, parameters.size(), DIFFERENCES, loss);
        assertGradient("inputs", step.x, 0, dx, 0, dx.length, DIFFERENCES, loss);
        assertGradient("state", step.from, 0, delta, 0, delta.length, DIFFERENCES, loss);
    }

    /// Gradients are added to what is there, since a batch may be split over threads.
    @Test
    void gradientsAreAdded() {
        Parameters parameters = parametersOf(3, 5);
        fill(parameters.values, new SplittableRandom(4));
        Cell cell = cell(parameters);
        Step step = new Step(cell, 2, new SplittableRandom(4));
        step.take();
        Parameters once = parameters.zeros();
        cell.addGradient(2, step.x, 0, cell.sizes().inputs(), step.from, 0, step.gates, 0, once);
        Parameters more = parameters.zeros();
        more.fill(1);
        cell.addGradient(2, step.x, 0, cell.sizes().inputs(), step.from, 0, step.gates, 0, more);
        for (int i = 0; i < once.size(); i++) {
            assertEquals(once.values[i] + 1.0, more.values[i], 1e-5);
        }
    }

    /// A sequence through PyTorch's cell of that kind: every hidden state, and the gradient by weights and inputs.
    @Test
    void aSequenceIsWhatPyTorchMakesOfIt() {
        Golden golden = Golden.of(golden());
        int steps = golden.integer("steps"), batch = golden.integer("batch"), inputs = golden.integer("inputs");
        Parameters parameters = parametersOf(inputs / positions(), golden.integer("units"));
        golden.into(parameters, "cell.", "parameters");
        Recurrence recurrence = new Recurrence(cell(parameters), false);
        Tape tape = recurrence.tape(steps, batch);
        float[] x = golden.floats("x");
        Rows inputRows = new Rows(x, 0, inputs);
        tape.start();
        recurrence.forward(inputRows, tape);
        golden.assertSame(hidden(tape, steps * batch, recurrence.sizes()), 0, GOLDEN, "h");

        Parameters gradient = parameters.zeros();
        float[] dx = new float[x.length];
        recurrence.backward(inputRows, new Rows(golden.floats("dh"), 0, recurrence.sizes().units()),
                new Rows(dx, 0, inputs), steps, tape, gradient);
        golden.assertSame(gradient, "cell.", GOLDEN, "gradient");
        golden.assertSame(dx, 0, GOLDEN, "dx");
    }

    private static float[] hidden(Tape tape, int rows, Cell.Sizes sizes) {
        float[] hidden = new float[rows * sizes.units()];
        for (int n = 0; n < rows; n++) {
            System.arraycopy(tape.after().values(), tape.after().offset() + n * sizes.state(), hidden,
                    n * sizes.units(), sizes.units());
        }
        return hidden;
    }

    final Cell random(int inputs, int units, long seed) {
        Parameters parameters = parametersOf(inputs, units);
        initialise(parameters, new SplittableRandom(seed));
        return cell(parameters);
    }

    static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        fill(numbers, random);
        return numbers;
    }

    private static void fill(float[] numbers, SplittableRandom random) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
    }

    private static float[] row(float[] rows, int n, int size) {
        float[] row = new float[size];
        System.arraycopy(rows, n * size, row, 0, size);
        return row;
    }

    /// One step of a batch, from a random state.
    private record Step(Cell cell, int batch, float[] x, float[] from, float[] to, float[] gates) {

        Step(Cell cell, int batch, SplittableRandom random) {
            this(cell, batch, numbers(random, batch * cell.sizes().inputs()),
                    numbers(random, batch * cell.sizes().state()));
        }

        private Step(Cell cell, int batch, float[] x, float[] from) {
            this(cell, batch, x, from, new float[from.length], new float[batch * cell.sizes().gates()]);
        }

        Step with(Cell other) {
            return new Step(other, batch, x, from);
        }

        Step row(int n) {
            return new Step(cell, 1, CellContract.row(x, n, cell.sizes().inputs()),
                    CellContract.row(from, n, cell.sizes().state()));
        }

        void take() {
            cell.project(batch, x, 0, cell.sizes().inputs(), gates, 0);
            cell.advance(batch, from, 0, to, 0, gates, 0);
        }

        double sum(float[] say) {
            take();
            double sum = 0;
            for (int i = 0; i < to.length; i++) {
                sum += (double) say[i] * to[i];
            }
            return sum;
        }
    }
}
