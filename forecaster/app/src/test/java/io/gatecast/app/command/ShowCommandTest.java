package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model in a file, shown without a Kafka.
class ShowCommandTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void train() throws IOException {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 120; i++) {
            csv.append("2026-01-%02dT%02d:00:00Z,%d%n".formatted(1 + i / 24, i % 24, i % 6));
        }
        Path data = Files.writeString(folder.resolve("data.csv"), csv);
        file = folder.resolve("m.avro");
        Run run = Gatecasts.run("train", "--data", data.toString(), "--horizon", "3", "--cell", "gru", "--hidden", "4",
                "--batch", "4", "--epochs", "2", "--output", file.toString());
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("Steps of 1h, seasons of 6 steps."), run.out().toString());
    }

    @Test
    void whatItIsMadeOfAndHowItWasTrained() {
        Run run = show(file);
        assertEquals(0, run.status(), run.err());
        String all = String.join("\n", run.out());
        assertTrue(all.startsWith("default/1 at " + file + "\n"), all);
        assertTrue(all.contains("  layers       gru 4, "), all);
        assertTrue(all.contains("  forecasts    3 steps of 1h, seasons [6]\n"), all);
        assertTrue(all.contains("  a step is    the first of its observations\n"), all);
        assertTrue(all.contains(" on data.csv: 1 series, "), all);
        assertTrue(all.matches("(?s).*  gradients    [\\d,]+ of [\\d,]+ shortened, the longest \\S+; at the end"
                + " head \\S+, layer0 \\S+"), all);
    }

    @Test
    void aFileThatIsNotThereIsNoneOfTheTopicEither() {
        Run run = Gatecasts.run("models", "show", "default/1");
        assertEquals(1, run.status());
        assertEquals("gatecast: default/1: there is no such file; a model of the models topic is shown with --config"
                + " FILE\n", run.err());
    }

    @Test
    void halfAFileIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        Run run = show(file);
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("gatecast: " + file + ": ") && run.err().lines().count() == 1, run.err());
    }

    private static Run show(Path file) {
        return Gatecasts.run("models", "show", file.toString());
    }
}
