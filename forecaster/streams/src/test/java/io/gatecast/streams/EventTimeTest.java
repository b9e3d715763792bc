package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.arrival.Resampling;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of observations that come out of order, late, too early, after a gap or not at all.
final class EventTimeTest {
    private static final long HOUR = TestModels.HOUR;

    @TempDir
    private Path folder;

    private Bench bench(Map<String, String> settings) {
        return new Bench(Bench.settings(folder, settings), Map.of());
    }

    private record Sent(String series, long timestamp, double value) {}

    /// Three series that send now and then, each a few times an hour or not at all.
    private static List<Sent> sent(SplittableRandom random) {
        List<Sent> sent = new ArrayList<>();
        for (String series : List.of("a", "b", "c")) {
            long time = HOUR;
            for (int i = 0; i < 120; i++) {
                time += 1 + random.nextLong(random.nextInt(30) == 0 ? 9 * HOUR : HOUR);
                sent.add(new Sent(series, time, 10 * random.nextGaussian()));
            }
        }
        sent.sort(Comparator.comparingLong(Sent::timestamp));
        return sent;
    }

    private static List<Sent> disordered(List<Sent> sent, long grace, SplittableRandom random) {
        Map<Sent, Long> arrival = new HashMap<>();
        sent.forEach(each -> arrival.put(each, each.timestamp() + random.nextLong(grace + 1)));
        return sent.stream().sorted(Comparator.comparing(arrival::get)).toList();
    }

