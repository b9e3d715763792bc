package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnomalyScoreTest {
    private static final float[] LEVELS = {0.025f, 0.1f, 0.5f, 0.9f, 0.975f};
    private static final float[] GAUSSIAN = {-1.959964f, -1.281552f, 0, 1.281552f, 1.959964f};

    private final AnomalyScore score = new AnomalyScore(1, LEVELS);

    /// p by hand: at the outer quantile 2 · 0.025, halfway between two levels their mean, at the median 1, and beyond the
    /// outer quantile one width of the outer pair divides it by 0.1 / 0.025 = 4.
    @Test
    void theScoreIsTheTwoSidedTailOfTheQuantiles() {
        assertEquals(ofProbability(1), fresh(0), 1e-6);
        assertEquals(ofProbability(2 * 0.025), fresh(-1.959964f), 1e-6);
        assertEquals(ofProbability(2 * 0.025), fresh(1.959964f), 1e-6);
        assertEquals(ofProbability(2 * 0.0625), fresh((1.281552f + 1.959964f) / 2), 1e-6);
        float width = 1.959964f - 1.281552f;
        assertEquals(ofProbability(2 * 0.025 / 4), fresh(1.959964f + width), 1e-6);
        assertEquals(ofProbability(2 * 0.025 / 16), fresh(-1.959964f - 2 * width), 1e-6);
    }

    @Test
    void theScoreRisesWithTheDistanceAndDoesNotSaturate() {
        double before = -1;
        for (float y = 0; y < 1e6f; y = y * 1.1f + 0.01f) {
            double now = fresh(y);
            assertTrue(now >= before && (now > before || y < 1) && now < 1,
                    "at " + y + ": " + now + " after " + before);
            assertEquals(now, fresh(-y), 1e-6);
            before = now;
        }
        assertTrue(before > 0.99);
        assertEquals(1, fresh(Float.MAX_VALUE), 1e-12);
    }

    @Test
    void onAFlatLineTheExpectedIsExpectedAndALeapIsNot() {
        float[] flat = {3, 3, 3, 3, 3};
        assertEquals(0, score.score(memory(score), 0, flat, 0, new float[]{3}));
        assertTrue(score.score(memory(score), 0, flat, 0, new float[]{3.1f}) > 0.9);
        assertTrue(score.score(memory(score), 0, flat, 0, new float[]{Math.nextUp(3f)}) < 0.3);
    }

    /// A point forecast has no distribution under which anything could be improbable.
    @Test
    void theMedianAloneHasNoScoreAndTeachesNothing() {
        AnomalyScore alone = new AnomalyScore(2, new float[]{0.5f});
        ByteBuffer memory = memory(alone);
        memory.putDouble(0, 2); // habits from when a model with quantiles served the series
        byte[] before = memory.array().clone();
        for (float observed : new float[]{1, 2, -1e30f}) {
            assertTrue(Double.isNaN(alone.score(memory, 0, new float[]{1, 0}, 0, new float[]{observed, 0})));
            assertEquals(-1, alone.channel());
        }
        assertArrayEquals(before, memory.array());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aForecastThatIsRightSeldomAlarms(long seed) {
        assertTrue(alarms(seed, 200_000, 0, SplittableRandom::nextGaussian) <= 2e-4);
    }

    /// Laplace noise twice too wide: the forecast alone would call 1 in 25 as rare as 1 in 10,000.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aNoisySeriesDoesNotCryWolf(long seed) {
        ToDoubleFunction<SplittableRandom> laplace = random -> (random.nextBoolean() ? 2 : -2)
                * -Math.log(1 - random.nextDouble());
        double naive = alarmsWithoutMemory(seed, 20_000, laplace);
        double learned = alarms(seed, 50_000, 2_000, laplace);
        assertTrue(naive > 0.03, "the forecast alone alarms at " + naive);
        assertTrue(learned < 1e-3, "with the series' habits it alarms at " + learned);
    }

    /// Student's t with three degrees of freedom has no exponential tail, and still must not flood anybody.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aHeavyTailIsExcusedForTheMostPart(long seed) {
        ToDoubleFunction<SplittableRandom> student = random -> random.nextGaussian() / Math.sqrt(
                (square(random.nextGaussian()) + square(random.nextGaussian()) + square(random.nextGaussian())) / 3);
        double naive = alarmsWithoutMemory(seed, 50_000, student);
        double learned = alarms(seed, 50_000, 2_000, student);
        assertTrue(learned < naive / 3 && learned < 2e-3, "alarms at " + learned + ", without memory at " + naive);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anEpisodeDoesNotDeafenTheSeries(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer memory = memory(score);
        play(memory, random, 5_000);
        double before = at(copy(memory), 12);
        for (int t = 0; t < 20; t++) {
            at(memory, (float) (12 + random.nextGaussian()));
        }
        play(memory, random, 500);
        double after = at(copy(memory), 12);
        assertTrue(before > 0.6 && after > 0.5, before + " before, " + after + " after");
    }

    @Test
    void theWorstChannelDrivesTheScoreAndPaysForTheOthers() {
        AnomalyScore three = new AnomalyScore(3, LEVELS);
        float[] quantiles = new float[15];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(GAUSSIAN, 0, quantiles, 5 * c, 5);
        }
        double together = three.score(memory(three), 0, quantiles, 0, new float[]{0, 1.959964f, 1});
        assertEquals(1, three.channel());
        assertEquals(ofProbability(3 * 2 * 0.025), together, 1e-6);
        double oneMissing = three.score(memory(three), 0, quantiles, 0, new float[]{Float.NaN, 0, -1.959964f});
        assertEquals(2, three.channel());
        assertEquals(ofProbability(2 * 2 * 0.025), oneMissing, 1e-6);
        assertEquals(0, three.score(memory(three), 0, quantiles, 0, new float[]{0, 0.1f, 0}));
    }

    @Test
    void aMissingObservationHasNoScoreAndTeachesNothing() {
        ByteBuffer memory = memory(score);
        at(memory, 20);
        byte[] before = memory.array().clone();
        assertTrue(Double.isNaN(at(memory, Float.NaN)));
        assertEquals(-1, score.channel());
        float[] unknown = {Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN};
        assertTrue(Double.isNaN(score.score(memory, 0, unknown, 0, new float[]{1})));
        assertArrayEquals(before, memory.array());
    }

    private static double ofProbability(double p) {
        double digits = -Math.log10(p);
        return digits / (digits + 4);
    }

    private static double square(double v) {
        return v * v;
    }

    private double fresh(float y) {
        return at(memory(score), y);
    }

    private double at(ByteBuffer memory, float y) {
        return score.score(memory, 0, GAUSSIAN, 0, new float[]{y});
    }

    private void play(ByteBuffer memory, SplittableRandom random, int steps) {
        for (int t = 0; t < steps; t++) {
            at(memory, (float) random.nextGaussian());
        }
    }

    /// Share of observations after `from` with a score of 0.5, one in ten thousand, or more.
    private double alarms(long seed, int steps, int from, ToDoubleFunction<SplittableRandom> noise) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer memory = memory(score);
        int alarms = 0;
        for (int t = 0; t < steps; t++) {
            boolean alarm = at(memory, (float) noise.applyAsDouble(random)) >= 0.5;
            alarms += alarm && t >= from ? 1 : 0;
        }
        return (double) alarms / (steps - from);
    }

    private double alarmsWithoutMemory(long seed, int steps, ToDoubleFunction<SplittableRandom> noise) {
        SplittableRandom random = new SplittableRandom(seed);
        int alarms = 0;
        for (int t = 0; t < steps; t++) {
            alarms += fresh((float) noise.applyAsDouble(random)) >= 0.5 ? 1 : 0;
        }
        return (double) alarms / steps;
    }

    private static ByteBuffer memory(Judge judge) {
        return ByteBuffer.allocate(judge.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer copy(ByteBuffer memory) {
        return ByteBuffer.wrap(memory.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
    }
}
