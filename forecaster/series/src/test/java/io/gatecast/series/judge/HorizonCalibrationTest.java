package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Random walks, of which every step ahead is known to lie √h wide, and forecasters that state something else of it.
class HorizonCalibrationTest {
    private static final float[] LEVELS = {0.025f, 0.1f, 0.5f, 0.9f, 0.975f};
    private static final double[] GAUSSIAN = {-1.959964, -1.281552, 0, 1.281552, 1.959964};
    private static final int STEPS = 12_000;

    /// The location moves all the time: what is kept must not depend on it.
    private static final class Scale implements Units {
        float location;

        @Override
        public float toValue(int channel, float units) {
            return location + units * 3;
        }

        @Override
        public float toUnits(int channel, float value) {
            return (value - location) / 3;
        }
    }

    /// A forecaster that says of step h ahead: the last value, give or take width(h) standard deviations of one step.
    ///
    /// @return `[horizon]`, how often the 80 % interval held over the second half
    private static double[] coverage(int horizon, long seed, IntToDoubleFunction width) {
        HorizonCalibration calibration = new HorizonCalibration(1, LEVELS, horizon);
        ByteBuffer memory = memory(calibration);
        SplittableRandom random = new SplittableRandom(seed);
        double[] walk = new double[STEPS];
        float[][] said = new float[STEPS][];
        int[] inside = new int[horizon];
        int[] judged = new int[horizon];
        Scale scale = new Scale();
        for (int t = 1; t < STEPS; t++) {
            walk[t] = walk[t - 1] + random.nextGaussian();
            scale.location = 10 * (t % 7);
            if (t > 1) {
                calibration.update(memory, 0, 0, t, next(horizon, width, walk[t - 1], scale), 0,
                        scale.toUnits(0, (float) walk[t]), scale);
            }
            scale.location = 10 * (t % 5);
            float[] answer = answer(horizon, width, walk[t], scale);
            calibration.keep(memory, 0, 0, t, answer, 0, scale);
            calibration.apply(memory, 0, 0, answer, 0, horizon);
            for (int i = 0; i < answer.length; i++) {
                answer[i] = scale.toValue(0, answer[i]);
            }
            said[t] = answer;
            for (int h = 1; h <= horizon && t - h > STEPS / 2; h++) {
                float[] then = said[t - h];
                inside[h - 1] += walk[t] >= then[horizon + h - 1] && walk[t] <= then[3 * horizon + h - 1] ? 1 : 0;
                judged[h - 1]++;
            }
        }
        double[] coverage = new double[horizon];
        Arrays.setAll(coverage, h -> inside[h] / (double) judged[h]);
        return coverage;
    }

    private static float[] next(int horizon, IntToDoubleFunction width, double last, Scale scale) {
        float[] answer = answer(horizon, width, last, scale);
        float[] next = new float[LEVELS.length];
        for (int q = 0; q < next.length; q++) {
            next[q] = answer[q * horizon];
        }
        return next;
    }

    private static float[] answer(int horizon, IntToDoubleFunction width, double last, Scale scale) {
        float[] answer = new float[LEVELS.length * horizon];
        for (int q = 0; q < LEVELS.length; q++) {
            for (int h = 1; h <= horizon; h++) {
                double value = last + GAUSSIAN[q] * width.applyAsDouble(h);
                answer[q * horizon + h - 1] = scale.toUnits(0, (float) value);
            }
        }
        return answer;
    }

