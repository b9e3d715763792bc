package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.judge.Episodes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {
    private static final int HEADER = 76;
    private static final int FIRST_HEADER = 56;

    private static SeriesState fed(Model model, int steps, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open("s", null);
        for (int i = 0; i < steps; i++) {
            double[] values = random.doubles(model.features().channels()).toArray();
            forecaster.observe(state, new Observation(1000L * i, values));
        }
        return state;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0, 1", "1, 7, 3, 2", "2, 40, 60, 3", "5, 3, 131, 4"})
    void readsWhatItWrote(int channels, int warmUp, int steps, long seed) {
        Model model = Models.of(new FeatureSpec(1000, channels, List.of(3, 60), 2, 2, 5, warmUp), 1);
        byte[] bytes = fed(model, steps, seed).bytes();
        assertArrayEquals(bytes, new SeriesForecaster(model).open("s", new StoredSeries(bytes)).bytes());
    }

    @Test
    void valuesCarryOverToAnotherModelButItsHiddenStateDoesNot() {
        FeatureSpec small = new FeatureSpec(1000, 2, List.of(3), 2, 2, 5, 4);
        FeatureSpec large = new FeatureSpec(1000, 2, List.of(3, 9), 2, 2, 5, 4);
        SeriesState old = fed(Models.of(small, 1), 50, 7);
        SeriesState opened = new SeriesForecaster(Models.of(large, 2, 8, List.of(0.5))).open("s",
                new StoredSeries(old.bytes()));
        assertTrue(!opened.warmedByThisModel);
        assertEquals(old.steps, opened.steps);
        assertEquals(old.lastBucket, opened.lastBucket);
        assertEquals(old.window.values[old.window.at(1, 3)], opened.window.values[opened.window.at(1, 3)]);
        assertTrue(Float.isNaN(opened.next[0]));
    }

    @Test
    void anotherIntervalOrNumberOfChannelsBeginsAfresh() {
        byte[] bytes = fed(Models.of(new FeatureSpec(1000, 2, List.of(3), 2, 2, 5, 4), 1), 50, 7).bytes();
        for (FeatureSpec other : List.of(new FeatureSpec(2000, 2, List.of(3), 2, 2, 5, 4),
                new FeatureSpec(1000, 3, List.of(3), 2, 2, 5, 4))) {
            assertTrue(new SeriesForecaster(Models.of(other, 2)).open("s", new StoredSeries(bytes)).isFresh(),
                    other.toString());
        }
    }

    /// What version 1 did not keep is as in a fresh series; all else is there, so nothing has to be replayed.
    @ParameterizedTest
    @CsvSource({"1, 60, 3", "3, 131, 4"})
    void readsTheFirstLayout(int channels, int steps, long seed) {
        Model model = Models.of(new FeatureSpec(1000, channels, List.of(3, 60), 2, 2, 5, 7), 1);
        SeriesState state = fed(model, steps, seed);
        byte[] now = state.bytes();
        int since = HEADER - FIRST_HEADER + Integer.BYTES * channels + state.skill.capacity();
        ByteBuffer first = ByteBuffer.allocate(now.length - since);
        first.put((byte) 1).put(now, 1, FIRST_HEADER - 1).put(now, HEADER, first.remaining());
        SeriesState opened = new SeriesForecaster(model).open("s", new StoredSeries(first.array()));
        assertTrue(opened.warmedByThisModel);
        Arrays.fill(state.impatience, 0);
        Arrays.fill(state.skill.array(), (byte) 0);
        assertArrayEquals(state.bytes(), opened.bytes());
    }

    @Test
    void whatIsAddedUpIsForgottenWithTheModelButUsedUpPatienceIsNot() {
        FeatureSpec spec = new FeatureSpec(1000, 1, List.of(), 2, 2, 9, 4);
        SeriesState state = fed(Models.of(spec, 1), 50, 7);
        new SeriesForecaster(Models.of(spec, 1)).observe(state, new Observation(50_000, 1e9));
        SeriesState opened = new SeriesForecaster(Models.of(spec, 2)).open("s", new StoredSeries(state.bytes()));
        assertTrue(state.impatience[0] > 0);
        assertArrayEquals(state.impatience, opened.impatience);
        assertArrayEquals(new byte[opened.skill.capacity()], opened.skill.array());
    }

    /// What an earlier version knew of a series' scores does not fit, but its episode goes on.
    @Test
    void anOpenEpisodeOutlivesHabitsOfAnotherSize() {
        Model model = Models.of(new FeatureSpec(1000, 1, List.of(3), 2, 2, 5, 7), 1);
        SeriesState state = fed(model, 40, 1);
        state.habits.putLong(0, 1234).putDouble(8, 0.6).putInt(16, 3);
        byte[] now = state.bytes();
        int habits = state.habits.capacity(), fewer = Episodes.TOLD_BYTES + 16;
        int at = now.length - state.skill.capacity() - Integer.BYTES - state.calibration.capacity() - habits;
        ByteBuffer earlier = ByteBuffer.allocate(now.length - habits + fewer).order(ByteOrder.LITTLE_ENDIAN);
        earlier.put(now, 0, at + fewer).put(now, at + habits, now.length - at - habits).putInt(48, fewer);
        assertTrue(at > HEADER);
        SeriesState read = new SeriesForecaster(model).open("s", new StoredSeries(earlier.array()));
        assertEquals(1234, read.habits.getLong(0));
        assertEquals(3, read.habits.getInt(16));
        for (int i = Episodes.TOLD_BYTES; i < habits; i++) {
            assertEquals(0, read.habits.get(i));
        }
        assertArrayEquals(state.hidden, read.hidden);
        assertArrayEquals(state.skill.array(), read.skill.array());
    }

    @Test
    void namesTheLayoutItCannotRead() {
        Model model = Models.of(FeatureSpec.of(1000, 1, List.of(), 3), 1);
        byte[] bytes = fed(model, 9, 1).bytes();
        bytes[0] = 9;
        assertEquals("stored state: layout version: expected 1 to 4, found 9", refusal(model, bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 55, 56, 500})
    void refusesATruncatedRecord(int length) {
        Model model = Models.of(FeatureSpec.of(1000, 1, List.of(), 3), 1);
        byte[] bytes = Arrays.copyOf(fed(model, 9, 1).bytes(), length);
        String refusal = refusal(model, bytes);
        assertTrue(refusal.startsWith("stored state: expected ") && refusal.endsWith(" bytes, found " + length),
                refusal);
    }

    private static String refusal(Model model, byte[] bytes) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> forecaster.open("s", new StoredSeries(bytes)))
                        .getMessage());
    }

    /// Found by fuzzing: of a count below 0, a replay under another model began far behind the window.
    @ParameterizedTest
    @ValueSource(ints = {12, 16, 20, 24, 28, 48, 52, 56, 60, 64, 72})
    void refusesASizeOrCountBelowZero(int at) {
        Model model = Models.of(new FeatureSpec(1000, 1, List.of(3), 2, 2, 5, 4), 1);
        byte[] bytes = fed(model, 10, 1).bytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, Integer.MIN_VALUE);
        String refusal = String.valueOf(assertThrows(IllegalArgumentException.class,
                () -> new SeriesForecaster(model).open("s", new StoredSeries(bytes))).getMessage());
        assertTrue(refusal.startsWith("stored state: sizes: expected none below 0 or too large, found "), refusal);
    }
}
