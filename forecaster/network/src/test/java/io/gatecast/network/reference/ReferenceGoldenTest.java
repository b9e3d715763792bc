package io.gatecast.network.reference;

import static io.gatecast.network.Architecture.CellKind.LSTM;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Golden;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The reference against PyTorch, to the nine digits that the files keep: outputs, last cell state and the gradient by
/// every weight and input.
class ReferenceGoldenTest {
    private static final double NINE_DIGITS = 6e-9;

    @ParameterizedTest
    @CsvSource({"RNN, rnn.json", "LSTM, lstm.json", "GRU, gru.json", "GRU_RESET_BEFORE, gru-reset-before.json",
            "PEEPHOLE, peephole.json", "CONVLSTM, convlstm-row.json", "CONVLSTM, convlstm-grid.json",
            "CONVLSTM_PEEPHOLE, convlstm-peephole.json"})
    void aCellIsWhatPyTorchMakesOfIt(CellKind kind, String file) {
        Golden golden = Golden.of(file);
        Grid grid = kind.isConvolutional()
                ? new Grid(golden.integer("rows"), golden.integer("columns"), golden.integer("kernel"))
                : null;
        assertSame(golden, "layer0.", List.of(new RecurrentLayer(kind, golden.integer("units"), grid, false, false)));
    }

    @Test
    void layersAndDirectionsComeTogetherAsInPyTorch() {
        Golden golden = Golden.of("bidirectional.json");
        RecurrentLayer layer = new RecurrentLayer(LSTM, golden.integer("units"), null, true, false);
        assertSame(golden, "", List.of(layer, layer));
    }

    /// @param prefix what our names begin with and the file's do not
    private static void assertSame(Golden golden, String prefix, List<RecurrentLayer> layers) {
        Architecture architecture = new Architecture(golden.integer("inputs"), layers,
                new HeadShape(1, 1, 1, List.of(0.5)));
        ReferenceTensors tensors = ReferenceTensors.of(architecture,
                (name, size) -> exact(golden, "parameters", name.substring(prefix.length())));
        for (int n = 0; n < golden.integer("batch"); n++) {
            assertSeries(golden, n, new ReferenceNetwork(architecture, tensors));
        }
        tensors.values()
                .forEach((name, tensor) -> assertNumbers(golden, 0, tensor.gradient, "gradient",
                        name.substring(prefix.length())));
    }

    /// One series of the batch: forward and, into the tensors' gradients, back.
    private static void assertSeries(Golden golden, int n, ReferenceNetwork network) {
        int batch = golden.integer("batch"), steps = golden.integer("steps");
        int inputs = network.architecture().inputs(), outputs = network.architecture().outputs();
        List<Value> x = ReferenceNetwork.rows(series(exact(golden, "x"), n, batch, inputs), inputs);
        ReferenceNetwork.Pass pass = network.pass(x);
        pass.dot(series(exact(golden, "dh"), n, batch, outputs)).backward();
        for (int t = 0; t < steps; t++) {
            assertNumbers(golden, (t * batch + n) * outputs, pass.outputs().get(t).data, "h");
            assertNumbers(golden, (t * batch + n) * inputs, x.get(t).gradient, "dx");
        }
        if (golden.root().has("lastCell")) {
            double[] last = pass.states().getFirst().getLast();
            assertNumbers(golden, n * outputs, Arrays.copyOfRange(last, outputs, last.length), "lastCell");
        }
    }

    /// @param all `[steps][batch][width]`
    /// @return those of series n
    private static double[] series(double[] all, int n, int batch, int width) {
        double[] series = new double[all.length / batch];
        for (int i = 0; i < series.length; i++) {
            series[i] = all[(i / width * batch + n) * width + i % width];
        }
        return series;
    }

    /// What PyTorch was given was float32; nine digits bring it back exactly.
    private static double[] exact(Golden golden, String... path) {
        float[] floats = golden.floats(path);
        double[] doubles = new double[floats.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private static void assertNumbers(Golden golden, int from, double[] found, String... path) {
        for (int i = 0; i < found.length; i++) {
            int place = from + i;
            double expected = golden.at(path).get(place).doubleValue();
            assertEquals(expected, found[i], NINE_DIGITS * Math.max(1e-3, Math.abs(expected)),
                    () -> String.join(".", path) + "[" + place + "] of " + golden.file());
        }
    }
}
