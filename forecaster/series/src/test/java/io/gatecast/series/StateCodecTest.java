package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {

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
        assertArrayEquals(bytes, new SeriesForecaster(model).open("s", bytes).bytes());
    }

    @Test
    void valuesCarryOverToAnotherModelButItsHiddenStateDoesNot() {
        FeatureSpec small = new FeatureSpec(1000, 2, List.of(3), 2, 2, 5, 4);
        FeatureSpec large = new FeatureSpec(1000, 2, List.of(3, 9), 2, 2, 5, 4);
        SeriesState old = fed(Models.of(small, 1), 50, 7);
        SeriesState opened = new SeriesForecaster(Models.of(large, 2, 8, List.of(0.5))).open("s", old.bytes());
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
            assertTrue(new SeriesForecaster(Models.of(other, 2)).open("s", bytes).isFresh(), other.toString());
        }
    }

    @Test
    void namesTheLayoutItCannotRead() {
        Model model = Models.of(FeatureSpec.of(1000, 1, List.of(), 3), 1);
        byte[] bytes = fed(model, 9, 1).bytes();
        bytes[0] = 9;
        assertEquals("stored state: layout version: expected 1 or 2, found 9", refusal(model, bytes));
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
                assertThrows(IllegalArgumentException.class, () -> forecaster.open("s", bytes)).getMessage());
    }
}
