package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.avro.Model;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.training.exchange.Safetensors;
import io.gatecast.training.exchange.Safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A state_dict as another program saved it becomes a model: bare, or fed and run.
class ImportCommandTest {
    private static final FeatureSpec HOURLY = FeatureSpec.of(3_600_000, 1, List.of(), 2);
    private static final int UNITS = 3;
    /// Of a head of three quantiles over two steps.
    private static final int OUTPUTS = 6;
    private static final String[] FED = {"--interval", "1h", "--horizon", "2", "--quantiles", "0.1,0.5,0.9"};

    @TempDir
    Path folder;

    private Path file;
    private Path model;

    @BeforeEach
    void name() {
        file = folder.resolve("torch.safetensors");
        model = folder.resolve("model.avro");
    }

    @ParameterizedTest
    @CsvSource({"RNN, 1", "GRU, 3", "LSTM, 4"})
    void aBareNetworkIsRunWithoutAWordOnWhatItIsFed(CellKind cell, int gates) throws IOException {
        save(stateDict(gates, 5, OUTPUTS));
        Run run = load();
        assertEquals(0, run.status(), run.err());
        int weights = gates * UNITS * (5 + UNITS) + OUTPUTS * (UNITS + 5 + 1)
                + gates * UNITS + (cell == CellKind.GRU ? UNITS : 0);
        assertEquals("{\"modelId\":\"imported\",\"file\":\"" + model + "\",\"layers\":1,\"inputs\":5,\"weights\":"
                + weights + ",\"runs\":false}", run.out().getLast());
        Model record = ModelFile.read(model);
        assertNull(record.getFeatures());
        var architecture = ModelRecords.toNetwork(record, "it").architecture();
        assertEquals(List.of(new RecurrentLayer(cell, UNITS)), architecture.layers());
        assertEquals(new HeadShape(HeadKind.POINT, 1, 1, OUTPUTS, List.of(0.5)), architecture.head());

        Path inputs = Files.writeString(folder.resolve("x.csv"), "1,2,3,4,5\n-1,-2,-3,-4,-5\n");
        Run eval = Gatecasts.run("models", "eval", "--model", model.toString(), "--inputs", inputs.toString(),
                "--output", folder.resolve("y.csv").toString());
        assertEquals(0, eval.status(), eval.err());
    }

    @Test
    void aBareNetworkIsNotRun() throws IOException {
        save(stateDict(4, HOURLY.inputs(), OUTPUTS));
        assertEquals(0, load().status());
        Run run = forecast();
        assertEquals(1, run.status());
        assertEquals(
                "gatecast: " + model + ": features: expected what the network is fed, found none; a bare network can"
                        + " be evaluated and exported but not run: import it with --interval and --horizon\n",
                run.err());
        assertFalse(Files.exists(folder.resolve("out.csv")));
    }

    @ParameterizedTest
    @CsvSource({"RNN, 1", "GRU, 3", "LSTM, 4"})
    void whatIsFedWhatItTakesForecasts(CellKind cell, int gates) throws IOException {
        save(stateDict(gates, HOURLY.inputs(), OUTPUTS));
        Run run = load(Stream.concat(Stream.of(FED), Stream.of("--id", "theirs")).toArray(String[]::new));
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().getLast().endsWith("\"runs\":true}"), run.out().getLast());
        var theirs = ModelRecords.toModel(ModelFile.read(model), "it");
        assertEquals("theirs", theirs.id());
        assertEquals(HOURLY, theirs.features());
        assertEquals(HOURLY.architecture(List.of(new RecurrentLayer(cell, UNITS)), List.of(0.1, 0.5, 0.9)),
                theirs.network().architecture());

