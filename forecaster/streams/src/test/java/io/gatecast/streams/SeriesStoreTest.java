package io.gatecast.streams;

import static io.gatecast.streams.TestModels.HOUR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.State;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesView;
import io.gatecast.series.StoredSeries;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesStoreTest {
    private static final int MORE_THAN_A_TAIL = 50;
    private static final int CONTEXT = TestModels.features().context();

    @TempDir
    Path folder;

    private static void observe(Bench bench, int from, int to) {
        for (int hour = from; hour < to; hour++) {
            bench.observe("a", hour * HOUR, hour);
        }
    }

    @Test
    void noSeriesCanHaveTheKeyOfAWindow() {
        String key = SeriesStore.windowOf("a");
        assertTrue(SeriesStore.isWindow(key));
        assertFalse(SeriesStore.isWindow("a"));
        assertNotNull(Admission.ofKey(key));
    }

    @Test
    void aTombstoneDeletesTheWindow() {
        try (Bench bench = new Bench(folder)) {
            bench.publish(1, 0);
            observe(bench, 1, MORE_THAN_A_TAIL);
            assertEquals(Set.of("a", SeriesStore.windowOf("a")), bench.contents(Stores.SERIES).keySet());
            bench.observeRaw("a", null);
            assertEquals(Map.of(), bench.contents(Stores.SERIES));
        }
    }

    /// A shadow begins with what the judge has seen, wherever that lies, and goes on with what is its own.
    @ParameterizedTest
    @ValueSource(ints = {3, 33, 34, 40, 66})
    void aShadowHasAWindowOfItsOwn(int began) {
        try (Bench bench = new Bench(folder)) {
            bench.publish(1, 0);
            bench.publish(2, 1000 * HOUR);
            observe(bench, 1, began);
            bench.announce(
                    ModelEvents.state(TestModels.ID, 2, State.SHADOW, 0, Instant.ofEpochMilli(began * HOUR), "test",
                            "to see"));
            for (int hour = began; hour < began + MORE_THAN_A_TAIL; hour++) {
                observe(bench, hour, hour + 1);
                Map<String, byte[]> shadows = bench.contents(Stores.SHADOWS);
                SeriesForecaster forecaster = new SeriesForecaster(TestModels.model(2, 0));
                SeriesView view = Objects.requireNonNull(forecaster.view(forecaster.open("a", new StoredSeries(
                        Objects.requireNonNull(shadows.get("a")), shadows.get(SeriesStore.windowOf("a")))), CONTEXT));
                assertEquals(hour, view.steps());
                for (int i = 0; i < view.times().length; i++) {
                    assertEquals(hour - view.times().length + 1 + i, view.values()[0][i]);
                }
            }
        }
    }
}
