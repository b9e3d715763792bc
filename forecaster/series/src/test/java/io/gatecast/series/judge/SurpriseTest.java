package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurpriseTest {
    private static final float[] LEVELS = {0.025f, 0.1f, 0.5f, 0.9f, 0.975f};
    private static final float[] GAUSSIAN = {-1.959964f, -1.281552f, 0, 1.281552f, 1.959964f};

    private final Surprise surprise = new Surprise(LEVELS);

    /// p by hand: at the outer quantile 2 · 0.025, halfway between two levels their mean, at the median 1, and beyond the
    /// outer quantile one width of the outer pair divides it by 0.1 / 0.025 = 4.
    @Test
    void itIsTheTwoSidedTailOfTheQuantiles() {
        assertEquals(0, at(0), 1e-6);
        assertEquals(-Math.log(2 * 0.025), at(-1.959964f), 1e-6);
        assertEquals(-Math.log(2 * 0.025), at(1.959964f), 1e-6);
        assertEquals(-Math.log(2 * 0.0625), at((1.281552f + 1.959964f) / 2), 1e-6);
        float width = 1.959964f - 1.281552f;
        assertEquals(-Math.log(2 * 0.025 / 4), at(1.959964f + width), 1e-5);
        assertEquals(-Math.log(2 * 0.025 / 16), at(-1.959964f - 2 * width), 1e-5);
    }

    @Test
    void itRisesWithTheDistanceAndDoesNotSaturate() {
        double before = -1;
        for (float y = 0; y < 1e6f; y = y * 1.1f + 0.01f) {
            double now = at(y);
            assertTrue(now >= before && (now > before || y < 1), "at " + y + ": " + now + " after " + before);
            assertEquals(now, at(-y), 1e-6 * (1 + now));
            before = now;
        }
        assertTrue(Double.isFinite(at(Float.MAX_VALUE)));
    }

    @Test
    void onAFlatLineTheExpectedIsExpectedAndALeapIsNot() {
        float[] flat = {3, 3, 3, 3, 3};
        assertEquals(0, surprise.of(flat, 0, 3));
        assertTrue(surprise.of(flat, 0, 3.1f) > 40);
        assertTrue(surprise.of(flat, 0, Math.nextUp(3f)) < 5);
    }

    @Test
    void whatIsNotForecastOrObservedSurprisesNobody() {
        assertTrue(Double.isNaN(at(Float.NaN)));
        float[] unknown = {Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN};
        assertTrue(Double.isNaN(surprise.of(unknown, 0, 1)));
        assertTrue(Double.isNaN(new Surprise(new float[]{0.5f}).of(new float[]{1}, 0, 7)));
    }

    /// Of a forecast that is right it is exponential with mean 1 up to the outer quantiles.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ofARightForecastItIsExponential(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int above = 0, n = 100_000;
        for (int i = 0; i < n; i++) {
            above += at((float) random.nextGaussian()) > -Math.log(0.2) ? 1 : 0;
        }
        assertEquals(0.2, (double) above / n, 0.005);
    }

    private double at(float observed) {
        return surprise.of(GAUSSIAN, 0, observed);
    }
}
