package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams of known truth: y is Gaussian, the forecaster states Gaussian quantiles of another width or place. A failure
/// names its seed, which replays it.
class CalibrationTest {
    private static final float[] LEVELS = {0.025f, 0.1f, 0.5f, 0.9f, 0.975f};
    private static final double[] GAUSSIAN = {-1.959964, -1.281552, 0, 1.281552, 1.959964};
    private static final int MEDIAN = 2;
    private static final int STEPS = 20_000;

    private final Calibration calibration = new Calibration(1, LEVELS);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aForecasterThatIsTooSureIsWidened(long seed) {
        Played before = play(seed, 1, t -> 0, t -> 0.4, false);
        Played after = play(seed, 1, t -> 0, t -> 0.4, true);
        assertTrue(before.inner() < 0.45, "the forecaster was to be too sure, covered " + before.inner());
        assertCoverage(after, 0.02);
        assertTrue(after.pinball < 0.9 * before.pinball, after.pinball + " against " + before.pinball);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aForecasterThatIsTooTimidIsNarrowed(long seed) {
        Played before = play(seed, 1, t -> 0, t -> 2.5, false);
        Played after = play(seed, 1, t -> 0, t -> 2.5, true);
        assertTrue(before.inner() > 0.99, "the forecaster was to be too timid, covered " + before.inner());
        assertCoverage(after, 0.02);
        assertTrue(after.pinball < 0.9 * before.pinball, after.pinball + " against " + before.pinball);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aForecasterThatWandersKeepsItsCoverage(long seed) {
        IntToDoubleFunction bias = t -> t / 1000 % 2 == 0 ? 0.8 : -0.8;
        IntToDoubleFunction width = t -> t / 3000 % 2 == 0 ? 0.6 : 1.8;
        assertCoverage(play(seed, 1, bias, width, true), 0.02);
    }

    /// The offsets find their size by themselves: neither a forecast far better nor one far worse than the scale of the
    /// series may break them.
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 10, 100})
    void coverageDoesNotDependOnTheSizeOfTheErrors(double sigma) {
        assertCoverage(play(7, sigma, t -> 0, t -> 0.5, true), 0.02);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aForecasterThatIsRightIsLeftInPeace(long seed) {
        Played before = play(seed, 1, t -> 0, t -> 1, false);
        Played after = play(seed, 1, t -> 0, t -> 1, true);
        assertCoverage(after, 0.01);
        assertTrue(after.pinball < 1.01 * before.pinball, after.pinball + " against " + before.pinball);
        assertEquals(before.medianPinball, after.medianPinball);
    }

    @Test
    void aForecastWithoutAnyWidthGetsOne() {
        assertCoverage(play(3, 1, t -> 0, t -> 0, true), 0.02);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void quantilesNeverCrossAndTheMedianStays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer memory = fresh(calibration);
        for (int t = 0; t < 2000; t++) {
            int horizon = 1 + random.nextInt(4);
            float[] quantiles = risingQuantiles(random, horizon);
            float[] medians = medians(quantiles, horizon);
            calibration.apply(memory, 0, 0, quantiles, 0, horizon);
            assertRising(quantiles, horizon);
            assertArrayEquals(medians, medians(quantiles, horizon));
            float wild = (float) (random.nextGaussian() * Math.exp(4 * random.nextGaussian()));
            calibration.update(memory, 0, 0, risingQuantiles(random, 1), 0, wild);
        }
    }

    /// A biased median bars the way to the lower level's true place. Held back, its offset must not wind up: or it would
    /// stay put long after the bias is gone.
    @Test
    void anOffsetThatIsHeldBackIsNotWoundUp() {
        ByteBuffer memory = fresh(calibration);
        SplittableRandom random = new SplittableRandom(11);
        for (int t = 0; t < 50_000; t++) {
            calibration.update(memory, 0, 0, gaussian(-4, 1), 0, (float) random.nextGaussian());
        }
        float[] quantiles = gaussian(0, 1);
        calibration.apply(memory, 0, 0, quantiles, 0, 1);
        int until = 0;
        while (quantiles[1] > -1 && until < 2000) {
            calibration.update(memory, 0, 0, gaussian(0, 1), 0, (float) random.nextGaussian());
            quantiles = gaussian(0, 1);
            calibration.apply(memory, 0, 0, quantiles, 0, 1);
            until++;
        }
        assertTrue(until < 500, "took " + until + " steps to come back");
    }

    @Test
    void aMissingObservationTeachesNothing() {
        ByteBuffer memory = fresh(calibration);
        calibration.update(memory, 0, 0, gaussian(0, 1), 0, 3);
        byte[] before = memory.array().clone();
        calibration.update(memory, 0, 0, gaussian(0, 1), 0, Float.NaN);
        calibration.update(memory, 0, 0, gaussian(Double.NaN, 1), 0, 1);
        assertArrayEquals(before, memory.array());
    }

    @Test
    void oneWildReadingMovesTheOffsetsNoFurtherThanALargeOne() {
        ByteBuffer large = trained();
        ByteBuffer wild = trained();
        calibration.update(large, 0, 0, gaussian(0, 1), 0, 6);
        calibration.update(wild, 0, 0, gaussian(0, 1), 0, 1e30f);
        assertArrayEquals(large.array(), wild.array());
    }

    @Test
    void channelsKeepApartAndStayWithinTheirBytes() {
        Calibration two = new Calibration(2, LEVELS);
        ByteBuffer memory = ByteBuffer.allocate(two.bytes() + 16).order(ByteOrder.LITTLE_ENDIAN);
        float[] raw = new float[3 + LEVELS.length];
        System.arraycopy(gaussian(0, 1), 0, raw, 3, LEVELS.length);
        two.update(memory, 8, 1, raw, 3, 9);
        float[] first = gaussian(0, 1);
        two.apply(memory, 8, 0, first, 0, 1);
        assertArrayEquals(gaussian(0, 1), first);
        two.apply(memory, 8, 1, raw, 3, 1);
        assertTrue(raw[3 + 4] > GAUSSIAN[4]);
        assertEquals(0, memory.getLong(0));
        assertEquals(0, memory.getLong(memory.capacity() - 8));
    }

    @Test
    void aPointForecastIsLeftAlone() {
        Calibration point = new Calibration(2, new float[]{0.5f});
        assertEquals(0, point.bytes());
        byte[] others = new byte[64];
        Arrays.fill(others, (byte) 7);
        ByteBuffer memory = ByteBuffer.wrap(others.clone()).order(ByteOrder.LITTLE_ENDIAN);
        float[] forecast = {1, 2, 3, 4, 5, 6};
        for (int c = 0; c < 2; c++) {
            point.update(memory, 8, c, forecast, c, 100);
            point.apply(memory, 8, c, forecast, 3 * c, 3);
        }
        assertArrayEquals(new float[]{1, 2, 3, 4, 5, 6}, forecast);
        assertArrayEquals(others, memory.array());
    }

    @Test
    void levelsWithoutTheMedianAreRefused() {
        Exception refused = assertThrows(IllegalArgumentException.class,
                () -> new Calibration(1, new float[]{0.1f, 0.9f}));
        assertEquals("quantiles: expected levels rising between 0 and 1, the median 0.5 among them, found [0.1, 0.9]",
                refused.getMessage());
    }

    /// What became of a stream: share of observations below each level, mean pinball loss over all levels and of the
    /// median alone.
    private record Played(double[] below, double pinball, double medianPinball) {
        double inner() {
            return below[3] - below[1];
        }
    }

    private Played play(long seed, double sigma, IntToDoubleFunction bias, IntToDoubleFunction width,
            boolean calibrate) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer memory = fresh(calibration);
        double[] below = new double[LEVELS.length];
        double[] pinball = new double[LEVELS.length];
        for (int t = 0; t < STEPS; t++) {
            float[] raw = gaussian(sigma * bias.applyAsDouble(t), sigma * width.applyAsDouble(t));
            float[] stated = raw.clone();
            float y = (float) (sigma * random.nextGaussian());
            if (calibrate) {
                calibration.apply(memory, 0, 0, stated, 0, 1);
                calibration.update(memory, 0, 0, raw, 0, y);
            }
            for (int q = 0; q < LEVELS.length; q++) {
                below[q] += y <= stated[q] ? 1.0 / STEPS : 0;
                pinball[q] += Math.max(LEVELS[q] * (y - stated[q]), (LEVELS[q] - 1) * (y - stated[q])) / STEPS;
            }
        }
        return new Played(below, pinball[0] + pinball[1] + pinball[2] + pinball[3] + pinball[4], pinball[MEDIAN]);
    }

