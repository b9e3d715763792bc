package io.gatecast.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.kernel.Precision;
import io.gatecast.network.tensor.Parameters;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkTest {
    private static final HeadShape HEAD = new HeadShape(1, 2, 24, List.of(0.025, 0.1, 0.5, 0.9, 0.975));
    private static final Architecture ARCHITECTURE = new Architecture(75,
            List.of(new RecurrentLayer(CellKind.LSTM, 50), new RecurrentLayer(CellKind.LSTM, 32)), HEAD);
    private static final int WARM_UPS = 1000;

    private final Network network = Network.compile(ARCHITECTURE, Network.initialise(ARCHITECTURE, 1));

    /// A network that steps through the same numbers again and again.
    private static final class Stepping {
        private final Network network;
        private final Network.Scratch scratch;
        private final float[] x;
        private final float[] bases = RandomBatch.numbers(new SplittableRandom(2), 2 * 24);
        private final float[] state;
        private final float[] quantiles = new float[5 * 24];

        Stepping(Network network) {
            this.network = network;
            this.scratch = network.scratch();
            this.x = RandomBatch.numbers(new SplittableRandom(1), network.architecture().inputs());
            this.state = new float[network.stateSize()];
        }

        long allocatedBy(int steps) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int t = 0; t < steps; t++) {
                network.advance(x, state, scratch);
                network.answer(x, state, bases, quantiles, scratch);
            }
            return threads.getCurrentThreadAllocatedBytes() - before;
        }
    }

    /// Two layers of each kind, the second residual.
    static Stream<Architecture> everyCell() {
        return Stream.of(CellKind.values()).map(kind -> {
            Grid grid = kind.isConvolutional() ? new Grid(1, 5, 3) : null;
            int units = kind.isConvolutional() ? 4 : 20;
            return new Architecture(75, List.of(new RecurrentLayer(kind, units, grid, false, false),
                    new RecurrentLayer(kind, units, grid, false, true)), HEAD);
        });
    }

    /// One layer under each head.
    static Stream<Architecture> everyHead() {
        return Stream.of(HeadKind.values())
                .map(kind -> new Architecture(75, List.of(new RecurrentLayer(CellKind.LSTM, 20)),
                        new HeadShape(kind, 1, 2, 24, kind == HeadKind.POINT ? List.of(0.5) : HEAD.quantiles())));
    }

    /// Serving leaves the collector nothing to do once C2 has compiled it. When that is depends on the machine, so the
    /// warm-up ends with the first thousand steps that allocated nothing, and has an end.
    @ParameterizedTest
    @MethodSource({"everyCell", "everyHead"})
    void aStepAllocatesNothing(Architecture architecture) {
        assertAllocatesNothing(Network.compile(architecture, Network.initialise(architecture, 1)));
    }

    @ParameterizedTest
    @EnumSource
    void aStepAllocatesNothingInAnyPrecision(Precision precision) {
        Architecture architecture = new Architecture(8, List.of(new RecurrentLayer(CellKind.LSTM, 64)), HEAD);
        assertAllocatesNothing(Network.compile(architecture, Network.initialise(architecture, 1)).in(precision));
    }

    private static void assertAllocatesNothing(Network network) {
        Stepping stepping = new Stepping(network);
        long allocated = stepping.allocatedBy(1000);
        for (int i = 0; i < WARM_UPS && allocated > 0; i++) {
            allocated = stepping.allocatedBy(1000);
        }
        assertEquals(0, allocated, "still allocating after " + WARM_UPS + " thousand steps");
        assertEquals(0, stepping.allocatedBy(10_000));
    }

    /// How far h strays from where float32 weights lead it in 500 steps, at most: 2e-5 in fixed point, 4e-3 in bfloat16. Weights
    /// are those that PyTorch begins with, even over ±1/√H; ours, some of which are larger than the rest, 4e-5 in fixed point.
    @ParameterizedTest
    @CsvSource({"32, 1", "64, 2", "128, 3", "256, 4"})
    void roundedWeightsLeadAStateAstrayByLittle(int units, long seed) {
        Architecture architecture = new Architecture(8, List.of(new RecurrentLayer(CellKind.LSTM, units)), HEAD);
        Parameters even = Network.parametersOf(architecture), ours = Network.initialise(architecture, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < even.values.length; i++) {
            even.values[i] = (float) (random.nextDouble(-1, 1) / Math.sqrt(units));
        }
        assertEquals(0, astray(architecture, even, Precision.FLOAT32));
        assertEquals(0, astray(architecture, even, Precision.INT16), 2e-5);
        assertEquals(0, astray(architecture, ours, Precision.INT16), 4e-5);
        assertEquals(0, astray(architecture, even, Precision.BFLOAT16), 4e-3);
        assertTrue(astray(architecture, even, Precision.INT16) > 0, "nothing was rounded");
    }

    private static float astray(Architecture architecture, Parameters parameters, Precision precision) {
        Network exact = Network.compile(architecture, parameters), rounded = exact.in(precision);
        SplittableRandom random = new SplittableRandom(1);
        float[] expected = new float[exact.stateSize()], found = expected.clone();
        Network.Scratch scratch = exact.scratch();
        float most = 0;
        for (int t = 0; t < 500; t++) {
            float[] x = RandomBatch.numbers(random, exact.architecture().inputs());
            exact.advance(x, expected, scratch);
            rounded.advance(x, found, scratch);
            for (int j = 0; j < exact.stateSize() / 2; j++) {
                most = Math.max(most, Math.abs(expected[j] - found[j]));
            }
        }
        return most;
    }

    @Test
    void aSeedFixesEveryWeight() {
        assertArrayEquals(Network.initialise(ARCHITECTURE, 7).values, Network.initialise(ARCHITECTURE, 7).values);
        assertFalse(Arrays.equals(Network.initialise(ARCHITECTURE, 7).values,
                Network.initialise(ARCHITECTURE, 8).values));
    }

    /// A published model must not change under those who use it.
    @Test
    void aCompiledNetworkDoesNotSeeLaterChangesOfItsParameters() {
        Parameters parameters = Network.initialise(ARCHITECTURE, 1);
        Network compiled = Network.compile(ARCHITECTURE, parameters);
        parameters.fill(9);
        float[] x = RandomBatch.numbers(new SplittableRandom(1), ARCHITECTURE.inputs());
        float[] changed = new float[network.stateSize()];
        float[] unchanged = changed.clone();
        compiled.advance(x, changed, compiled.scratch());
        network.advance(x, unchanged, network.scratch());
        assertArrayEquals(unchanged, changed);
    }

    @Test
    void tensorsAreNamedAndOrderedAsInAModelFile() {
        assertEquals(List.of("layer0.W", "layer0.U", "layer0.b", "layer1.W", "layer1.U", "layer1.b", "head.Wh",
                "head.Wx", "head.b"),
                Network.parametersOf(ARCHITECTURE).tensors().stream().map(Parameters.Tensor::name).toList());
        assertEquals(2 * 50 + 2 * 32, network.stateSize());
    }

    @Test
    void anArchitectureThatCannotBeIsRefusedInASentence() {
        assertRefused("quantiles: expected the median 0.5 among them, found [0.1, 0.9]",
                () -> new HeadShape(1, 1, 1, List.of(0.1, 0.9)));
        assertRefused("quantiles: expected rising levels, found [0.5, 0.1]",
                () -> new HeadShape(1, 1, 1, List.of(0.5, 0.1)));
        assertRefused("horizon: expected at least 1 step, found -3",
                () -> new HeadShape(1, 1, -3, List.of(0.5)));
        assertRefused("units: expected at least 1, found 0", () -> new RecurrentLayer(CellKind.LSTM, 0));
        assertRefused("layers: expected at least one recurrent layer, found none",
                () -> new Architecture(1, List.of(), HEAD));
    }

    private static void assertRefused(String sentence, Runnable making) {
        assertEquals(sentence, assertThrows(IllegalArgumentException.class, making::run).getMessage());
    }

    @Test
    void anEmbeddingIsPartOfTheInputsAndMadeByTheNetwork() {
        Architecture architecture = new Architecture(5, List.of(new RecurrentLayer(CellKind.RNN, 2)),
                new HeadShape(1, 1, 1, List.of(0.5)), new Embedding(2, 3));
        Network network = Network.compile(architecture, Network.initialise(architecture, 1));
        float[] x = new float[12];
        Arrays.fill(x, 9);
        network.embed(0, x, 1);
        assertArrayEquals(new float[]{9, 9, 9, 0, 0, 0, 9, 9, 9, 9, 9, 9}, x); // nothing is known at first
        network.embed(2, x, 7);
        assertArrayEquals(Arrays.copyOfRange(network.parameters().values, 6, 9), Arrays.copyOfRange(x, 9, 12));
        var e = assertThrows(IllegalArgumentException.class, () -> BareRun.of(network, new float[5]));
        assertEquals("inputs: the last of them are an embedding, which the network makes of a category itself; such a"
                + " network cannot be run over rows of inputs", e.getMessage());
        var wide = assertThrows(IllegalArgumentException.class,
                () -> new Architecture(3, architecture.layers(), architecture.head(), new Embedding(2, 3)));
        assertEquals("embedding: expected fewer dimensions than the 3 inputs, found 3", wide.getMessage());
    }
}
