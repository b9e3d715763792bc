package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Change;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.avro.Status;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every state a version can be in, through the topology: who judges is decided by event time, key and what the topics say.
final class ModelLifeTest {
    private static final long HOUR = TestModels.HOUR;

    private Bench bench;

    @BeforeEach
    void open(@TempDir Path folder) {
        bench = new Bench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Model registered(String id, int version) {
        Model record = ModelRecords.renamed(TestModels.record(version, 0), id);
        record.setStatus(Status.REGISTERED);
        return record;
    }

    private void register(int version, State state, long from) {
        bench.publish(registered(TestModels.ID, version));
        decide(version, state, from);
    }

    private void decide(int version, State state, long from) {
        decide(TestModels.ID, version, state, from);
    }

    private void decide(String id, int version, State state, long from) {
        bench.announce(ModelEvents.state(id, version, state, state == State.CANARY ? 0.5 : 0,
                Instant.ofEpochMilli(from), "test", "to see"));
    }

    private void route(String pattern, String id, long from) {
        bench.announce(ModelEvents.draft(Change.ROUTE, id, Instant.ofEpochMilli(from), "test", "to see")
                .setPattern(pattern).build());
    }

    private void observe(String series, int fromHour, int toHour) {
        for (int hour = fromHour; hour < toHour; hour++) {
            bench.observe(series, hour * HOUR, Math.sin(hour));
        }
    }

    private List<String> models() {
        return bench.forecasts().stream().map(TestRecord::value).map(ModelLifeTest::model).toList();
    }

    private static String model(Forecast forecast) {
        return forecast.getModelId() + "/" + forecast.getModelVersion();
    }

    @Test
    void aPromotionAndARollbackCountFromTheirEventTimes() {
        register(1, State.CHAMPION, 0);
        register(2, State.CHAMPION, 3 * HOUR);
        decide(2, State.RETIRED, 5 * HOUR);
        observe("a", 1, 7);
        assertEquals(List.of("fleet/1", "fleet/1", "fleet/2", "fleet/2", "fleet/1", "fleet/1"), models());
        assertEquals(3, bench.count(Meter.MODEL_EVENTS));
        assertEquals(0, bench.count(Meter.LATE_MODELS));
    }

    @Test
    void aRegisteredVersionJudgesNobodyUntilAnEventSaysSo() {
        bench.publish(registered(TestModels.ID, 1));
        observe("a", 1, 3);
        decide(1, State.CANDIDATE, 0);
        observe("a", 3, 4);
        assertEquals(3, bench.count(Meter.UNJUDGED));
        decide(1, State.CHAMPION, 0);
        observe("a", 4, 5);
        assertEquals(List.of("fleet/1"), models());
    }

    @Test
    void eventsMayBeReadBeforeTheModelTheyAreAbout() {
        decide(1, State.CHAMPION, 0);
        decide(2, State.CHAMPION, 0);
        bench.publish(registered(TestModels.ID, 1));
        observe("a", 1, 2);
        assertEquals(List.of("fleet/1"), models(), "an event about a version that is not there changes nothing");
    }

    @Test
    void aVersionOfAnEarlierReleaseIsChampionByItsRecord() {
        bench.publish(1, 0);
        bench.publish(2, 2 * HOUR);
        decide(1, State.CHAMPION, 4 * HOUR);
        observe("a", 1, 5);
        assertEquals(List.of("fleet/1", "fleet/2", "fleet/2", "fleet/1"), models());
    }

    @Test
    void aCanaryJudgesItsShareOfTheSeries() {
        register(1, State.CHAMPION, 0);
        register(2, State.CANARY, 2 * HOUR);
        for (int series = 0; series < 100; series++) {
            observe("s" + series, 1, 4);
        }
        List<TestRecord<String, Forecast>> forecasts = bench.forecasts();
        for (TestRecord<String, Forecast> forecast : forecasts) {
            boolean canary = forecast.timestamp() >= 2 * HOUR && Canary.includes(forecast.key(), 0.5);
            assertEquals(canary ? 2 : 1, forecast.value().getModelVersion(), forecast.key());
        }
        long twos = forecasts.stream().filter(record -> record.value().getModelVersion() == 2).count();
        assertTrue(twos > 60 && twos < 140, twos + " of 200");
    }

    /// It changes no byte of what goes out, and is evaluated as if it judged.
    @Test
    void aShadowIsOnlyEvaluated(@TempDir Path other) {
        register(1, State.CHAMPION, 0);
        register(2, State.SHADOW, 3 * HOUR);
        observe("a", 1, 40);
        List<Evaluation> beside = bench.evaluations().stream().map(TestRecord::value)
                .filter(evaluation -> evaluation.getModelVersion() == 2).toList();
        List<String> withShadow = bench.forecastBytes();
        assertEquals(37, bench.count(Meter.SHADOWED));
        assertTrue(bench.contents(Stores.SHADOWS).containsKey("a"));
        try (Bench alone = new Bench(other); Bench champion = new Bench(other.resolve("champion"))) {
            alone.publish(1, 0);
            champion.publish(1, 0);
            champion.publish(2, 3 * HOUR);
            for (int hour = 1; hour < 40; hour++) {
                alone.observe("a", hour * HOUR, Math.sin(hour));
                champion.observe("a", hour * HOUR, Math.sin(hour));
            }
            assertEquals(alone.forecastBytes(), withShadow);
            assertEquals(champion.evaluations().stream().map(TestRecord::value)
                    .filter(evaluation -> evaluation.getModelVersion() == 2).toList(), beside);
        }
    }

    @Test
    void aShadowThatIsRetiredLeavesNothing() {
        register(1, State.CHAMPION, 0);
        register(2, State.SHADOW, 0);
        decide(2, State.RETIRED, 5 * HOUR);
        observe("a", 1, 7);
        assertEquals(java.util.Map.of(), bench.contents(Stores.SHADOWS));
        observe("b", 1, 4);
        bench.observeRaw("b", null);
        assertEquals(java.util.Map.of(), bench.contents(Stores.SHADOWS));
    }

    @Test
    void severalModelsServeSeriesSideBySideByTheLongestLiteralPrefix() {
        register(1, State.CHAMPION, 0);
        bench.publish(registered("pumps", 1));
        decide("pumps", 1, State.CHAMPION, 0);
        bench.publish(registered("site", 7));
        decide("site", 7, State.CHAMPION, 3 * HOUR);
        observe("a/pump", 1, 2);
        assertEquals(List.of("fleet/1"), models(), "nothing leads there yet");
        route("a/*", "site", 2 * HOUR);
        route("a/pump*", "pumps", 2 * HOUR);
        observe("a/pump", 2, 4);
        observe("a/valve", 1, 5);
        observe("b", 2, 4);
        assertEquals(List.of("pumps/1", "pumps/1", // the pump
                "fleet/1", "fleet/1", "site/7", "site/7", // site has nobody before the third hour
                "fleet/1", "fleet/1"), models());
        assertEquals(0, bench.count(Meter.LATE_MODELS));
    }

    @Test
    void anEventThatCannotBeFollowedIsRefusedAndCounted() {
        register(1, State.CHAMPION, 0);
        bench.announce("0000000000000009", new byte[]{1, 2, 3});
        decide(2, State.CHAMPION, 0);
        ModelEvent noShare = ModelEvents.state(TestModels.ID, 1, State.CANARY, 0, Instant.EPOCH, "test", "to see");
        bench.announce(noShare);
        observe("a", 1, 2);
        assertEquals(List.of("fleet/1"), models());
        assertEquals(2, bench.count(Meter.MODELS_REFUSED));
        assertEquals("refused: models.events-0@3: share: expected more than 0 and at most 1, found 0.0",
                bench.eventNotes().get("0000000000000003"));
    }

    @Test
    void anEventThatComesLateCountsFromTheNextObservationAndIsNoticed() {
        register(1, State.CHAMPION, 0);
        observe("a", 1, 5);
        register(2, State.CHAMPION, 3 * HOUR);
        observe("a", 5, 6);
        assertEquals("fleet/2", models().getLast());
        assertEquals(1, bench.count(Meter.LATE_MODELS));
    }
}
