package io.gatecast.network;

import static io.gatecast.network.CentralDifferences.assertGradient;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is left out while learning, between the layers and within them.
class DropoutTest {
    private static final HeadShape HEAD = new HeadShape(HeadKind.GAUSSIAN, 1, 1, 2, List.of(0.1, 0.5, 0.9));

    static List<Architecture> stacks() {
        return List.of(of(new RecurrentLayer(CellKind.LSTM, 4), new RecurrentLayer(CellKind.GRU, 3)),
                of(new RecurrentLayer(CellKind.RNN, 4), new RecurrentLayer(CellKind.RNN, 4, null, false, true)),
                of(new RecurrentLayer(CellKind.GRU, 2, null, true, false),
                        new RecurrentLayer(CellKind.PEEPHOLE, 2, null, true, false)));
    }

    private static Architecture of(RecurrentLayer... layers) {
        return new Architecture(3, List.of(layers), HEAD);
    }

    /// A trial knows its numbers again, whatever is drawn.
    private static final class Trial {
        final Architecture architecture;
        final Parameters parameters;
        final SequenceBatch batch;
        final SequenceLoss loss;

        Trial(Architecture architecture, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            this.architecture = architecture;
            this.parameters = Network.parametersOf(architecture);
            System.arraycopy(RandomBatch.numbers(random, parameters.size()), 0, parameters.values, 0,
                    parameters.size());
            this.batch = RandomBatch.of(architecture, 5, 2, 2, random);
            this.loss = new SequenceLoss(network(), batch, 5, true);
        }

        Network network() {
            return Network.compile(architecture, parameters);
        }

        double drop(double rate, long draw, Parameters gradient) {
            return loss.addGradient(network(), batch, gradient, rate, new SplittableRandom(draw));
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void theGradientIsTheSlopeOfTheLossWithTheSameNumbersLeftOut(Architecture architecture) {
        Trial trial = new Trial(architecture, 1);
        Parameters gradient = trial.parameters.zeros();
        assertNotEquals(trial.loss.forward(trial.network(), trial.batch), trial.drop(0.4, 8, gradient));
        Parameters ignored = gradient.zeros();
        for (Tensor tensor : gradient.tensors()) {
            assertGradient(tensor.name(), trial.parameters.values, tensor.offset(), gradient.values, tensor.offset(),
                    tensor.size(), 5e-4, () -> trial.drop(0.4, 8, ignored));
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void aRateOfNothingLeavesNothingOut(Architecture architecture) {
        Trial trial = new Trial(architecture, 2);
        Parameters dropped = trial.parameters.zeros(), whole = trial.parameters.zeros();
        assertEquals(trial.loss.addGradient(trial.network(), trial.batch, whole), trial.drop(0, 3, dropped));
        assertArrayEquals(whole.values, dropped.values);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void whatIsJudgedIsWholeAgain(Architecture architecture) {
        Trial trial = new Trial(architecture, 3);
        double before = trial.loss.forward(trial.network(), trial.batch);
        trial.drop(0.5, 1, trial.parameters.zeros());
        assertEquals(before, trial.loss.forward(trial.network(), trial.batch));
    }

    /// What reaches the upper layer's input weights would be zero where its input was left out, and only there.
    @Test
    void asManyAreLeftOutAsTheRateSays() {
        int units = 2_000;
        Architecture wide = of(new RecurrentLayer(CellKind.RNN, units), new RecurrentLayer(CellKind.RNN, 1));
        Trial trial = new Trial(wide, 4);
        SequenceBatch one = RandomBatch.of(wide, 1, 0, 1, new SplittableRandom(5));
        Arrays.fill(one.targets, 1);
        Parameters gradient = trial.parameters.zeros();
        trial.parameters.values[trial.parameters.tensor("layer1.b").offset()] = 0;
        new SequenceLoss(trial.network(), one, 1, true).addGradient(trial.network(), one, gradient, 0.3,
                new SplittableRandom(6));
        Tensor w = gradient.tensor("layer1.W");
        long left = IntStream.range(w.offset(), w.offset() + units).filter(i -> gradient.values[i] == 0).count();
        assertEquals(0.3, left / (double) units, 0.04); // four standard deviations
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void variationalDropoutTakesWholeUnitsOutOfEveryMatrixThatReadsThem(long seed) {
        Architecture architecture = of(new RecurrentLayer(CellKind.LSTM, 6),
                new RecurrentLayer(CellKind.GRU_RESET_BEFORE, 5, null, true, false));
        Parameters masks = masks(architecture, 0.4, seed);
        assertAll(1, masks, "layer0.W", "layer0.b", "layer1.b", "layer1.reverse.b", "head.Wh", "head.Wx", "head.b");
        for (String read : List.of("layer0.U", "layer1.W", "layer1.U", "layer1.V", "layer1.reverse.W",
                "layer1.reverse.U", "layer1.reverse.V")) {
            for (float factor : rowFactors(masks, read)) {
                assertEquals(true, factor == 0 || factor == (float) (1 / 0.6), read + " has a factor of " + factor);
            }
        }
        assertArrayEquals(rowFactors(masks, "layer1.U"), rowFactors(masks, "layer1.V"), "one state, read twice");
    }

    @Test
    void everyTapOfAConvolutionMissesTheSameFilters() {
        Grid grid = new Grid(1, 3, 3);
        RecurrentLayer layer = new RecurrentLayer(CellKind.CONVLSTM, 4, grid, false, false);
        Parameters masks = masks(of(layer, layer), 0.5, 3);
        for (String read : List.of("layer0.U", "layer1.W", "layer1.U")) {
            float[] factors = rowFactors(masks, read);
            assertEquals(4 * grid.taps(), factors.length);
            for (int row = 0; row < factors.length; row++) {
                assertEquals(factors[row % 4], factors[row], read + ", row " + row);
            }
        }
    }

    @Test
    void variationalDropoutLeavesOutAsManyAsTheRateSays() {
        float[] factors = rowFactors(masks(of(new RecurrentLayer(CellKind.RNN, 2_000)), 0.2, 7), "layer0.U");
        assertEquals(0.2, IntStream.range(0, factors.length).filter(i -> factors[i] == 0).count() / 2_000.0, 0.036);
    }

    /// @return what every weight is multiplied by
    private static Parameters masks(Architecture architecture, double rate, long seed) {
        Parameters ones = Network.parametersOf(architecture);
        Arrays.fill(ones.values, 1);
        VariationalDropout.draw(architecture, ones, rate, new SplittableRandom(seed)).apply(ones);
        return ones;
    }

    private static void assertAll(float factor, Parameters masks, String... tensors) {
        for (String name : tensors) {
            for (float found : rowFactors(masks, name)) {
                assertEquals(factor, found, name);
            }
        }
    }

    /// @return the one factor of each row
    private static float[] rowFactors(Parameters masks, String name) {
        Tensor tensor = masks.tensor(name);
        float[] factors = new float[tensor.rows()];
        for (int row = 0; row < factors.length; row++) {
            int from = tensor.offset() + row * tensor.columns();
            factors[row] = masks.values[from];
            for (int i = from; i < from + tensor.columns(); i++) {
                assertEquals(factors[row], masks.values[i], name + ", row " + row);
            }
        }
        return factors;
    }
}
