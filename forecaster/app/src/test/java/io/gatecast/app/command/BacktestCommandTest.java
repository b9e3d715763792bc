package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BacktestCommandTest {
    private static final int DAYS = 20;

    @TempDir
    Path folder;

    private String data;
    private String model;

    @BeforeEach
    void train() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder csv = new StringBuilder("timestamp,north,south\n");
        for (int i = 0; i < 24 * DAYS; i++) {
            double wave = 10 * Math.sin(2 * Math.PI * i / 24);
            csv.append("2026-01-%02dT%02d:00:00Z,%.3f,%.3f%n".formatted(1 + i / 24, i % 24,
                    50 + wave + random.nextGaussian(), 80 - wave + random.nextGaussian()));
        }
        data = Files.writeString(folder.resolve("data.csv"), csv).toString();
        model = folder.resolve("m.avro").toString();
        Run run = Gatecasts.run("train", "--data", data, "--seasonality", "24", "--horizon", "6", "--hidden", "4",
                "--batch", "4", "--epochs", "2", "--output", model);
        assertEquals(0, run.status(), run.err());
    }

    @Test
    void theModelAndTheBaselinesStandSideBySide() throws IOException {
        Path page = folder.resolve("r.html"), rows = folder.resolve("s.csv");
        Run run = Gatecasts.run("backtest", "--model", model, "--data", data, "--from", "2026-01-18", "--baselines",
                "naive,seasonal-naive,drift", "--report", page.toString(), "--per-series", rows.toString(), "--json");
        assertEquals(0, run.status(), run.err());
        int origins = 2 * (3 * 24 - 6 + 1);
        assertEquals("default/1 at " + origins + " origins of 2 series, 6 steps ahead; MASE across 24 steps.",
                run.out().getFirst());
        assertTrue(run.out().get(1).startsWith("                 MASE"), run.out().get(1));
        assertEquals(List.of("model", "naive", "seasonal-naive", "drift"),
                run.out().subList(2, 6).stream().map(line -> line.split(" ")[0]).toList());

        JsonNode answer = new ObjectMapper().readTree(run.out().getLast());
        assertEquals(origins, answer.at("/origins").intValue());
        assertEquals(24, answer.at("/season").intValue());
        JsonNode metrics = answer.at("/contenders/0/metrics");
        assertEquals(6L * origins, metrics.at("/targets").longValue());
        assertTrue(metrics.at("/mase").doubleValue() > 0 && metrics.at("/intervals/1/stated").doubleValue() == 0.8,
                metrics.toString());
        assertEquals(6, answer.at("/contenders/3/steps").size());
        assertEquals(2, answer.at("/contenders/3/series").size());
        for (String measure : List.of("error", "smape", "rmse", "wql", "pinball", "msis", "intervals/0/coverage",
                "intervals/1/width")) {
            assertTrue(answer.at("/contenders/2/steps/5/" + measure).doubleValue() > 0, measure);
        }
        for (String measure : List.of("mase", "smape", "rmse", "wql", "pinball", "msis", "intervals/0/coverage",
                "intervals/1/width")) {
            assertTrue(answer.at("/contenders/0/series/1/metrics/" + measure).doubleValue() > 0, measure);
        }
        assertTrue(
                answer.at("/contenders/1/metrics/mase").doubleValue() > 2
                        * answer.at("/contenders/2/metrics/mase").doubleValue(),
                "a wave is not a walk");

        assertEquals(1 + 4 * 2, Files.readAllLines(rows).size());
        assertEquals(13, Files.readAllLines(rows).get(1).split(",").length);
        String html = Files.readString(page);
        for (String part : List.of("Best: ", "Worst: ", "Error by step ahead", "Quantile loss by step ahead",
                "Width of the outermost interval", "The model by step ahead", "Calibration", "better than naive",
                "\"bands\":[{\"lower\":2,\"upper\":3}")) {
            assertTrue(html.contains(part), part);
        }
    }

    @Test
    void aPointIsJudgedWithoutIntervals() throws IOException {
        Run train = Gatecasts.run("train", "--data", data, "--seasonality", "24", "--horizon", "6", "--hidden", "4",
                "--head", "point", "--batch", "4", "--epochs", "1", "--output", model);
        assertEquals(0, train.status(), train.err());
        Path page = folder.resolve("r.html");
        Run run = Gatecasts.run("backtest", "--model", model, "--data", data, "--last", "30", "--report",
                page.toString(), "--json");
        assertEquals(0, run.status(), run.err());
        JsonNode metrics = new ObjectMapper().readTree(run.out().getLast()).at("/contenders/0/metrics");
        assertTrue(metrics.at("/msis").isNull() && metrics.at("/intervals").isEmpty(), metrics.toString());
        assertTrue(!Files.readString(page).contains("Coverage of"), "coverage of no interval");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--baselines|rumour|2|no baseline 'rumour': expected some of naive, seasonal-naive, drift, naive2, theta, rcf",
            "--from|soon|2|'soon': expected a timestamp, as in 2026-01-31T12:00:00Z",
            "--weights|fp8|2|no precision 'fp8': expected one of f32, int16, bf16",
            "--every|0|1|every: expected at least 1 step, found 0",
            "--last|0|1|last: expected at least 1 step, found 0",
            "--from|2027-01-01|1|nothing could be judged: none of the 2 series has the 6 steps of the horizon",
            "--report|/nowhere/r.html|1|/nowhere"})
    void whatCannotBeIsSaidInASentence(String option, String value, int status, String sentence) {
        Run run = Gatecasts.run("backtest", "--model", model, "--data", data, option, value);
        assertEquals(status, run.status());
        assertTrue(run.err().contains(sentence), run.err());
    }

    /// Whoever would halve the weights can see before what it costs.
    @ParameterizedTest
    @CsvSource({"int16, 0.002", "bf16, 0.2"})
    void whatRoundedWeightsCostIsTold(String precision, double most) {
        Run run = Gatecasts.run("backtest", "--model", model, "--data", data, "--last", "30", "--weights", precision);
        assertEquals(0, run.status(), run.err());
        Matcher said = Pattern.compile("With weights in " + precision
                + " the pinball loss is ([0-9.]+) of what it is in f32, MASE ([0-9.]+)\\.")
                .matcher(String.join("\n", run.out()));
        assertTrue(said.find(), () -> run.out().toString());
        assertEquals(1, Double.parseDouble(said.group(1)), most);
        assertEquals(1, Double.parseDouble(said.group(2)), most);
    }

    /// The model has seen all of it.
    @Test
    void whoJudgesWhatWasLearnedIsTold() throws IOException {
        Run known = Gatecasts.run("backtest", "--model", model, "--data", data, "--from", "2026-01-18");
        assertTrue(known.err().contains("the model has learned from data.csv, from 2026-01-01T00:00:00Z to"
                + " 2026-01-20T23:00:00Z"), known.err());
        Path later = Files.writeString(folder.resolve("later.csv"), Files.readString(Path.of(data)).replace("2026-01",
                "2026-03"));
        Run after = Gatecasts.run("backtest", "--model", model, "--data", later.toString(), "--last", "30");
        assertEquals(0, after.status(), after.err());
        assertTrue(!after.err().contains("has learned from"), after.err());
    }

    @Test
    void everyBaselineCanBeAskedFor() {
        Run run = Gatecasts.run("backtest", "--model", model, "--data", data, "--last", "30", "--baselines",
                "naive,seasonal-naive,drift,naive2,theta,rcf");
        assertEquals(0, run.status(), run.err());
        assertEquals(List.of("model", "naive", "seasonal-naive", "drift", "naive2", "theta", "rcf"),
                run.out().subList(2, 9).stream().map(line -> line.split(" ")[0]).toList());
    }

    @Test
    void aTopicNeedsAConnection() {
        Run run = Gatecasts.run("backtest", "--model", model, "--topic", "t");
        assertEquals(2, run.status());
        assertTrue(run.err().contains("--topic needs --config FILE"), run.err());
    }
}
