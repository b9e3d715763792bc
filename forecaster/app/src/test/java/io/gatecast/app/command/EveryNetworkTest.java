package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every cell, composition and head by way of the command line: learned, asked for a forecast, handed to other tools and
/// taken back.
class EveryNetworkTest {
    private static final int STEPS = 150;
    private static final int CHANNELS = 4;
    private static final String NO_CONVOLUTION = "a convolutional LSTM; keep it as a model file of Gatecast";
    private static final String NO_PEEPHOLES = "layer 0: PyTorch has no LSTM with peepholes; export to ONNX, which has";
    private static final String NO_RESET_BEFORE = "layer 0: PyTorch has no GRU that resets before the product; export to"
            + " ONNX, which has";
    private static final String NO_RESIDUAL = "layer 1: no PyTorch module has a residual connection; export to ONNX, which"
            + " can say it";

    @TempDir
    static Path folder;

    /// What is asked of `train`, and what must come of it.
    ///
    /// @param options  for the layers and the head
    /// @param channels of the data
    /// @param layers   that the model then has
    /// @param noTorch  why PyTorch has no such network; null where it has
    /// @param noOnnx   likewise
    private record Example(String options, int channels, HeadKind head, List<RecurrentLayer> layers,
            @Nullable String noTorch, @Nullable String noOnnx) {

        Example because(@Nullable String torch, @Nullable String onnx) {
            return new Example(options, channels, head, layers, torch, onnx);
        }

        @Override
        public String toString() {
            return options;
        }
    }

    static List<Example> examples() {
        RecurrentLayer lstm = new RecurrentLayer(CellKind.LSTM, 4);
        return List.of(
                one("--cell rnn --hidden 5", new RecurrentLayer(CellKind.RNN, 5)),
                one("--hidden 4", lstm),
                one("--cell peephole --hidden 4", new RecurrentLayer(CellKind.PEEPHOLE, 4)).because(NO_PEEPHOLES, null),
                one("--cell gru --hidden 5", new RecurrentLayer(CellKind.GRU, 5)),
                one("--cell gru-reset-before --hidden 4", new RecurrentLayer(CellKind.GRU_RESET_BEFORE, 4))
                        .because(NO_RESET_BEFORE, null),
                one("--hidden 4 --truncate 20 --clip 0.1 --learning-rate 0.01", lstm),
                one("--hidden 4 --layers 2 --dropout 0.3", lstm, lstm),
                one("--hidden 4 --layers 2 --dropout 0.3 --variational", lstm, lstm),
                one("--cell gru,lstm,rnn --hidden 4,3,5", new RecurrentLayer(CellKind.GRU, 4),
                        new RecurrentLayer(CellKind.LSTM, 3), new RecurrentLayer(CellKind.RNN, 5)),
                one("--hidden 4 --layers 2 --residual", lstm, new RecurrentLayer(CellKind.LSTM, 4, null, false, true))
                        .because(NO_RESIDUAL, null),
                one("--hidden 3 --bidirectional", new RecurrentLayer(CellKind.LSTM, 3, null, true, false)),
                one("--cell gru --hidden 3 --layers 2 --bidirectional --residual",
                        new RecurrentLayer(CellKind.GRU, 3, null, true, false),
                        new RecurrentLayer(CellKind.GRU, 3, null, true, true)).because(NO_RESIDUAL, null),
                one("--cell peephole --hidden 3 --bidirectional",
                        new RecurrentLayer(CellKind.PEEPHOLE, 3, null, true, false)).because(NO_PEEPHOLES, null),
                head(HeadKind.POINT, lstm), head(HeadKind.GAUSSIAN, lstm), head(HeadKind.STUDENT_T, lstm),
                fleet("--hidden 4", lstm),
                fleet("--cell convlstm --hidden 2", on(CellKind.CONVLSTM, 2, new Grid(1, 4, 3), false))
                        .because(NO_CONVOLUTION, NO_CONVOLUTION),
                fleet("--cell convlstm-peephole --hidden 2 --grid 2x2 --kernel 5",
                        on(CellKind.CONVLSTM_PEEPHOLE, 2, new Grid(2, 2, 5), false))
                        .because(NO_CONVOLUTION, NO_CONVOLUTION),
                fleet("--cell convlstm --hidden 2 --grid 4x1 --bidirectional",
                        on(CellKind.CONVLSTM, 2, new Grid(4, 1, 3), true)).because(NO_CONVOLUTION, NO_CONVOLUTION),
                fleet("--cell convlstm,lstm --hidden 2,5 --grid 2x2 --head gaussian", HeadKind.GAUSSIAN,
                        on(CellKind.CONVLSTM, 2, new Grid(2, 2, 3), false), new RecurrentLayer(CellKind.LSTM, 5))
                        .because(NO_CONVOLUTION, NO_CONVOLUTION));
    }

    private static Example one(String options, RecurrentLayer... layers) {
        return new Example(options, 1, HeadKind.QUANTILES, List.of(layers), null, null);
    }

    private static Example head(HeadKind head, RecurrentLayer layer) {
        return new Example("--hidden 4 --head " + head.label(), 1, head, List.of(layer), null, null);
    }

    private static Example fleet(String options, RecurrentLayer... layers) {
        return fleet(options, HeadKind.QUANTILES, layers);
    }

    private static Example fleet(String options, HeadKind head, RecurrentLayer... layers) {
        return new Example(options, CHANNELS, head, List.of(layers), null, null);
    }