        Run forecast = forecast();
        assertEquals(0, forecast.status(), forecast.err());
        String[] row = Files.readAllLines(folder.resolve("out.csv")).getLast().split(",");
        assertEquals(3, row.length);
        assertTrue(Float.isFinite(Float.parseFloat(row[1])) && Float.isFinite(Float.parseFloat(row[2])));
    }

    @Test
    void everyHeadIsMeantAsItIsSaid() throws IOException {
        Map<HeadKind, Integer> outputs = Map.of(HeadKind.POINT, 2, HeadKind.GAUSSIAN, 4, HeadKind.STUDENT_T, 6);
        for (HeadKind head : outputs.keySet()) {
            save(stateDict(3, HOURLY.inputs(), outputs.get(head)));
            Run run = load("--interval", "1h", "--horizon", "2", "--head", head.label());
            assertEquals(0, run.status(), run.err());
            assertEquals(head,
                    ModelRecords.toModel(ModelFile.read(model), "it").network().architecture().head().kind());
        }
    }

    @Test
    void aHeadOfAnotherSizeIsRefused() throws IOException {
        save(stateDict(4, HOURLY.inputs(), OUTPUTS + 1));
        assertRefused("expected a head of 6 outputs for HeadShape[kind=QUANTILES, channels=1, bases=1, horizon=2, "
                + "quantiles=[0.1, 0.5, 0.9]], found 7", FED);
    }

    @Test
    void inputsThatTheFeaturesDoNotGiveAreRefused() throws IOException {
        save(stateDict(4, HOURLY.inputs() + 1, OUTPUTS));
        assertRefused("expected " + HOURLY.inputs() + " inputs, as --interval, --seasonality, --horizon and --channels"
                + " make them, found " + (HOURLY.inputs() + 1) + "; without these options it is imported bare", FED);
    }

    @Test
    void aTensorThatDoesNotFitIsNamed() throws IOException {
        Map<String, Tensor> tensors = stateDict(4, 5, OUTPUTS);
        tensors.remove("rnn.bias_hh_l0");
        save(tensors);
        assertRefused("tensor rnn.bias_hh_l0: expected shape [12], found none");
        tensors = stateDict(4, 5, OUTPUTS);
        tensors.put("rnn.weight_ih_l1", random(1, 12, 4));
        tensors.put("rnn.weight_hh_l1", random(1, 12, 3));
        save(tensors);
        assertRefused("tensor rnn.weight_ih_l1: expected shape [12, 3], found [12, 4]");
        tensors = stateDict(4, 5, OUTPUTS);
        tensors.put("norm.scale", random(1, 7));
        save(tensors);
        assertRefused("tensor norm.scale: expected none of that name");
    }

    @Test
    void aFileThatIsNoneIsRefused() throws IOException {
        assertRefused("no such file or folder");
        Files.writeString(file, "not tensors at all");
        assertRefused("is it a safetensors file, copied in full?");
        file = Files.writeString(folder.resolve("network.onnx"), "no graph");
        assertRefused("expected an ONNX model");
        file = Files.writeString(folder.resolve("network.pth"), "");
        assertRefused("expected a name that ends with .safetensors (PyTorch) or .onnx");
    }

    @Test
    void intervalAndHorizonGoTogether() throws IOException {
        save(stateDict(4, HOURLY.inputs(), OUTPUTS));
        Run run = load("--horizon", "2");
        assertEquals(2, run.status());
        assertTrue(run.err().contains("--interval"), run.err());
        assertFalse(Files.exists(model));
    }

    private void assertRefused(String sentence, String... options) {
        Run run = load(options);
        assertEquals(1, run.status(), run.err());
        assertTrue(run.err().startsWith("gatecast: " + file + ": "), run.err());
        assertTrue(run.err().contains(sentence), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertFalse(run.err().contains("this is a fault in Gatecast"), run.err());
        assertFalse(Files.exists(model), "written");
    }

    private Run load(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("models", "import", file.toString(), "--output", model.toString(), "--json"));
        arguments.addAll(List.of(options));
        return Gatecasts.run(arguments.toArray(String[]::new));
    }

    private Run forecast() throws IOException {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 120; i++) {
            csv.append("2026-01-%02dT%02d:00:00Z,%d%n".formatted(1 + i / 24, i % 24, i % 7));
        }
        Path data = Files.writeString(folder.resolve("data.csv"), csv);
        return Gatecasts.run("forecast", "--model", model.toString(), "--data", data.toString(), "--output",
                folder.resolve("out.csv").toString());
    }

    private void save(Map<String, Tensor> tensors) throws IOException {
        new Safetensors(tensors, Map.of("format", "pt")).write(file);
    }

    /// As of a module with `rnn` and, over its hidden state alone, `head`.
    private static Map<String, Tensor> stateDict(int gates, int inputs, int outputs) {
        int rows = gates * UNITS;
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("rnn.weight_ih_l0", random(1, rows, inputs));
        tensors.put("rnn.weight_hh_l0", random(2, rows, UNITS));
        tensors.put("rnn.bias_ih_l0", random(3, rows));
        tensors.put("rnn.bias_hh_l0", random(4, rows));
        tensors.put("head.weight", random(5, outputs, UNITS));
        tensors.put("head.bias", random(6, outputs));
        return tensors;
    }

    private static Tensor random(long seed, Integer... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[Stream.of(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        return new Tensor(List.of(shape), numbers);
    }
}
