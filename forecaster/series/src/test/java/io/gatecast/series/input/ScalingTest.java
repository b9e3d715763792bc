package io.gatecast.series.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.FeatureSpec;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingTest {
    private static final FeatureSpec HOURLY = FeatureSpec.of(3_600_000, 1, List.of(24, 168), 48);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isTheMeanAndTheMeanSeasonalDifference(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] history = new float[400];
        for (int i = 0; i < history.length; i++) {
            history[i] = (float) (100 + 10 * Math.sin(i * Math.PI / 12) + random.nextGaussian());
        }
        int at = 350;
        float[] window = Arrays.copyOfRange(history, at + 1 - 168, at + 1);
        double mean = sum(window) / 168;
        double seasonal = 0;
        double deviation = 0;
        for (int i = 0; i < 168; i++) {
            seasonal += i < 24 ? 0 : Math.abs(window[i] - window[i - 24]);
            deviation += Math.abs(window[i] - mean);
        }

        Scaling scaling = Scaling.of(history, at, HOURLY);

        assertEquals(mean, scaling.location(), 1e-9);
        assertEquals((seasonal + 0.01 * mean) / 144.01 + 0.02 * deviation / 168, scaling.scale(), 1e-6);
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    @Test
    void aSeriesSeenOnceMayGoAsFarAsItsOwnSize() {
        float[] history = unknown(200);
        history[199] = -20;
        Scaling scaling = Scaling.of(history, 199, HOURLY);
        assertEquals(-20, scaling.location());
        assertEquals(20, scaling.scale(), 1e-6);
    }

    @Test
    void unknownValuesCountForNothing() {
        float[] some = unknown(200);
        float[] same = new float[200];
        for (int i = 32; i < 200; i++) {
            same[i] = i % 24;
            some[i] = i % 7 == 0 ? Float.NaN : i % 24;
        }
        double repeated = Scaling.of(same, 199, HOURLY).scale();
        double withHoles = Scaling.of(some, 199, HOURLY).scale();
        assertTrue(withHoles < 1.5 * repeated && withHoles > 0.5 * repeated, withHoles + " against " + repeated);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 5, -3e8f})
    void aConstantSeriesHasAUnitToo(float value) {
        float[] history = new float[200];
        Arrays.fill(history, value);
        Scaling scaling = Scaling.of(history, 199, HOURLY);
        assertTrue(scaling.scale() > 0);
        assertEquals(0, scaling.toUnits(value));
        assertEquals(value, scaling.toValue(0));
    }

    private static float[] unknown(int length) {
        float[] history = new float[length];
        Arrays.fill(history, Float.NaN);
        return history;
    }
}
