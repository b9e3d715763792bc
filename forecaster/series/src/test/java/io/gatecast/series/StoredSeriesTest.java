package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.Outcome.Forecasted;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A state and, apart, the window behind it.
class StoredSeriesTest {
    private static final long INTERVAL = 1000;
    private static final FeatureSpec SPEC = new FeatureSpec(INTERVAL, 2, List.of(3, 120), 2, 2, 5, 7);
    private static final Model MODEL = Models.of(SPEC, 1);
    private final SeriesForecaster forecaster = new SeriesForecaster(MODEL);

    private static Observation observation(int step) {
        SplittableRandom random = new SplittableRandom(step);
        return new Observation(INTERVAL * step, random.nextDouble(),
                random.nextInt(4) == 0 ? Double.NaN : random.nextDouble());
    }

    private void observe(SeriesState state, int from, int to) {
        for (int step = from; step < to; step++) {
            assertInstanceOf(Forecasted.class, forecaster.observe(state, observation(step)));
        }
    }

    private SeriesState fed(int steps) {
        SeriesState state = forecaster.open("s", null);
        observe(state, 0, steps);
        return state;
    }

    /// @return what lies in a store after each of so many observations
    private List<StoredSeries> history(int steps) {
        List<StoredSeries> history = new ArrayList<>();
        OneSeriesStore store = new OneSeriesStore();
        SeriesState state = forecaster.open("s", null);
        for (int step = 0; step < steps; step++) {
            observe(state, step, step + 1);
            store.put(state);
            history.add(Objects.requireNonNull(store.get()));
        }
        return history;
    }

    @Test
    void aWindowIsStoredOnceInManySteps() {
        OneSeriesStore store = new OneSeriesStore();
        SeriesState state = forecaster.open("s", null);
        int steps = 20 * (SeriesState.LONGEST_TAIL + 1);
        for (int step = 0; step < steps; step++) {
            state = forecaster.open("s", store.get());
            observe(state, step, step + 1);
            store.put(state);
        }
        assertEquals(20, store.windows());
        int whole = state.bytes().length, apart = Objects.requireNonNull(store.get()).state().length;
        assertTrue(apart < whole - Float.BYTES * 2 * (SPEC.context() - SeriesState.LONGEST_TAIL) + 1,
                apart + " bytes of " + whole);
    }

    @Test
    void aShortWindowNeverLiesApart() {
        Model model = Models.of(new FeatureSpec(INTERVAL, 2, List.of(3), 2, 2, 5, 7), 1);
        SeriesForecaster little = new SeriesForecaster(model);
        SeriesState state = little.open("s", null);
        for (int step = 0; step < 100; step++) {
            little.observe(state, observation(step));
            StoredSeries stored = state.toStore();
            assertNull(stored.window());
            assertArrayEquals(state.bytes(), little.open("s", stored).bytes());
        }
    }

