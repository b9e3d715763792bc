package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Phase;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForecastTopologyTest {
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

    @Test
    void eachAcceptedObservationGivesOneForecastAtItsEventTime() {
        bench.publish(1, 0);
        for (int hour = 1; hour <= 20; hour++) {
            bench.observe("a", hour * HOUR + 7, Math.sin(hour));
            bench.observe("b", hour * HOUR, hour % 4);
        }
        List<TestRecord<String, Forecast>> forecasts = bench.forecasts();
        assertEquals(40, forecasts.size());
        assertEquals(40, bench.count(Meter.ACCEPTED));
        assertEquals("a", forecasts.get(0).key());
        assertEquals(HOUR + 7, forecasts.get(0).timestamp());
        assertEquals(HOUR, forecasts.get(0).value().getOrigin().toEpochMilli());
        assertEquals(3 * 3, forecasts.get(0).value().getValues().size());
        assertEquals(Map.of(), bench.rejected());
    }

    @Test
    void anImprobableObservationOpensAnEpisode() {
        bench.publish(1, 0);
        for (int hour = 1; hour <= 200; hour++) {
            bench.observe("a", hour * HOUR, Math.sin(hour));
        }
        bench.anomalies();
        bench.observe("a", 201 * HOUR, 1e6);
        TestRecord<String, Anomaly> turn = bench.anomalies().getFirst();
        assertEquals("a", turn.key());
        assertEquals(201 * HOUR, turn.timestamp());
        assertEquals(Phase.OPENED, turn.value().getPhase());
        assertEquals(1e6, turn.value().getObserved());
        assertEquals(1, turn.value().getModelVersion());
        assertTrue(turn.value().getScore() > 0.5, () -> turn.value().toString());
    }

    /// A season of steps that came true, by event time, for each series by itself.
    @Test
    void eachWindowOfAKeyIsEvaluated() {
        bench.publish(1, 0);
        for (int hour = 1; hour <= 30; hour++) {
            bench.observe("a", hour * HOUR + 7, 100 + 10 * Math.sin(hour));
            if (hour <= 6) {
                bench.observe("b", hour * HOUR, hour);
            }
        }
        List<TestRecord<String, Evaluation>> evaluations = bench.evaluations();
        assertEquals(29 / 4, evaluations.stream().filter(record -> record.key().equals("a")).count());
        assertEquals(5 / 4, evaluations.stream().filter(record -> record.key().equals("b")).count());
        TestRecord<String, Evaluation> last = evaluations.getLast();
        assertEquals(29 * HOUR + 7, last.timestamp());
        Evaluation value = last.value();
        assertEquals(26 * HOUR, value.getWindowStart().toEpochMilli());
        assertEquals(30 * HOUR, value.getWindowEnd().toEpochMilli());
        assertEquals(4, value.getTargets());
        assertEquals(0, value.getColdTargets());
        assertEquals("fleet/1", value.getModelId() + "/" + value.getModelVersion());
        assertEquals(0.8, value.getStatedCoverage(), 1e-6);
        assertTrue(value.getMase() > 0 && value.getSmape() > 0 && value.getPinball() > 0 && value.getWidth() > 0
                && value.getSkillOverLastValue() < 1 && value.getSkillOverSeasonalNaive() < 1, value.toString());
    }

    /// It counts from its own first forecast on.
    @Test
    void anotherModelBeginsItsOwnWindow() {
        bench.publish(1, 0);
        bench.publish(2, 4 * HOUR);
        for (int hour = 1; hour <= 8; hour++) {
            bench.observe("a", hour * HOUR, Math.sin(hour));
        }
        List<TestRecord<String, Evaluation>> evaluations = bench.evaluations();
        assertEquals(1, evaluations.size());
        assertEquals(2, evaluations.getFirst().value().getModelVersion());
        assertEquals(5 * HOUR, evaluations.getFirst().value().getWindowStart().toEpochMilli());
    }

    @Test
    void whatIsNotAcceptedIsCountedByItsKind() {
        bench.publish(1, 0);
        bench.observe("a", 10 * HOUR, 1);
        bench.observe("a", 10 * HOUR + 1, 2);
        bench.observe("a", 9 * HOUR, 3);
        bench.observe("a", 13 * HOUR, 4);
        assertEquals(2, bench.forecasts().size());
        assertEquals(2, bench.count(Meter.ACCEPTED));
        assertEquals(1, bench.count(Meter.DUPLICATES));
        assertEquals(1, bench.count(Meter.LATE));
        assertEquals(2, bench.count(Meter.FILLED));
    }

    @Test
    void aCorruptRecordGoesToTheDeadLetterTopicAndTheStreamGoesOn() {
        bench.publish(1, 0);
        bench.observe("a", HOUR, 1);
        byte[] junk = "not Avro at all".getBytes(UTF_8);
        bench.observeRaw("a", junk);
        bench.observe("a", 2 * HOUR, 2);
        List<TestRecord<byte[], byte[]>> letters = bench.deadLetters();
        assertEquals(1, letters.size());
        assertArrayEquals(junk, letters.get(0).value());
        assertEquals("a", new String(letters.get(0).key(), UTF_8));
        assertEquals("observations", header(letters.get(0), "topic"));
        assertEquals("0", header(letters.get(0), "partition"));
        assertEquals("1", header(letters.get(0), "offset"));
        assertEquals(2, bench.forecasts().size());
        assertEquals(Map.of(Reason.UNREADABLE, 1L), bench.rejected());
    }

    @Test
    void aBadModelIsRefusedAndTheOneInForceStays() {
        bench.publish(1, 0);
        bench.observe("a", HOUR, 1);
        io.gatecast.avro.Model damaged = TestModels.record(2, 0);
        damaged.getTensors().getFirst().getValues().putInt(0, -1);
        bench.publish(damaged);
        bench.publish("fleet/3", "junk".getBytes(UTF_8));
        bench.publish("fleet/4", TestModels.record(5, 0));
        bench.observe("a", 2 * HOUR, 2);
        assertEquals(List.of(1, 1), versions(bench.forecasts()));
        assertEquals(3, bench.count(Meter.MODELS_REFUSED));
        assertEquals(1, bench.count(Meter.MODELS_APPLIED));
        assertEquals("refused: models-0@1: layer0.W[0][0]: expected a finite weight, found NaN",
                bench.notes().get("fleet/2"));
        assertTrue(bench.notes().getOrDefault("fleet/3", "none").startsWith(
                "refused: models-0@2: it cannot be read: a value of topic models is no Model: at least 5 bytes were expected"));
        assertEquals("refused: models-0@3: key: expected fleet/5, as the record says, found fleet/4",
                bench.notes().get("fleet/4"));
    }

    @Test
    void aModelCountsFromItsEventTimeOnAndEachSeriesIsWarmedAgainOnce() {
        bench.publish(1, 0);
        bench.publish(2, 5 * HOUR);
        for (int hour = 1; hour <= 8; hour++) {
            bench.observe("a", hour * HOUR, hour);
            bench.observe("b", hour * HOUR, -hour);
        }
        assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2), versions(bench.forecasts()));
        assertEquals(2, bench.count(Meter.REWARMED));
        assertEquals(0, bench.count(Meter.LATE_MODELS));
    }

    @Test
    void aModelThatComesLateCountsFromTheNextObservationAndIsNoticed() {
        bench.publish(1, 0);
        bench.observe("a", 5 * HOUR, 1);
        bench.publish(2, 3 * HOUR);
        bench.observe("a", 6 * HOUR, 1);
        bench.observe("a", 7 * HOUR, 1);
        assertEquals(List.of(1, 2, 2), versions(bench.forecasts()));
        assertEquals(1, bench.count(Meter.LATE_MODELS));
    }

    @Test
    void aModelThatIsRetiredOrDeletedGivesWayToTheOneBefore() {
        bench.publish(1, 0);
        bench.publish(2, 0);
        bench.publish(3, 0);
        bench.observe("a", HOUR, 1);
        io.gatecast.avro.Model retired = TestModels.record(3, 0);
        retired.setStatus(io.gatecast.avro.Status.RETIRED);
        bench.publish(retired);
        bench.observe("a", 2 * HOUR, 1);
        bench.publish("fleet/2", (byte[]) null);
        bench.observe("a", 3 * HOUR, 1);
        assertEquals(List.of(3, 2, 1), versions(bench.forecasts()));
        assertEquals("retired", bench.notes().get("fleet/3"));
        assertNull(bench.notes().get("fleet/2"));
    }

    @Test
    void modelsOfAnotherNameArePassedOver() {
        bench.publish(1, 0);
        io.gatecast.avro.Model other = TestModels.record(9, 0);
        other.setModelId("another");
        bench.publish(other);
        bench.observe("a", HOUR, 1);
        assertEquals(List.of(1), versions(bench.forecasts()));
        assertEquals(1, bench.count(Meter.MODELS_APPLIED));
    }

    @Test
    void whatComesBeforeTheFirstModelCountsIsLeftUnjudgedAndCounted() {
        bench.observe("a", HOUR, 1);
        bench.publish(1, 3 * HOUR);
        bench.observe("a", 2 * HOUR, 1);
        bench.observe("a", 3 * HOUR, 1);
        assertEquals(1, bench.forecasts().size());
        assertEquals(2, bench.count(Meter.UNJUDGED));
        assertEquals(List.of(), bench.deadLetters());
    }

    @Test
    void aSeriesWhoseStoredStateCannotBeReadBeginsAfresh() {
        bench.publish(1, 0);
        bench.observe("a", HOUR, 1);
        bench.states().put("a", new byte[]{9, 9, 9});
        bench.observe("a", 2 * HOUR, 1);
        bench.observe("a", 3 * HOUR, 1);
        assertEquals(3, bench.forecasts().size());
        assertEquals(1, bench.count(Meter.UNREADABLE_STATES));
    }

    @Test
    void aSeriesWhoseWindowIsMissingGoesOnAndIsCounted() {
        bench.publish(1, 0);
        for (int hour = 1; hour <= 60; hour++) {
            bench.observe("a", hour * HOUR, 1);
        }
        assertEquals(0, bench.count(Meter.UNREADABLE_STATES));
        assertNotNull(bench.states().delete(SeriesStore.windowOf("a")));
        bench.states().put("a", bench.states().get("a").clone()); // as restored: it is read again
        bench.observe("a", 61 * HOUR, 1);
        bench.observe("a", 62 * HOUR, 1);
        assertEquals(62, bench.forecasts().size());
        assertEquals(1, bench.count(Meter.UNREADABLE_STATES));
    }

    @Test
    void aTombstoneDeletesTheState() {
        bench.publish(1, 0);
        for (int hour = 1; hour <= 20; hour++) {
            bench.observe("a", hour * HOUR, 1);
        }
        assertTrue(bench.forecasts().getLast().value().getWarm());
        bench.observeRaw("a", null);
        assertNull(bench.states().get("a"));
        bench.observeRaw("never seen", null);
        bench.observe("a", 2 * HOUR, 1); // the past of the series that was
        TestRecord<String, Forecast> first = bench.forecasts().getFirst();
        assertEquals(2 * HOUR, first.timestamp());
        assertFalse(first.value().getWarm());
        assertEquals(2, bench.count(Meter.TOMBSTONES));
        assertEquals(List.of(), bench.deadLetters());
    }

    @Test
    void theGraphIsTheOneThatWasAgreed(@TempDir Path folder) throws IOException {
        StreamsSettings settings = Bench.settings(folder);
        String described = ForecastTopology.build(settings, Bench.serdes(settings)).describe().toString();
        try (var golden = getClass().getResourceAsStream("/golden/topology.txt")) {
            String expected = golden == null ? "" : new String(golden.readAllBytes(), UTF_8);
            assertEquals(expected.strip(), described.strip(), "if the change is meant, replace golden/topology.txt; "
                    + "stored state is lost where a store or its processor has another name");
        }
    }

    private static List<Integer> versions(List<TestRecord<String, Forecast>> forecasts) {
        return forecasts.stream().map(record -> record.value().getModelVersion()).toList();
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.getHeaders().lastHeader("__streams.errors." + name).value(), UTF_8);
    }
}
