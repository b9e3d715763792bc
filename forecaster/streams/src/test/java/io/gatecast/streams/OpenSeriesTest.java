package io.gatecast.streams;

import static io.gatecast.streams.TestModels.HOUR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Forecast;
import io.gatecast.avro.State;
import io.gatecast.series.Feedback;
import io.gatecast.series.Observation;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSeriesTest {
    private static final int SERIES = 12;
    private static final int STEPS = 80;

    @TempDir
    Path folder;

    private final SeriesForecaster forecaster = new SeriesForecaster(TestModels.model(1, 0));

    private record Run(List<TestRecord<String, Forecast>> forecasts, Map<String, String> stored) {}

    /// Series in no order, with gaps and duplicates, tombstones between them, a swap, and a shadow that comes and goes.
    private Run run(long cache, int seed) {
        StreamsSettings settings = Bench.settings(folder.resolve(cache + "-" + seed),
                Map.of(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.toString(cache)));
        Random random = new Random(seed);
        try (Bench bench = new Bench(settings, Map.of())) {
            bench.publish(1, 0);
            bench.publish(2, STEPS / 2 * HOUR);
            bench.publish(3, 1000 * STEPS * HOUR);
            shadow(bench, State.SHADOW, STEPS / 4);
            shadow(bench, State.RETIRED, STEPS * 3 / 4);
            for (int step = 1; step <= STEPS; step++) {
                for (int i = 0; i < SERIES; i++) {
                    String series = "s" + random.nextInt(SERIES);
                    if (random.nextInt(200) == 0) {
                        bench.observeRaw(series, null);
                    }
                    bench.observe(series, step * HOUR, random.nextGaussian());
                }
            }
            Map<String, byte[]> series = bench.contents(Stores.SERIES), shadows = bench.contents(Stores.SHADOWS);
            Map<String, String> stored = new TreeMap<>();
            series.forEach((key, bytes) -> stored.put(key, HexFormat.of().formatHex(bytes)));
            shadows.forEach((key, bytes) -> stored.put("/" + key, HexFormat.of().formatHex(bytes)));
            return new Run(bench.forecasts(), stored);
        }
    }

    private static void shadow(Bench bench, State state, int step) {
        bench.announce(
                ModelEvents.state(TestModels.ID, 3, state, 0, Instant.ofEpochMilli(step * HOUR), "test", "to see"));
    }

    /// Without room, with room for two or three, with room for all.
    @ParameterizedTest
    @CsvSource({"3000, 1", "3000, 2", "10000, 3", "10000000, 1", "10000000, 2", "10000000, 3"})
    void whatIsAtHandChangesNothing(long cache, int seed) {
        Run without = run(0, seed), with = run(cache, seed);
        assertIterableEquals(without.forecasts, with.forecasts);
        assertEquals(without.stored.keySet(), with.stored.keySet());
        without.stored.forEach((key, bytes) -> assertEquals(bytes, with.stored.get(key), key));
    }

    @Test
    void aStateComesBackAsTheSameObjectWhileItsBytesAreThere() {
        try (Bench bench = new Bench(folder);
                OpenSeries open = new OpenSeries(forecaster, new OpenSeries.Room(100_000))) {
            SeriesStore store = new SeriesStore(bench.states());
            SeriesState state = put(open, store, "a", 1);
            assertSame(state, open.open(store, "a", Feedback.NONE));
        }
    }

    /// As after a crash or a restore: what lies in the store counts.
    @Test
    void whatElseIsWrittenToTheStoreIsRead() {
        try (Bench bench = new Bench(folder);
                OpenSeries open = new OpenSeries(forecaster, new OpenSeries.Room(100_000))) {
            SeriesStore store = new SeriesStore(bench.states());
            put(open, store, "a", 1);
            byte[] before = bench.states().get("a");
            put(open, store, "a", 2);
            bench.states().put("a", before);
            assertEquals(HOUR, open.open(store, "a", Feedback.NONE).lastTime());
            bench.states().delete("a");
            assertTrue(open.open(store, "a", Feedback.NONE).isFresh());
        }
    }

    /// One that was moved on and not stored, for its observation failed.
    @Test
    void whatWasNotStoredIsForgotten() {
        try (Bench bench = new Bench(folder);
                OpenSeries open = new OpenSeries(forecaster, new OpenSeries.Room(100_000))) {
            SeriesStore store = new SeriesStore(bench.states());
            byte[] stored = put(open, store, "a", 1).bytes();
            forecaster.observe(open.open(store, "a", Feedback.NONE), new Observation(2 * HOUR, 5.0));
            assertArrayEquals(stored, open.open(store, "a", Feedback.NONE).bytes());
        }
    }

    @Test
    void theLongestUnusedGivesItsMemory() {
        int size = forecaster.memory().size();
        OpenSeries.Room room = new OpenSeries.Room(2L * size);
        try (Bench bench = new Bench(folder); OpenSeries open = new OpenSeries(forecaster, room)) {
            SeriesStore store = new SeriesStore(bench.states());
            SeriesState a = put(open, store, "a", 1), b = put(open, store, "b", 1);
            assertSame(a, open.open(store, "a", Feedback.NONE)); // so b is the longest unused
            open.put(store, "a", a);
            SeriesState c = put(open, store, "c", 1);
            assertSame(b, c);
            assertSame(a, open.open(store, "a", Feedback.NONE));
            try (OpenSeries other = new OpenSeries(forecaster, room)) {
                assertNotSame(a, put(other, store, "d", 1)); // every task may have one
            }
        }
        try (Bench bench = new Bench(folder); OpenSeries again = new OpenSeries(forecaster, room)) {
            SeriesStore store = new SeriesStore(bench.states());
            SeriesState a = put(again, store, "e", 1), b = put(again, store, "f", 1);
            assertNotSame(a, b, "room that was given back");
        }
    }

    /// Its memory is of use for the next.
    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void aStateThatCannotBeReadDoesNoHarm(String next) {
        OpenSeries.Room room = new OpenSeries.Room(1);
        try (Bench bench = new Bench(folder); OpenSeries open = new OpenSeries(forecaster, room)) {
            KeyValueStore<String, byte[]> records = bench.states();
            SeriesStore store = new SeriesStore(records);
            byte[] whole = put(open, store, "a", 1).bytes(), good = records.get("a");
            byte[] bad = good.clone();
            bad[0] = 99;
            records.put("a", bad);
            assertThrows(IllegalArgumentException.class, () -> open.open(store, "a", Feedback.NONE));
            records.put(next, good);
            assertArrayEquals(whole, open.open(store, next, Feedback.NONE).bytes());
        }
    }

    private SeriesState put(OpenSeries open, SeriesStore store, String series, int hour) {
        SeriesState state = open.open(store, series, Feedback.NONE);
        forecaster.observe(state, new Observation(hour * HOUR, 3.0));
        open.put(store, series, state);
        return state;
    }
}
