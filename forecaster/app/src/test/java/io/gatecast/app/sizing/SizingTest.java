package io.gatecast.app.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.series.Observation;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is reckoned, held against real states and against sums by hand.
class SizingTest {
    private static final double WITHIN = 0.1;
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"32,1,24,12", "64,1,24,24", "16,2,12,4", "128,1,24,24", "32,1,168,24", "64,2,168,48", "8,1,48,12"})
    void aStateIsAsLargeAsReckoned(int hidden, int layers, int season, int horizon) throws IOException {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 4 * season + 200; t++) {
            rows.append("a,").append(1_767_225_600_000L + t * 3_600_000L).append(',')
                    .append(10 + Math.sin(2 * Math.PI * t / season)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("d.csv"), rows.toString()), model = folder.resolve("m.avro");
        Run run = Gatecasts.run("train", "--data", data.toString(), "--interval", "1h", "--seasonality",
                Integer.toString(season), "--horizon", Integer.toString(horizon), "--hidden", Integer.toString(hidden),
                "--layers", Integer.toString(layers), "--epochs", "1", "--output", model.toString());
        assertEquals(0, run.status(), run.err());
        SeriesForecaster forecaster = new SeriesForecaster(
                ModelRecords.toModel(ModelFile.read(model), model.toString()));
        SeriesState state = forecaster.open("a", null);
        long window = 0, beside = 0;
        for (int t = 0; t < 3 * SeriesState.LONGEST_TAIL; t++) {
            forecaster.observe(state, new Observation(1_767_225_600_000L + t * 3_600_000L, 10));
            StoredSeries stored = state.toStore();
            window = stored.window() == null ? window : stored.window().length;
            beside = stored.state().length;
        }

        double reckoned = Sizing.stateBytes(
                new Load(1, 1, hidden, layers, horizon, 5, season, Duration.ofDays(1), 1, 0), Coefficients.measured());

        assertEquals(window + beside, reckoned, WITHIN * (window + beside));
    }

    @Test
    void whatIsReckonedIsTheSumByHand() {
        Coefficients measured = new Coefficients(0.0001, 32, 0, 1000, 32, 24, 0, 0.5, 0.25, 0.001, 1 << 20, 10, 2 << 20,
                3 << 20, 100, 0.75);
        Sizing sizing = Sizing.of(new Load(600_000, 0.1, 32, 1, 10, 4, 24, Duration.ofHours(1), 3, 1), measured);
        assertEquals(60_000, sizing.observationsPerSecond());
        assertEquals(10, sizing.cores(), 1e-9); // 60,000 x 0.0001 s at 60 %
        assertEquals(3, sizing.instances());
        assertEquals(24, sizing.partitions());
        assertEquals(3 * ((1 << 20) + 200_000 * 10.0) + (5 << 20), sizing.memoryBytes());
        assertEquals(200_000 * 2 * 250 * 1.5, sizing.diskBytes());
        assertEquals(600_000 * 250.0 * 3 * 2, sizing.changelogBytes());
        assertEquals(60_000.0 * 3600 * 3 * (100 + 0.75 * 4 * 10 * 4), sizing.topicBytes());
        assertEquals(400, sizing.restoreSeconds(), 1e-9);
        assertEquals(87_660, sizing.coreHours(), 1e-6);
    }

    @Test
    void aPlanIsToldInWordsAndAsJson() {
        Run run = Gatecasts.run("plan", "--keys", "10M", "--rate", "1/60s", "--json");
        assertEquals(0, run.status(), run.err());
        assertEquals("observations           166,667 a second", run.out().getFirst());
        assertTrue(run.out().getLast().startsWith("{\"observationsPerSecond\":166666.6"), run.out().getLast());
        assertEquals("gatecast: --keys: expected a number, as in 500000, 50k or 10M, found 'many'",
                Gatecasts.run("plan", "--keys", "many", "--rate", "1/s").err().strip());
        assertEquals("gatecast: --rate: expected observations of a series in a time, as in 1/60s or 2/s, found '7'",
                Gatecasts.run("plan", "--keys", "1", "--rate", "7").err().strip());
        assertEquals("gatecast: hidden: expected at least 1, found 0",
                Gatecasts.run("plan", "--keys", "1", "--rate", "1/s", "--hidden", "0").err().strip());
    }
}
