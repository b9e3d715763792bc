package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Phase;
import io.gatecast.avro.State;
import io.gatecast.schemas.TrustedClasses;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an earlier release has left behind is read by this one: a series' state as it lay in the store, its model, and what went
/// out of it, each as that release wrote it, its schema with it. `golden/releases/VERSION/` is never changed. At a release:
///
///     mvn test -pl forecaster/streams -am -Dtest=GoldenReleasesTest -Dgolden.release=VERSION
///
/// writes that of the present code.
class GoldenReleasesTest {
    private static final String SERIES = "s";
    private static final int STEPS = 300;
    private static final int SPIKE = 280;
    private static final double CLOSE = 1e-3;

    static {
        TrustedClasses.trust();
    }

    private static double value(int step) {
        return step == SPIKE ? 500 : 10 + step % 6 + 0.1 * (step % 5);
    }

    static List<Path> releases() throws IOException, URISyntaxException {
        URL root = Objects.requireNonNull(GoldenReleasesTest.class.getResource("/golden/releases"));
        try (Stream<Path> folders = Files.list(Path.of(root.toURI()))) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void itsStateGoesOnWhereItWas(Path release) throws IOException {
        Model model = ModelRecords.toModel(ModelFile.read(release.resolve("model.avro")), "model.avro");
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open(SERIES, new StoredSeries(Files.readAllBytes(release.resolve("state.bin"))));
        List<Forecast> forecasts = read(release.resolve("forecasts.avro"), Forecast.class);

        Forecasted next = assertInstanceOf(Forecasted.class,
                forecaster.observe(state, new Observation(STEPS * TestModels.HOUR, value(STEPS))));

        assertFalse(next.rewarmed(), "the hidden state was lost");
        assertTrue(next.forecast().warm());
        io.gatecast.series.Forecast then = SeriesRecords.toForecast(forecasts.getLast());
        assertEquals(then.origin(), next.forecast().origin());
        assertArrayEquals(then.quantiles(), next.forecast().quantiles());
        assertEquals(then.modelVersion(), next.forecast().modelVersion());
        assertArrayEquals(then.values(), next.forecast().values(), (float) CLOSE);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whatWentOutIsRead(Path release) throws IOException {
        List<Forecast> forecasts = read(release.resolve("forecasts.avro"), Forecast.class);
        assertEquals(2, forecasts.size());
        assertEquals(TestModels.ID, forecasts.getFirst().getModelId());
        assertEquals(Instant.ofEpochMilli((STEPS - 1) * TestModels.HOUR), forecasts.getFirst().getOrigin());
        Anomaly opened = read(release.resolve("anomalies.avro"), Anomaly.class).getFirst();
        assertEquals(Phase.OPENED, opened.getPhase());
        assertEquals(Instant.ofEpochMilli(SPIKE * TestModels.HOUR), opened.getTimestamp());
        assertEquals(500, opened.getObserved());
        Evaluation evaluation = read(release.resolve("evaluations.avro"), Evaluation.class).getFirst();
        assertEquals(TestModels.ID, evaluation.getModelId());
        assertTrue(evaluation.getTargets() > 0);
        assertNotNull(evaluation.getMase());
    }

    /// A model's decisions are read from the beginning whenever an instance starts.
    @ParameterizedTest
    @MethodSource("releases")
    void whatWasDecidedOnModelsStillCounts(Path release) throws IOException {
        List<ModelEvent> events = read(release.resolve("model-events.avro"), ModelEvent.class);
        events.forEach(ModelEvents::check);
        assertEquals(List.of(State.CHAMPION, State.SHADOW), events.stream().map(ModelEvent::getState).toList());
        assertEquals("by hand", events.getFirst().getWhy());
    }

    @Test
    @EnabledIfSystemProperty(named = "golden.release", matches = "[0-9]+\\.[0-9]+\\.[0-9]+")
    void writeThatOfThePresentCode(@TempDir Path folder) throws IOException {
        Path release = Path.of("src/test/resources/golden/releases", System.getProperty("golden.release", ""));
        Files.createDirectories(release);
        List<ModelEvent> events = List.of(event(1, State.CHAMPION), event(2, State.SHADOW));
        try (Bench bench = new Bench(Bench.settings(folder, Map.of("gatecast.alerts.per-day", "1000")), Map.of())) {
            bench.publish(1, 0);
            bench.announce(events.getFirst());
            for (int step = 0; step < STEPS; step++) {
                bench.observe(SERIES, step * TestModels.HOUR, value(step));
            }
            Files.write(release.resolve("state.bin"), bench.states().get(SERIES));
            bench.observe(SERIES, STEPS * TestModels.HOUR, value(STEPS));
            List<Forecast> all = values(bench.forecasts());
            write(release.resolve("forecasts.avro"), all.subList(all.size() - 2, all.size()));
            write(release.resolve("anomalies.avro"), values(bench.anomalies()));
            write(release.resolve("evaluations.avro"), values(bench.evaluations()));
        }
        ModelFile.write(release.resolve("model.avro"), TestModels.record(1, 0));
        write(release.resolve("model-events.avro"), events);
    }

    private static ModelEvent event(long sequence, State state) {
        return ModelEvent.newBuilder(ModelEvents.state(TestModels.ID, (int) sequence, state, 0, Instant.EPOCH,
                "somebody", "by hand")).setSequence(sequence).build();
    }

    private static <T> List<T> values(List<TestRecord<String, T>> records) {
        return records.stream().map(TestRecord::value).toList();
    }

    private static <T extends SpecificRecord> void write(Path file, List<T> records) throws IOException {
        try (var out = new DataFileWriter<T>(new SpecificDatumWriter<>())) {
            out.create(records.getFirst().getSchema(), file.toFile());
            for (T record : records) {
                out.append(record);
            }
        }
    }

    private static <T extends SpecificRecord> List<T> read(Path file, Class<T> type) {
        try (var in = new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(type))) {
            List<T> records = new ArrayList<>();
            in.forEach(records::add);
            return records;
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
