package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir
    Path folder;

    private String data;
    private String model;

    @BeforeEach
    void write() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder csv = new StringBuilder("timestamp,north,south\n");
        for (int i = 0; i < 24 * 20; i++) {
            double wave = 10 * Math.sin(2 * Math.PI * i / 24);
            csv.append("2026-01-%02dT%02d:00:00Z,%.3f,%.3f%n".formatted(1 + i / 24, i % 24,
                    50 + wave + random.nextGaussian(), 80 - wave + random.nextGaussian()));
        }
        data = Files.writeString(folder.resolve("data.csv"), csv).toString();
        model = folder.resolve("m.avro").toString();
    }

    private Run train(String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--data", data, "--seasonality", "24", "--horizon",
                "6", "--hidden", "4", "--batch", "4", "--output", model));
        arguments.addAll(List.of(more));
        return Gatecasts.run(arguments.toArray(String[]::new));
    }

    @Test
    void howItWentIsDrawnAndStaysInTheModel() throws IOException {
        Path page = folder.resolve("r.html");
        Run run = train("--epochs", "3", "--report", page.toString(), "--weight-decay", "0.01");
        assertEquals(0, run.status(), run.err());
        String html = Files.readString(page);
        for (String part : List.of("Training of default/1",
                "Loss on what is learned from, smoothed, and on what is held out", "Learning rate",
                "Gradient of each layer",
                "Error by step ahead", "[\"weight decay\",\"0.01\"]", "to 2026-01-20T23:00:00Z")) {
            assertTrue(html.contains(part), part);
        }
        String shown = String.join("\n", Gatecasts.run("models", "show", model).out());
        assertTrue(shown.contains("from 2026-01-01T00:00:00Z to 2026-01-20T23:00:00Z"), shown);
        assertTrue(shown.contains("weight decay 0.01"), shown);
    }

    @Test
    void itIsLearnedFromWhatLiesBetweenTwoMoments() throws IOException {
        Run run = train("--epochs", "1", "--from", "2026-01-03", "--to", "2026-01-13T12:00:00Z", "--held-out", "0",
                "--json");
        assertEquals(0, run.status(), run.err());
        assertEquals(2 * (10 * 24 + 12),
                new ObjectMapper().readTree(run.out().getLast()).at("/observations").intValue());
        Run none = train("--epochs", "1", "--from", "2027-01-03");
        assertEquals(1, none.status());
        assertTrue(none.err().contains("data.csv: nothing lies between --from and --to; the data goes from"
                + " 2026-01-01T00:00:00Z to 2026-01-20T23:00:00Z"), none.err());
    }

    @Test
    void aTrainingCanBeKeptAndResumed() throws IOException {
        Path file = folder.resolve("c.safetensors");
        assertEquals(0, train("--epochs", "3", "--checkpoint", file.toString()).status());
        byte[] whole = Files.readAllBytes(file);
        Run again = train("--epochs", "3", "--checkpoint", file.toString());
        assertTrue(again.err().contains("is there already; go on with it by --resume"), again.err());
        Run resumed = train("--epochs", "3", "--checkpoint", file.toString(), "--resume");
        assertEquals(0, resumed.status(), resumed.err());
        assertTrue(Arrays.equals(whole, Files.readAllBytes(file)), "there was nothing left to do");
        Run other = train("--epochs", "4", "--checkpoint", file.toString(), "--resume");
        assertTrue(other.err().contains("expected a checkpoint of this training"), other.err());
        assertTrue(train("--epochs", "3", "--resume").err().contains("--resume needs --checkpoint FILE"));
    }

    @Test
    void severalSettingsAreTriedAndTheBestIsTaken() {
        Run run = train("--max-time", "4s", "--tune", "3");
        assertEquals(0, run.status(), run.err());
        assertEquals(3 + 2, run.out().stream().filter(line -> line.startsWith("Round ")).count(), run.out().toString());
        assertTrue(run.out().get(1).contains("1 x 4 units, learning rate 0.002, dropout 0.0: loss "),
                run.out().get(1));
        Run refused = train("--epochs", "1", "--tune", "3");
        assertTrue(refused.err().contains("tune: expected a longest time to divide, found a number of epochs"),
                refused.err());
    }

    @Test
    void whatIsKnownBesideTheValuesIsLearnedAndReadAgain() throws IOException {
        StringBuilder csv = new StringBuilder("timestamp,north,heat,south\n");
        for (int i = 0; i < 24 * 8; i++) {
            csv.append("2026-01-%02dT%02d:00:00Z,%d,%d,%d%n".formatted(1 + i / 24, i % 24, i % 7, i % 5, i % 3));
        }
        data = Files.writeString(folder.resolve("heated.csv"), csv).toString();
        Run run = train("--epochs", "1", "--calendar", "--time-zone", "Europe/Berlin", "--holidays", "de-by",
                "--covariates", "heat");
        assertEquals(0, run.status(), run.err());
        String shown = String.join("\n", Gatecasts.run("models", "show", model).out());
        assertTrue(shown.contains("calendar time-of-day, day-of-week, day-of-year in Europe/Berlin, holidays of de-by 1"
                + " days ahead; covariates heat;"), shown);
        String out = folder.resolve("out.csv").toString();
        Run forecast = Gatecasts.run("forecast", "--model", model, "--data", data, "--output", out);
        assertEquals(0, forecast.status(), forecast.err());
        assertEquals(3, Files.readAllLines(Path.of(out)).size());
        Run backtest = Gatecasts.run("backtest", "--model", model, "--data", data);
        assertEquals(0, backtest.status(), backtest.err());
        Path without = Files.writeString(folder.resolve("without.csv"), "timestamp,north\n2026-01-01,1\n");
        for (String[] command : new String[][]{{"forecast", "--output", out}, {"backtest"}}) {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(List.of("--model", model, "--data", without.toString()));
            Run refused = Gatecasts.run(arguments.toArray(String[]::new));
            assertEquals(1, refused.status());
            assertEquals("gatecast: " + without + ":1: expected a column heat that holds a covariate, found"
                    + " timestamp,north\n", refused.err());
        }
    }

    @Test
    void categoriesAreLearnedAndCannotBeExported() {
        Run run = train("--epochs", "1", "--category", "^.", "--embedding", "2");
        assertEquals(0, run.status(), run.err());
        String shown = String.join("\n", Gatecasts.run("models", "show", model).out());
        assertTrue(shown.contains("categories 2 by ^., 2 numbers each"), shown);
        for (String name : List.of("m.onnx", "m.safetensors")) {
            Run exported = Gatecasts.run("models", "export", model, "--output", folder.resolve(name).toString());
            assertEquals(1, exported.status());
            assertTrue(
                    exported.err().endsWith("embedding: a network that makes part of its inputs of a category cannot be"
                            + " exported; keep it as a model file of Gatecast\n"),
                    exported.err());
        }
    }

    @Test
    void whatCannotBeToldIsRefused() {
        assertEquals("gatecast: --embedding: expected --category REGEX beside it, found none\n",
                train("--embedding", "2").err());
        assertEquals("gatecast: category: expected a series whose id matches ^x/, found none\n",
                train("--category", "^x/").err());
        assertEquals("gatecast: --holidays: expected --calendar beside it, found none\n",
                train("--holidays", "us").err());
        assertEquals("gatecast: holidays: expected a region as in us, us-ny or de-by, found de-byy; did you mean"
                + " de-by?\n", train("--calendar", "--holidays", "de-byy").err());
        assertEquals("gatecast: " + data + ":1: expected a column heat that holds a covariate, found"
                + " timestamp,north,south\n", train("--covariates", "heat").err());
        assertTrue(train("--calendar", "--time-zone", "Bavaria").err().contains("--time-zone"));
    }

    @Test
    void labelledAnomaliesAreNotLearned() throws IOException {
        Path labels = Files.writeString(folder.resolve("labels.csv"),
                "series,from,to\nnorth,2026-01-03,2026-01-04T12:00:00Z\nwest,2026-01-03,2026-01-04\n");
        Run run = train("--epochs", "1", "--labels", labels.toString());
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("1 of 2 labelled anomalies lie in the data and are not learned."),
                run.out().toString());
        String shown = String.join("\n", Gatecasts.run("models", "show", model).out());
        assertTrue(shown.contains("on data.csv without 1 labelled anomalies"), shown);
        assertEquals("gatecast: " + data + ":1: expected the header series,from,to or series,from,to,verdict, found"
                + " timestamp,north,south\n", train("--labels", data).err());
        assertTrue(train("--labels", "topic").err().startsWith("gatecast: --labels topic needs --config FILE\n"));
    }
}