    private static ByteBuffer memory(HorizonCalibration calibration) {
        return ByteBuffer.allocate(calibration.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Right at the next step, far too sure of the last one: one offset for all could not mend it.
    @ParameterizedTest
    @CsvSource({"24, 1", "24, 2", "12, 3", "7, 4", "2, 5", "1, 6"})
    void everyStepAheadIsCoveredAsOftenAsStated(int horizon, long seed) {
        double[] after = coverage(horizon, seed, h -> 1);
        for (int h = 1; h <= horizon; h++) {
            assertEquals(0.8, after[h - 1], 0.07, "step " + h + " of " + Arrays.toString(after));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whoIsTimidIsNarrowedAtEveryStep(long seed) {
        double[] after = coverage(16, seed, h -> 3 * Math.sqrt(h));
        for (int h = 1; h <= 16; h++) {
            assertEquals(0.8, after[h - 1], 0.07, "step " + h + " of " + Arrays.toString(after));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whoIsRightIsLeftInPeace(long seed) {
        double[] after = coverage(16, seed, Math::sqrt);
        for (int h = 1; h <= 16; h++) {
            assertEquals(0.8, after[h - 1], 0.07, "step " + h + " of " + Arrays.toString(after));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 14, 48})
    void quantilesKeepTheirOrderAndTheMedianStays(int horizon) {
        HorizonCalibration calibration = new HorizonCalibration(2, LEVELS, horizon);
        ByteBuffer memory = memory(calibration);
        SplittableRandom random = new SplittableRandom(horizon);
        Scale scale = new Scale();
        float[] next = {-1, -0.5f, 0, 0.5f, 1};
        for (int t = 0; t < 500; t++) {
            float[] answer = new float[LEVELS.length * horizon];
            for (int i = 0; i < answer.length; i++) {
                answer[i] = i / horizon + random.nextFloat();
            }
            calibration.update(memory, 0, 1, t, next, 0, (float) random.nextGaussian() * 9, scale);
            calibration.keep(memory, 0, 1, t, answer, 0, scale);
            float[] moved = answer.clone();
            calibration.apply(memory, 0, 1, moved, 0, horizon);
            for (int h = 0; h < horizon; h++) {
                assertEquals(answer[2 * horizon + h], moved[2 * horizon + h]);
                for (int q = 1; q < LEVELS.length; q++) {
                    assertTrue(moved[q * horizon + h] >= moved[(q - 1) * horizon + h]);
                }
            }
        }
        byte[] other = Arrays.copyOf(memory.array(), calibration.bytes() / 2);
        assertArrayEquals(new byte[other.length], other, "the other channel was touched");
    }

    /// After a pause what was kept before it is no forecast of what comes now.
    @Test
    void whatIsNotDueIsNotLearnedFrom() {
        HorizonCalibration calibration = new HorizonCalibration(1, LEVELS, 8);
        ByteBuffer memory = memory(calibration);
        Scale scale = new Scale();
        float[] next = {Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN};
        for (int t = 0; t < 8; t++) {
            calibration.keep(memory, 0, 0, t, answer(8, h -> 1, 100, scale), 0, scale);
        }
        byte[] before = memory.array().clone();
        for (int t = 1000; t < 1008; t++) {
            calibration.update(memory, 0, 0, t, next, 0, 500, scale);
        }
        assertArrayEquals(before, memory.array());
        calibration.update(memory, 0, 0, 9, next, 0, 500, scale);
        assertTrue(!Arrays.equals(before, memory.array()), "step 8 was kept for step 9");
    }

    @Test
    void aPointIsNotCalibrated() {
        HorizonCalibration point = new HorizonCalibration(3, new float[]{0.5f}, 24);
        assertEquals(0, point.bytes());
        ByteBuffer memory = memory(point);
        point.update(memory, 0, 2, 7, new float[]{1}, 0, 2, new Scale());
        point.keep(memory, 0, 2, 7, new float[24], 0, new Scale());
        float[] quantiles = {3};
        point.apply(memory, 0, 2, quantiles, 0, 1);
        assertEquals(3, quantiles[0]);
    }

    /// The price of a channel, for 5 levels: 24 bytes a learned step and 24 for each of the forecasts that are kept.
    @ParameterizedTest
    @CsvSource({"1, 24", "2, 96", "12, 456", "24, 576", "48, 696"})
    void memoryGrowsWithTheLogarithmOfTheHorizon(int horizon, int bytes) {
        assertEquals(bytes, new HorizonCalibration(1, LEVELS, horizon).bytes());
    }
}