    private static void assertCoverage(Played played, double tolerance) {
        for (int q = 0; q < LEVELS.length; q++) {
            if (q != MEDIAN) {
                assertEquals(LEVELS[q], played.below[q], tolerance, "level " + LEVELS[q]);
            }
        }
        assertEquals(0.8, played.inner(), tolerance, "inner interval");
        assertEquals(0.95, played.below[4] - played.below[0], tolerance, "outer interval");
    }

    private ByteBuffer trained() {
        ByteBuffer memory = fresh(calibration);
        SplittableRandom random = new SplittableRandom(5);
        for (int t = 0; t < 1000; t++) {
            calibration.update(memory, 0, 0, gaussian(0, 1), 0, (float) random.nextGaussian());
        }
        return memory;
    }

    private static ByteBuffer fresh(Judge judge) {
        return ByteBuffer.allocate(judge.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float[] gaussian(double mean, double sigma) {
        float[] quantiles = new float[GAUSSIAN.length];
        for (int q = 0; q < quantiles.length; q++) {
            quantiles[q] = (float) (mean + sigma * GAUSSIAN[q]);
        }
        return quantiles;
    }

    private static float[] risingQuantiles(SplittableRandom random, int horizon) {
        float[] quantiles = new float[LEVELS.length * horizon];
        for (int h = 0; h < horizon; h++) {
            float value = (float) random.nextGaussian();
            for (int q = 0; q < LEVELS.length; q++) {
                quantiles[q * horizon + h] = value;
                value += random.nextInt(3) == 0 ? 0 : random.nextFloat();
            }
        }
        return quantiles;
    }

    private static float[] medians(float[] quantiles, int horizon) {
        float[] medians = new float[horizon];
        System.arraycopy(quantiles, MEDIAN * horizon, medians, 0, horizon);
        return medians;
    }

    private static void assertRising(float[] quantiles, int horizon) {
        for (int i = horizon; i < quantiles.length; i++) {
            assertTrue(quantiles[i] >= quantiles[i - horizon], "quantile " + i / horizon + " at step " + i % horizon);
        }
    }
}
