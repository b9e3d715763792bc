package io.gatecast.app.fuzz;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.command.mixin.ExchangeFormat;
import io.gatecast.network.Network;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.ModelRefused;
import io.gatecast.training.data.CsvSource;
import io.gatecast.training.exchange.BareNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.common.errors.SerializationException;

/// One place where bytes come in from outside.
///
/// @param sound    inputs that are taken
/// @param readings gives each thread a reading of its own, by the thread's number
/// @param refusals the typed errors that are documented there
record Target(List<byte[]> sound, IntFunction<Reading> readings, List<Class<? extends Exception>> refusals) {
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;

    /// The names of them all.
    enum Name {
        STATE, WINDOW, OBSERVATION, CSV, MODEL_FILE, SAFETENSORS, ONNX
    }

    /// Takes an input, or throws one of the refusals.
    interface Reading {
        void read(byte[] bytes) throws Exception;
    }

    static Target of(Name name, Path folder) throws IOException {
        return switch (name) {
            case STATE -> state(folder);
            case WINDOW -> window(folder);
            case OBSERVATION -> observation();
            case CSV -> csv(folder);
            case MODEL_FILE -> modelFile(folder);
            case SAFETENSORS -> network(folder, "safetensors");
            case ONNX -> network(folder, "onnx");
        };
    }

    /// A state that is taken must also serve: the next observations, and its way back into bytes.
    private static Target state(Path folder) throws IOException {
        List<byte[]> sound = new ArrayList<>();
        List<Model> models = new ArrayList<>();
        for (String cell : List.of("lstm", "gru")) {
            Model model = ModelRecords.toModel(ModelFile.read(train(folder, cell)), cell);
            SeriesForecaster forecaster = new SeriesForecaster(model);
            SeriesState state = forecaster.open("a", null);
            for (int t = 0; t < 60; t++) {
                forecaster.observe(state, new Observation(START + t * STEP, 10 + Math.sin(t)));
                if (t % 20 == 19) {
                    sound.add(state.bytes());
                }
            }
            models.add(model);
        }
        return new Target(sound, thread -> {
            List<SeriesForecaster> forecasters = models.stream().map(SeriesForecaster::new).toList();
            return bytes -> serve(forecasters.get(Arrays.hashCode(bytes) & 1), new StoredSeries(bytes), 60);
        }, List.of(IllegalArgumentException.class));
    }

    /// Behind a state that is sound.
    private static Target window(Path folder) throws IOException {
        Model model = ModelRecords.toModel(ModelFile.read(train(folder, "lstm")), "lstm");
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open("a", null);
        List<byte[]> sound = new ArrayList<>();
        byte[] last = new byte[0];
        for (int t = 0; t < 200; t++) {
            forecaster.observe(state, new Observation(START + t * STEP, 10 + Math.sin(t)));
            StoredSeries stored = state.toStore();
            last = stored.state();
            if (stored.window() != null) {
                sound.add(stored.window());
            }
        }
        byte[] before = last;
        return new Target(sound, thread -> {
            SeriesForecaster own = new SeriesForecaster(model);
            return bytes -> serve(own, new StoredSeries(before, bytes), 200);
        }, List.of(IllegalArgumentException.class));
    }

    private static void serve(SeriesForecaster forecaster, StoredSeries stored, int from) {
        SeriesState state = forecaster.open("a", stored);
        for (int t = from; t < from + 10; t += 3) {
            Outcome outcome = forecaster.observe(state, new Observation(START + t * STEP, 10));
            if (outcome instanceof Outcome.Rejected rejected) {
                throw new IllegalStateException("a sound observation is rejected: " + rejected.reason());
            }
        }
        forecaster.open("a", new StoredSeries(state.bytes()));
    }

    private static Target observation() {
        Registry registry = Registry.connect(Map.of(Registry.URL, "mock://fuzz"));
        var serde = new AvroSerde<>(registry, "observations", io.gatecast.avro.Observation.class);
        List<byte[]> sound = new ArrayList<>();
        for (int channels : List.of(1, 3, 200)) {
            List<Double> values = new ArrayList<>();
            for (int c = 0; c < channels; c++) {
                values.add(c % 5 == 4 ? null : 1.5 * c);
            }
            sound.add(serde.serializer().serialize("observations",
                    new io.gatecast.avro.Observation(Instant.ofEpochMilli(START), values, List.of(1.0, 2.0))));
        }
        return new Target(sound, thread -> bytes -> serde.deserializer().deserialize("observations", bytes),
                List.of(SerializationException.class));
    }

    private static Target csv(Path folder) {
        List<byte[]> sound = List.of(
                utf8("series,timestamp,value,value2\na,2026-01-01T00:00:00Z,1,2\n\"b \"\"c\",1767225600,,-3e4\n"),
                utf8("timestamp,a,b\n2026-01-01,1,2\n2026-01-02,,4\n"), utf8("id,v1,v2,v3\nA,1,2,3\nB,10,20,\n"),
                utf8("timestamp,value\n1767225600000,1\n1767225660000,2\n1767225720000,3\n"));
        return new Target(sound,
                ofFile(folder, "csv", file -> new CsvSource(file, null, STEP).read()),
                List.of(IOException.class, IllegalArgumentException.class));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Target modelFile(Path folder) throws IOException {
        List<byte[]> sound = List.of(Files.readAllBytes(train(folder, "lstm")),
                Files.readAllBytes(train(folder, "peephole")));
        return new Target(sound,
                ofFile(folder, "avro", file -> ModelRecords.toModel(ModelFile.read(file), file.toString())),
                List.of(ModelRefused.class));
    }

    private static Target network(Path folder, String suffix) throws IOException {
        List<byte[]> sound = new ArrayList<>();
        for (String cell : List.of("lstm", "gru", "rnn")) {
            Path exported = folder.resolve(cell + "." + suffix);
            run("models", "export", train(folder, cell).toString(), "--output", exported.toString());
            sound.add(Files.readAllBytes(exported));
        }
        return new Target(sound, ofFile(folder, suffix, file -> {
            BareNetwork network = ExchangeFormat.of(file).read(file, null);
            Network.compile(network.architecture(), network.parameters());
        }), List.of(IOException.class, IllegalArgumentException.class));
    }

    /// Takes a file.
    private interface FileReading {
        void read(Path file) throws Exception;
    }

    /// The file is written over, since some file systems go to the disk whenever one is emptied and written anew.
    ///
    /// @return what writes an input into a file of the thread's, and has that read
    private static IntFunction<Reading> ofFile(Path folder, String suffix, FileReading reading) {
        return thread -> {
            Path file = folder.resolve("fuzz-" + thread + "." + suffix);
            return bytes -> {
                try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    out.write(ByteBuffer.wrap(bytes));
                    out.truncate(bytes.length);
                }
                reading.read(file);
            };
        };
    }

    private static Path train(Path folder, String cell) throws IOException {
        Path file = folder.resolve(cell + ".avro");
        Path data = folder.resolve("history.csv");
        if (!Files.exists(data)) {
            StringBuilder rows = new StringBuilder("timestamp,value\n");
            for (int t = 0; t < 120; t++) {
                rows.append(START + t * STEP).append(',').append(10 + Math.sin(t)).append('\n');
            }
            Files.writeString(data, rows.toString());
        }
        if (!Files.exists(file)) {
            run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "3",
                    "--hidden", "3", "--epochs", "1", "--cell", cell, "--output", file.toString());
        }
        return file;
    }

    private static void run(String... arguments) throws IOException {
        Run run = Gatecasts.run(arguments);
        if (run.status() != 0) {
            throw new IOException(run.err());
        }
    }
}
