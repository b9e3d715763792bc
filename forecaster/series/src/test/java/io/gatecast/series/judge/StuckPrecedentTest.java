package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StuckPrecedentTest {
    @Test
    void sevenAlikeMayBeChanceEightAreNot() {
        float[] past = noise(1, 300);
        Arrays.fill(past, 294, 300, 0.5f);
        assertEquals(0, StuckPrecedent.digits(past, 0, 299, 0.5f));
        past[293] = 0.5f;
        assertEquals(Rarity.MOST, StuckPrecedent.digits(past, 0, 299, 0.5f));
        assertEquals(0, StuckPrecedent.digits(past, 0, 299, 0.6f));
    }

    /// A counter that shows few values: as many runs are called rarer than p as there ought to be, at most.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aCoarseSensorIsNotStuck(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] past = new float[500];
        int alarms = 0;
        for (int t = 0; t < 20_000; t++) {
            float value = random.nextInt(3);
            alarms += t > 500 && StuckPrecedent.digits(past, 0, 499, value) > 4 ? 1 : 0;
            System.arraycopy(past, 1, past, 0, 499);
            past[499] = value;
        }
        assertTrue(alarms <= 6, alarms + " alarms");
    }

    @Test
    void aRunThatWasSeenBeforeIsNothingNew() {
        float[] past = noise(2, 400);
        Arrays.fill(past, 100, 140, 0f);
        Arrays.fill(past, 360, 400, 0f);
        assertEquals(0, StuckPrecedent.digits(past, 0, 399, 0f));
        assertEquals(Rarity.MOST, StuckPrecedent.digits(past, 141, 399, 0f));
    }

    @Test
    void ofWhatWasNeverAnythingElseNothingIsSaid() {
        assertEquals(0, StuckPrecedent.digits(new float[400], 0, 399, 0f));
    }

    private static float[] noise(long seed, int context) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] past = new float[context];
        for (int i = 0; i < context; i++) {
            past[i] = (float) random.nextGaussian();
        }
        return past;
    }
}