    private static RecurrentLayer on(CellKind cell, int filters, Grid grid, boolean bidirectional) {
        return new RecurrentLayer(cell, filters, grid, bidirectional, false);
    }

    @BeforeAll
    static void writeSeries() throws IOException {
        for (int channels : new int[]{1, CHANNELS}) {
            SplittableRandom random = new SplittableRandom(channels);
            StringBuilder csv = new StringBuilder("series,timestamp,value" + ",further".repeat(channels - 1) + "\n");
            for (int s = 0; s < 2; s++) {
                for (int t = 0; t < STEPS; t++) {
                    csv.append("s%d,2026-01-%02dT%02d:00:00Z".formatted(s, 1 + t / 24, t % 24));
                    for (int c = 0; c < channels; c++) {
                        csv.append(',').append(10 * s + t % 12 + c + random.nextDouble());
                    }
                    csv.append('\n');
                }
            }
            Files.writeString(folder.resolve("series" + channels + ".csv"), csv);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void itIsLearnedAndForecasts(Example example) throws IOException {
        Path model = train(example);
        Architecture architecture = ModelRecords.toNetwork(ModelFile.read(model), "it").architecture();
        assertEquals(example.layers, architecture.layers());
        assertEquals(example.head, architecture.head().kind());
        double[][] medians = forecast(example, model);
        assertEquals(2 * example.channels, medians.length);
        assertTrue(Stream.of(medians).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void otherToolsHaveItOrItIsSaidWhyNot(Example example) throws IOException {
        Path model = train(example);
        Path inputs = inputs(model);
        List<String> said = eval(model, inputs);
        String[] suffixes = {".safetensors", ".onnx"};
        List<@Nullable String> refusals = Arrays.asList(example.noTorch, example.noOnnx);
        for (int i = 0; i < suffixes.length; i++) {
            Path file = folder.resolve("network" + suffixes[i]);
            Files.deleteIfExists(file);
            String refusal = refusals.get(i);
            if (refusal != null) {
                Run run = run("models export %s --output %s", model, file);
                assertEquals(1, run.status());
                assertTrue(run.err().startsWith("gatecast: ") && run.err().lines().count() == 1, run.err());
                assertTrue(run.err().contains(refusal), run.err());
                assertFalse(Files.exists(file));
            } else {
                done("models export %s --output %s", model, file);
                Path bare = folder.resolve("bare.avro");
                done("models import %s --output %s", file, bare);
                assertEquals(said, eval(bare, inputs), suffixes[i]);
                assertTakenBackToRun(example, model, file);
            }
        }
    }

    private static void assertTakenBackToRun(Example example, Path model, Path file) throws IOException {
        Path back = folder.resolve("back.avro");
        done("models import %s --output %s --interval 1h --horizon 3 --seasonality 12 --channels %d --head %s", file,
                back, example.channels, example.head.label());
        assertEquals(Arrays.deepToString(forecast(example, model)), Arrays.deepToString(forecast(example, back)));
    }

    /// Equal rows would say the same whatever became of the weights on the way.
    @ParameterizedTest
    @MethodSource("examples")
    void itsNumbersAreFiniteAndItsStateMoves(Example example) throws IOException {
        Path model = train(example);
        List<String> said = eval(model, inputs(model));
        assertNotEquals(said.get(1), said.get(2));
        assertTrue(said.stream().skip(1).allMatch(row -> Stream.of(row.split(",")).map(Float::valueOf)
                .allMatch(Float::isFinite)));
    }

    private static Path train(Example example) {
        Path model = folder.resolve(example.options.replaceAll("[^a-z0-9]+", "_") + example.channels + ".avro");
        if (!Files.exists(model)) {
            done("train --data %s --interval 1h --horizon 3 --seasonality 12 --batch 4 --epochs 4 --output %s %s",
                    folder.resolve("series" + example.channels + ".csv"), model, example.options);
        }
        return model;
    }

    private static double[][] forecast(Example example, Path model) throws IOException {
        Path medians = folder.resolve("medians.csv");
        done("forecast --model %s --data %s --output %s", model,
                folder.resolve("series" + example.channels + ".csv"), medians);
        return Files.readAllLines(medians).stream().skip(1)
                .map(row -> Stream.of(row.split(",")).skip(1).mapToDouble(Double::parseDouble).toArray())
                .toArray(double[][]::new);
    }

    /// @return rows of numbers within the range of features, as many in a row as the model has inputs
    private static Path inputs(Path model) throws IOException {
        int width = ModelRecords.toNetwork(ModelFile.read(model), "it").architecture().inputs();
        SplittableRandom random = new SplittableRandom(width);
        List<String> rows = new ArrayList<>();
        for (int t = 0; t < 9; t++) {
            rows.add(random.doubles(width, -2, 2).mapToObj(x -> Float.toString((float) x))
                    .collect(Collectors.joining(",")));
        }
        return Files.write(folder.resolve("inputs.csv"), rows);
    }

    private static List<String> eval(Path model, Path inputs) throws IOException {
        Path said = folder.resolve("said.csv");
        done("models eval --model %s --inputs %s --output %s", model, inputs, said);
        return Files.readAllLines(said);
    }

    private static void done(String command, Object... arguments) {
        Run run = run(command, arguments);
        assertEquals(0, run.status(), run.err());
    }

    private static Run run(String command, Object... arguments) {
        return Gatecasts.run(String.format(Locale.ROOT, command, arguments).split(" "));
    }
}
