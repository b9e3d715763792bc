package io.gatecast.training.exchange;

import static io.gatecast.network.Architecture.CellKind.GRU;
import static io.gatecast.network.Architecture.CellKind.GRU_RESET_BEFORE;
import static io.gatecast.network.Architecture.CellKind.LSTM;
import static io.gatecast.network.Architecture.CellKind.PEEPHOLE;
import static io.gatecast.network.Architecture.CellKind.RNN;
import static io.gatecast.training.exchange.RandomNetworks.POINT;
import static io.gatecast.training.exchange.RandomNetworks.QUANTILES;
import static io.gatecast.training.exchange.RandomNetworks.bidirectional;
import static io.gatecast.training.exchange.RandomNetworks.residual;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.BareRun;
import io.gatecast.network.BareRun.LayerRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/// Our arithmetic held against ONNX Runtime's: every cell and composition that ONNX has, with random weights, over random
/// sequences. A reverse direction alone is covered by the second half of every bidirectional layer's outputs.
class OnnxRuntimeTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    static Stream<BareNetwork> networks() {
        Stream<RecurrentLayer[]> stacks = Stream.of(RNN, LSTM, PEEPHOLE, GRU, GRU_RESET_BEFORE)
                .flatMap(cell -> Stream.of(new RecurrentLayer[]{new RecurrentLayer(cell, 7)},
                        new RecurrentLayer[]{bidirectional(cell, 5)},
                        new RecurrentLayer[]{new RecurrentLayer(cell, 6), new RecurrentLayer(cell, 3)},
                        new RecurrentLayer[]{bidirectional(cell, 4), bidirectional(cell, 9)},
                        new RecurrentLayer[]{residual(cell, 4, false), residual(cell, 2, true)},
                        new RecurrentLayer[]{new RecurrentLayer(cell, 1)}));
        Stream<RecurrentLayer[]> mixed = Stream.of(
                new RecurrentLayer[]{new RecurrentLayer(LSTM, 8), bidirectional(GRU, 4), residual(PEEPHOLE, 8, false)},
                new RecurrentLayer[]{bidirectional(PEEPHOLE, 3), new RecurrentLayer(RNN, 5),
                        residual(GRU_RESET_BEFORE, 5, false)});
        long[] seed = {0};
        return Stream.concat(stacks, mixed)
                .map(layers -> RandomNetworks.of(++seed[0], 4, seed[0] % 2 == 0 ? POINT : QUANTILES, layers));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyOutputAndStateIsTheSame(BareNetwork network) throws Exception {
        for (int steps : new int[]{1, 2, 50}) {
            float[] x = RandomNetworks.numbers(steps, steps * network.architecture().inputs(), 2);
            BareRun ours = RandomNetworks.run(network, x);
            Map<String, float[]> theirs = exported(network, x);
            assertClose("y", theirs, ours.outputs());
            for (int i = 0; i < ours.layers().size(); i++) {
                RecurrentLayer layer = network.architecture().layers().get(i);
                assertClose("outputs" + i, theirs, ours.layers().get(i).outputs());
                assertClose("h" + i, theirs, lastStates(ours.layers().get(i), layer.units(), 0, steps));
                if (layer.cell() == LSTM || layer.cell() == PEEPHOLE) {
                    assertClose("c" + i, theirs, lastStates(ours.layers().get(i), layer.units(), 1, steps));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RNN", "CONVLSTM", "CONVLSTM_PEEPHOLE"}, mode = Mode.EXCLUDE)
    void gatesThatChangedPlacesAnswerOtherwise(CellKind cell) throws Exception {
        String order = GateOrder.onnx(cell).gates();
        float[] x = RandomNetworks.numbers(1, 30 * 4, 2);
        for (int i = 0; i < order.length(); i++) {
            for (int j = 0; j < i; j++) {
                BareNetwork network = RandomNetworks.of(7, 4, POINT, new RecurrentLayer(cell, 6));
                float[] right = RandomNetworks.run(network, x).outputs();
                exchange(network, cell, order, i, j);
                float[] wrong = theirs("y", exported(network, x));
                assertTrue(largestDifference(right, wrong) > 1e-3, order + " with " + i + " and " + j + " exchanged");
            }
        }
    }

    /// Exchanges two gates' weights, as a wrong table of orders would.
    private static void exchange(BareNetwork network, CellKind cell, String order, int i, int j) {
        char[] letters = order.toCharArray();
        letters[i] = order.charAt(j);
        letters[j] = order.charAt(i);
        GateOrder right = new GateOrder(order), wrong = new GateOrder(new String(letters));
        CellTensors tensors = new CellTensors(network.parameters(), 0, false, cell, 6);
        tensors.setInputWeights(wrong, tensors.inputWeights(right));
        tensors.setRecurrentWeights(wrong, tensors.recurrentWeights(right));
    }

    private Map<String, float[]> exported(BareNetwork network, float[] x) throws IOException, OrtException {
        Path file = folder.resolve("a.onnx");
        OnnxGraph.write(network, file);
        return OnnxRuntimeSays.of(file, x, network.architecture().inputs());
    }

    /// ONNX lays the directions one after the other; the last state of the one from the end is that of the first step.
    private static float[] lastStates(LayerRun run, int units, int which, int steps) {
        int width = run.forward().length / steps;
        float[] last = Arrays.copyOfRange(run.forward(), (steps - 1) * width, steps * width);
        float[] reverse = run.reverse() == null ? new float[0] : Arrays.copyOf(run.reverse(), width);
        float[] found = new float[reverse.length == 0 ? units : 2 * units];
        System.arraycopy(last, which * units, found, 0, units);
        if (reverse.length > 0) {
            System.arraycopy(reverse, which * units, found, units, units);
        }
        return found;
    }

    private static void assertClose(String name, Map<String, float[]> theirs, float[] ours) {
        float[] expected = theirs(name, theirs);
        assertEquals(expected.length, ours.length, name);
        assertTrue(largestDifference(expected, ours) <= TOLERANCE,
                () -> name + ": largest difference " + largestDifference(expected, ours));
    }

    private static float[] theirs(String name, Map<String, float[]> answers) {
        return Objects.requireNonNull(answers.get(name), name);
    }

    private static double largestDifference(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs((double) a[i] - b[i]);
            largest = difference <= largest ? largest : difference; // NaN is the largest
        }
        return largest;
    }
}