    /// As after a crash, where records come twice: of what was written, the window may be there and the state not.
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 32})
    void aWindowThatIsNewerThanTheStateIsTakenUpToIt(int newer) {
        List<StoredSeries> history = history(264);
        int last = 263;
        while (Objects.requireNonNull(history.get(last).window()) == history.get(last - 1).window()) {
            last--; // the newest window was stored there
        }
        StoredSeries before = history.get(last - newer);
        SeriesState state = forecaster.open("s", new StoredSeries(before.state(), history.get(last).window()));
        SeriesState expected = fed(last - newer + 1);
        assertEquals(expected.steps, state.steps);
        for (int c = 0; c < 2; c++) {
            for (int age = 0; age < SPEC.context() - newer; age++) {
                assertEquals(expected.window.values[expected.window.at(c, age)],
                        state.window.values[state.window.at(c, age)], "age " + age);
                assertEquals(expected.window.isMissing(c, age), state.window.isMissing(c, age), "age " + age);
            }
        }
        assertNotNull(state.toStore().window(), "it does not belong to the state, so it is stored again");
    }

    /// Nothing that Kafka promises lets this happen; who deletes records by hand is told the truth.
    @ParameterizedTest
    @CsvSource({"250, -1", "250, 100", "250, 210"})
    void aSeriesThatHasLostItsWindowIsAsYoungAsItsValues(int step, int ofStep) {
        List<StoredSeries> history = history(264);
        StoredSeries stored = new StoredSeries(history.get(step).state(),
                ofStep < 0 ? null : history.get(ofStep).window());
        SeriesState state = forecaster.open("s", stored);
        int tail = ByteBuffer.wrap(stored.state()).order(ByteOrder.LITTLE_ENDIAN).getInt(72);
        assertTrue(tail > SPEC.warmUp());
        assertTrue(state.hasLostItsWindow());
        assertEquals(tail, state.steps);
        assertEquals(INTERVAL * step, state.lastTime());
        Forecasted next = assertInstanceOf(Forecasted.class, forecaster.observe(state, observation(step + 1)));
        for (float value : next.forecast().values()) {
            assertTrue(Float.isFinite(value));
        }
        assertTrue(Float.isNaN(state.window.values[state.window.at(0, tail + 1)]));
    }

    @Test
    void aSeriesThatHasLostAllItsValuesBeginsAfresh() {
        List<StoredSeries> history = history(264);
        int step = 263;
        while (history.get(step).window() == history.get(step - 1).window()) {
            step--;
        }
        SeriesState state = forecaster.open("s", new StoredSeries(history.get(step).state(), null));
        assertTrue(state.isFresh());
        assertTrue(state.hasLostItsWindow());
    }

    @Test
    void anotherModelTakesTheWindowOver() {
        StoredSeries stored = history(250).getLast();
        Model large = Models.of(new FeatureSpec(INTERVAL, 2, List.of(3, 150), 2, 2, 5, 7), 2);
        SeriesState state = new SeriesForecaster(large).open("s", stored), whole = new SeriesForecaster(large).open("s",
                new StoredSeries(fed(250).bytes()));
        assertFalse(state.warmedByThisModel);
        assertEquals(whole.steps, state.steps);
        for (int age = 0; age < SPEC.context(); age++) {
            int at = whole.window.at(1, age);
            assertEquals(whole.window.values[at], state.window.values[at]);
            assertEquals(whole.window.isMissing(1, age), state.window.isMissing(1, age));
        }
        assertFalse(Float.isNaN(state.window.values[state.window.at(0, SPEC.context())]), "more is known apart");
    }

    /// Of a window so short that what came with the state fills it.
    @Test
    void aModelOfAShorterWindowTakesWhatItHasRoomFor() {
        List<StoredSeries> history = history(264);
        Model little = Models.of(new FeatureSpec(INTERVAL, 2, List.of(3), 2, 2, 5, 4), 2);
        for (int step = 225; step < 264; step++) {
            SeriesState state = new SeriesForecaster(little).open("s", history.get(step));
            SeriesState whole = new SeriesForecaster(little).open("s", new StoredSeries(fed(step + 1).bytes()));
            assertArrayEquals(whole.bytes(), state.bytes(), "step " + step);
        }
    }

    @Test
    void aDamagedWindowIsNamed() {
        StoredSeries stored = history(250).getLast();
        byte[] window = Objects.requireNonNull(stored.window());
        int length = window.length;
        assertEquals("stored state: window: expected at least 28 bytes, found 9",
                refusal(stored, Arrays.copyOf(window, 9)));
        assertEquals("stored state: window: expected 2 channels of " + SPEC.context() + " values, found "
                + (length - 1) + " bytes", refusal(stored, Arrays.copyOf(window, length - 1)));
        byte[] other = window.clone();
        other[0] = 7;
        assertEquals("stored state: window: layout version: expected 1, found 7", refusal(stored, other));
        for (int at : new int[]{4, 8}) {
            byte[] wrong = window.clone();
            ByteBuffer.wrap(wrong).order(ByteOrder.LITTLE_ENDIAN).putInt(at, Integer.MIN_VALUE);
            assertTrue(refusal(stored, wrong).startsWith("stored state: window: expected "), refusal(stored, wrong));
        }
    }

    private String refusal(StoredSeries stored, byte[] window) {
        return String.valueOf(assertThrows(IllegalArgumentException.class,
                () -> forecaster.open("s", new StoredSeries(stored.state(), window))).getMessage());
    }
}
