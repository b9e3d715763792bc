package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.avro.Model;
import io.gatecast.streams.ModelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a person gets wrong is told in one clear sentence, with a status other than 0, and nothing is written.
class BadInputTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        StringBuilder good = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 120; i++) {
            good.append("2026-01-%02dT%02d:00:00Z,%d%n".formatted(1 + i / 24, i % 24, i % 12));
        }
        Files.writeString(folder.resolve("good.csv"), good.toString());
        Files.writeString(folder.resolve("line.csv"), "timestamp,value\n2026-01-01,1\n2026-01-02,abc\n");
        Files.writeString(folder.resolve("layout.csv"), "alpha,beta,gamma\n1,2,3\n");
        Files.writeString(folder.resolve("typo.properties"),
                "bootstrap.servers=127.0.0.1:1\nschema.registry.url=mock://x\ngatecast.model.di=a\n");
        Files.writeString(folder.resolve("away.properties"),
                "bootstrap.servers=127.0.0.1:1\nschema.registry.url=mock://x\n");
        Run run = Gatecasts.run("train", "--data", path("good.csv"), "--interval", "1h", "--horizon", "3", "--hidden",
                "4", "--epochs", "1", "--output", path("good.avro"));
        assertEquals(0, run.status(), run.err());
        byte[] whole = Files.readAllBytes(folder.resolve("good.avro"));
        Files.write(folder.resolve("truncated.avro"), Arrays.copyOf(whole, whole.length / 2));
        writeWithNaN(ModelFile.read(folder.resolve("good.avro")), folder.resolve("nan.avro"));
    }

    /// As another program might, without our checks.
    private static void writeWithNaN(Model model, Path file) throws IOException {
        ByteBuffer values = model.getTensors().getFirst().getValues();
        values.duplicate().order(ByteOrder.LITTLE_ENDIAN).putFloat(0, Float.NaN);
        try (var writer = new DataFileWriter<>(new SpecificDatumWriter<>(Model.class))) {
            writer.create(Model.getClassSchema(), file.toFile()).append(model);
        }
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private record Example(String arguments, int status, String sentence) {}

    private static String[] arguments(Example example) {
        return Stream.of(example.arguments().split(" "))
                .map(argument -> argument.startsWith("@") ? path(argument.substring(1)) : argument)
                .toArray(String[]::new);
    }

    static List<Example> examples() {
        String train = "train --interval 1h --output @out.avro ";
        return List.of(
                new Example(train + "--horizon 3 --data @missing.csv", 1, "missing.csv: no such file; check the path"),
                new Example(train + "--horizon 3 --data @line.csv", 1,
                        "line.csv:3: column 2: expected a number, or nothing for a missing value, found 'abc'"),
                new Example(train + "--horizon 3 --data @layout.csv", 1,
                        "layout.csv:1: expected a header of layout long"),
                new Example(train + "--horizon 3 --data @good.csv --format diagonal", 2,
                        "Invalid value for option '--format': expected one of [LONG, WIDE, ROWS]"),
                new Example(train + "--horizon -3 --data @good.csv", 1, "horizon: expected at least 1 step, found -3"),
                new Example(train + "--horizon many --data @good.csv", 2, "'many' is not an int"),
                new Example(train + "--horizon 3 --data @good.csv --quantiles 0.1,0.9", 1,
                        "quantiles: expected the median 0.5 among them, found [0.1, 0.9]"),
                new Example(train + "--horizon 3 --data @good.csv --seasonality 24,7", 1,
                        "seasonality: expected rising lengths of at least 2 steps, found [24, 7]"),
                new Example("train --interval 1h --horizon 3 --data @good.csv --publish", 2,
                        "--topic and --publish need --config FILE"),
                new Example("train --interval 1h --horizon 3 --data @good.csv", 2, "--output"),
                new Example(train + "--data @good.csv", 2, "Missing required option: '--horizon=STEPS'"),
                new Example("forecast --model @truncated.avro --data @good.csv --output @out.csv", 1, "truncated.avro"),
                new Example("forecast --model @nan.avro --data @good.csv --output @out.csv", 1,
                        "layer0.W[0][0]: expected a finite weight, found NaN"),
                new Example("forecast --model @good.csv --data @good.csv --output @out.csv", 1, "good.csv"),
                new Example("forecast --model @none.avro --data @good.csv --output @out.csv", 1, "none.avro"),
                new Example("run --config @typo.properties", 1,
                        "typo.properties:3: gatecast.model.di: no such key; did you mean gatecast.model.id?"),
                new Example("run --config @none.properties", 1, "none.properties: no such file or folder"),
                new Example("run --config @away.properties", 1,
                        "bootstrap.servers: no Kafka broker answers at 127.0.0.1:1 within 10 s"),
                new Example("models publish @truncated.avro --config @away.properties", 1, "truncated.avro"),
                new Example("demo --dataset nonsense", 2, "no data set 'nonsense': expected one of chicago-l,"),
                new Example("demo --duration 3s", 1, "--duration: expected at least 20s"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isOneClearSentence(Example example) {
        Run run = Gatecasts.run(arguments(example));
        assertEquals(example.status(), run.status(), run.err());
        String complaint = run.err().lines().filter(line -> line.startsWith("gatecast: ")).findFirst().orElse("");
        assertTrue(complaint.contains(example.sentence()), run.err());
        assertFalse(run.err().contains("\tat "), "a stack trace");
        assertFalse(run.err().contains("this is a fault in Gatecast"), run.err());
        assertFalse(Files.exists(folder.resolve("out.avro")) || Files.exists(folder.resolve("out.csv")), "written");
    }

    @Test
    void aGoodModelForecasts() throws IOException {
        Run run = Gatecasts.run("forecast", "--model", path("good.avro"), "--data", path("good.csv"), "--output",
                path("forecast.csv"));
        assertEquals(0, run.status(), run.err());
        List<String> lines = Files.readAllLines(folder.resolve("forecast.csv"));
        assertEquals("id,h1,h2,h3", lines.getFirst());
        assertTrue(lines.get(1).startsWith("good,"), lines.toString());
    }
}