    private Map<String, List<String>> forecasts(List<Sent> arriving, Map<String, String> settings,
            Resampling resampling) {
        try (Bench bench = bench(settings)) {
            bench.publish(ModelRecords.toRecord(
                    TestModels.model(1, 0, TestModels.features().withResampling(resampling)), null));
            bench.publish(ModelRecords.toRecord(
                    TestModels.model(2, 40 * HOUR, TestModels.features().withResampling(resampling)), null));
            arriving.forEach(each -> bench.observe(each.series(), each.timestamp(), each.value()));
            arriving.stream().map(Sent::series).distinct()
                    .forEach(series -> bench.observe(series, 10_000 * HOUR, 0)); // releases all that waits
            assertEquals(0, bench.count(Meter.LATE));
            Map<String, List<String>> bySeries = new HashMap<>();
            for (String forecast : bench.forecastBytes()) {
                bySeries.computeIfAbsent(forecast.substring(0, 1), series -> new ArrayList<>()).add(forecast);
            }
            return bySeries;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyOrderWithinTheGraceGivesTheSameBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Sent> sent = sent(random);
        Map<String, String> settings = Map.of("gatecast.grace", "3h");
        Resampling resampling = Resampling.values()[(int) seed % Resampling.values().length];
        Map<String, List<String>> expected = forecasts(sent, settings, resampling);
        assertTrue(expected.getOrDefault("a", List.of()).size() > 40, expected.keySet().toString());
        assertEquals(expected, forecasts(disordered(sent, 3 * HOUR, random), settings, resampling));
    }

    /// As if the means had been sent.
    @ParameterizedTest
    @EnumSource
    void severalOfAStepAreOneToTheModel(Resampling resampling) {
        try (Bench bench = bench(Map.of())) {
            Model model = TestModels.model(1, 0, TestModels.features().withResampling(resampling));
            bench.publish(ModelRecords.toRecord(model, null));
            SeriesForecaster forecaster = new SeriesForecaster(model);
            SeriesState state = forecaster.open("a", null);
            List<List<Float>> expected = new ArrayList<>();
            for (int hour = 1; hour <= 30; hour++) {
                double[] values = {Math.sin(hour), 3 + Math.cos(hour), -2};
                for (int i = 0; i < values.length; i++) {
                    bench.observe("a", hour * HOUR + i, values[i]);
                }
                double one = switch (resampling) {
                    case FIRST -> values[0];
                    case LAST, MIN -> -2;
                    case MEAN -> (values[0] + values[1] + values[2]) / 3;
                    case SUM -> values[0] + values[1] + values[2];
                    case MAX -> values[1];
                };
                if (forecaster.observe(state, new Observation(hour * HOUR, one)) instanceof Forecasted made) {
                    expected.add(SeriesRecords.toRecord(made.forecast()).getValues());
                }
            }
            List<List<Float>> found = bench.forecasts().stream().map(each -> each.value().getValues()).toList();
            int newest = resampling == Resampling.FIRST ? 0 : 1; // which waits for its successor
            assertEquals(expected.subList(0, 30 - newest), found);
            assertEquals(resampling == Resampling.FIRST ? 60 : 0, bench.count(Meter.DUPLICATES));
        }
    }

    @Test
    void whatComesLateGoesToItsTopicIfThatIsAskedFor() {
        for (String late : List.of("drop", "topic")) {
            try (Bench bench = bench(Map.of("gatecast.late", late, "gatecast.grace", "2h"))) {
                bench.publish(1, 0);
                String series = "late-" + late;
                bench.observe(series, 10 * HOUR, 1);
                bench.observe(series, 8 * HOUR, 2);
                bench.observe(series, 8 * HOUR - 1, 3);
                bench.observe(series, 8 * HOUR, 4);
                assertEquals(1, bench.count(Meter.LATE));
                assertEquals(1, bench.count(Meter.DUPLICATES));
                if (late.equals("topic")) {
                    TestRecord<String, io.gatecast.avro.Observation> passedOver = bench.late().getFirst();
                    assertEquals(series, passedOver.key());
                    assertEquals(8 * HOUR - 1, passedOver.value().getTimestamp().toEpochMilli());
                    assertEquals(List.of(3.0), passedOver.value().getValues());
                }
            }
        }
    }

    @Test
    void anEventTimeTooFarAheadIsRefusedAndMovesNoTime() {
        try (Bench bench = bench(Map.of("gatecast.future.max", "2d", "gatecast.silence", "1d"))) {
            bench.publish(1, 0);
            for (int hour = 1; hour <= 10; hour++) {
                bench.observe("a", hour * HOUR, hour);
                bench.observe("b", Bench.SENT.toEpochMilli() + 48 * HOUR + hour, hour);
            }
            assertEquals(10, bench.count(Meter.ACCEPTED));
            assertEquals(Map.of(Reason.TOO_FAR_AHEAD, 10L), bench.rejected());
            assertEquals(List.of(), bench.anomalies());
            assertTrue(new String(bench.deadLetters().getFirst().headers()
                    .lastHeader("__streams.errors.message").value(), UTF_8).endsWith("timestamp: expected at most 2d"
                            + " after 2100-01-01T00:00:00Z, when it was written, found 2100-01-03T00:00:00.001Z"));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4, 7})
    void gapsAreFilledUpToTheLongest(long missing) {
        try (Bench bench = bench(Map.of("gatecast.gap.max", "3h"))) {
            bench.publish(1, 0);
            for (int hour = 1; hour <= 20; hour++) {
                bench.observe("a", hour * HOUR, Math.sin(hour));
            }
            bench.forecasts();
            bench.observe("a", (21 + missing) * HOUR, 1);
            assertEquals(missing <= 3, bench.forecasts().getFirst().value().getWarm());
            assertEquals(missing <= 3 ? missing : 0, bench.count(Meter.FILLED));
        }
    }

    @Test
    void aSeriesThatFallsSilentIsAnAnomalyUntilItSpeaks() {
        try (Bench bench = bench(Map.of("gatecast.silence", "5h"))) {
            bench.publish(1, 0);
            for (int hour = 1; hour <= 20; hour++) {
                bench.observe("quiet", hour * HOUR, Math.sin(hour));
                bench.observe("loud", hour * HOUR, Math.cos(hour));
            }
            bench.anomalies();
            for (int hour = 21; hour <= 60; hour++) {
                bench.observe("loud", hour * HOUR, Math.cos(hour));
                List<Anomaly> turns = turnsOf("quiet", bench);
                assertEquals(hour == 26 ? 1 : 0, turns.size(), "after hour " + hour);
                turns.forEach(turn -> {
                    assertEquals(Phase.OPENED, turn.getPhase());
                    assertEquals(Kind.SILENCE, turn.getKind());
                    assertEquals(26 * HOUR, turn.getTimestamp().toEpochMilli());
                    assertNull(turn.getObserved());
                    assertEquals("quiet@" + 26 * HOUR, turn.getEpisodeId());
                });
            }
            bench.observe("quiet", 61 * HOUR, 5);
            Anomaly end = turnsOf("quiet", bench).getFirst();
            assertEquals(Phase.CLOSED, end.getPhase());
            assertEquals("quiet@" + 26 * HOUR, end.getEpisodeId());
            assertEquals(1, bench.count(Meter.SILENT));
            for (int hour = 62; hour <= 66; hour++) {
                bench.observe("loud", hour * HOUR, Math.cos(hour));
            }
            assertEquals(List.of(), turnsOf("quiet", bench));
            bench.observe("loud", 67 * HOUR, 0);
            assertEquals(67 * HOUR, turnsOf("quiet", bench).getFirst().getTimestamp().toEpochMilli());
        }
    }

    /// A silence that falls into an episode that is open makes it graver, and the next one is noticed as any other.
    @Test
    void aSeriesIsWatchedAgainAfterASilenceWithinAnEpisode() {
        try (Bench bench = bench(Map.of("gatecast.silence", "5h"))) {
            bench.publish(1, 0);
            for (int hour = 1; hour <= 200; hour++) {
                bench.observe("quiet", hour * HOUR, Math.sin(hour));
                bench.observe("loud", hour * HOUR, Math.cos(hour));
            }
            bench.anomalies();
            bench.observe("quiet", 201 * HOUR, 40);
            assertEquals(Phase.OPENED, turnsOf("quiet", bench).getFirst().getPhase());
            List<Long> silences = new ArrayList<>();
            for (int hour = 202; hour <= 260; hour++) {
                bench.observe("loud", hour * HOUR, Math.cos(hour));
                if (hour >= 212 && hour <= 240) {
                    bench.observe("quiet", hour * HOUR, Math.sin(hour));
                }
                turnsOf("quiet", bench).stream().filter(turn -> turn.getKind() == Kind.SILENCE)
                        .forEach(turn -> silences.add(turn.getTimestamp().toEpochMilli() / HOUR));
            }
            assertEquals(246, silences.getLast());
            assertEquals(silences.size(), bench.count(Meter.SILENT));
        }
    }

    private static List<Anomaly> turnsOf(String series, Bench bench) {
        return bench.anomalies().stream().filter(each -> each.key().equals(series)).map(TestRecord::value).toList();
    }

    /// Whether and when a silence is noticed depends on the records alone, not on where an instance was restarted.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRestartChangesNoSilence(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Sent> sent = new ArrayList<>(sent(random));
        List<String> whole = turns(sent, List.of(sent.size()), "whole");
        assertNotEquals(List.of(), whole);
        assertEquals(whole, turns(sent, List.of(random.nextInt(sent.size()), sent.size()), "restarted"));
    }

    private List<String> turns(List<Sent> sent, List<Integer> restarts, String name) {
        List<String> turns = new ArrayList<>();
        Map<String, byte[]> states = Map.of();
        Map<String, Long> silences = Map.of();
        int from = 0;
        for (int to : restarts) {
            Consumer<Bench> take = bench -> bench.anomalies()
                    .forEach(each -> turns.add(each.key() + "@" + each.timestamp() + each.value()));
            try (Bench bench = new Bench(Bench.settings(folder.resolve(name), Map.of("gatecast.silence", "4h")),
                    Map.of())) {
                bench.restore(Stores.SERIES, states);
                bench.restore(Stores.SILENCES, silences);
                bench.publish(1, 0);
                for (Sent each : sent.subList(from, Math.max(from, to))) {
                    bench.observe(each.series(), each.timestamp(), each.value());
                    take.accept(bench);
                }
                states = bench.contents(Stores.SERIES);
                silences = bench.contents(Stores.SILENCES);
            }
            from = to;
        }
        return turns;
    }

    @Test
    void wrongRulesAreRefused() {
        assertFalse(EventTimeRules.DEFAULT.lateTopic());
        for (Map.Entry<String, String> wrong : Map.of("gatecast.grace", "soon", "gatecast.late", "maybe",
                "gatecast.silence", "0h").entrySet()) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> Bench.settings(folder, Map.of(wrong.getKey(), wrong.getValue())));
            assertTrue(String.valueOf(refusal.getMessage()).endsWith(switch (wrong.getKey()) {
                case "gatecast.late" -> "gatecast.late: expected drop or topic, found 'maybe'";
                case "gatecast.grace" ->
                    "gatecast.grace: expected none or a length of time such as 5s, 15m, 1h or 1d, found 'soon'";
                default -> "gatecast.silence: expected none or a length of time such as 5s, 15m, 1h or 1d, found '0h'";
            }), refusal.getMessage());
        }
    }
}
