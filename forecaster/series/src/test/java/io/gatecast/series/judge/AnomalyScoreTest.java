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

    private static final Past NO_PAST = new Remembered(1, 0);

    private final AnomalyScore score = new AnomalyScore(1, LEVELS);

    /// A point forecast has no distribution under which anything could be improbable.
    @Test
    void theMedianAloneHasNoScoreAndTeachesNothing() {
        AnomalyScore alone = new AnomalyScore(2, new float[]{0.5f});
        ByteBuffer memory = memory(alone);
        memory.putDouble(0, 2); // habits from when a model with quantiles served the series
        byte[] before = memory.array().clone();
        for (float observed : new float[]{1, 2, -1e30f}) {
            assertTrue(Double.isNaN(
                    alone.score(memory, 0, new float[]{1, 0}, 0, new float[]{observed, 0}, new double[]{observed, 0},
                            NO_PAST)));
            assertEquals(-1, alone.channel());
        }
        assertArrayEquals(before, memory.array());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aForecastThatIsRightSeldomAlarms(long seed) {
        assertTrue(alarms(seed, 200_000, 0, SplittableRandom::nextGaussian) <= 3e-4);
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
    void aHeavyTailIsExcused(long seed) {
        ToDoubleFunction<SplittableRandom> student = random -> random.nextGaussian() / Math.sqrt(
                (square(random.nextGaussian()) + square(random.nextGaussian()) + square(random.nextGaussian())) / 3);
        double naive = alarmsWithoutMemory(seed, 50_000, student);
        double learned = alarms(seed, 50_000, 2_000, student);
        assertTrue(learned < naive / 3 && learned < 1e-3, "alarms at " + learned + ", without memory at " + naive);
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
        assertTrue(before > 0.55 && after > 0.4, before + " before, " + after + " after");
    }

    /// A day of sunshine at night: every value and every step is usual, but not at this time. Two seasons and a shape
    /// that never was tell what the forecast does not.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void thePastTellsWhatTheForecastDoesNot(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Remembered past = new Remembered(600, 24);
        ByteBuffer memory = memory(score);
        double worst = 0, atNight = 0;
        for (int t = 0; t < 3000; t++) {
            boolean wrong = t >= 2880 && t < 2904;
            double value = (wrong ? -1 : 1) * Math.sin(2 * Math.PI * t / 24) + 0.05 * random.nextGaussian();
            float error = (float) random.nextGaussian(); // the forecast follows whatever comes
            double scored = score.score(memory, 0, GAUSSIAN, 0, new float[]{error}, new double[]{value}, past);
            if (wrong) {
                atNight = Math.max(atNight, scored);
            } else if (t > 1000 && t < 2880) {
                worst = Math.max(worst, scored);
            }
            past.push((float) value);
        }
        assertTrue(atNight > 0.6 && worst < 0.5, atNight + " at night, " + worst + " before");
    }

    @Test
    void theWorstChannelDrivesTheScoreAndPaysForTheOthers() {
        AnomalyScore three = new AnomalyScore(3, LEVELS);
        float[] quantiles = new float[15];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(GAUSSIAN, 0, quantiles, 5 * c, 5);
        }
        double together = three.score(memory(three), 0, quantiles, 0, new float[]{0, 1.959964f, 1}, new double[3],
                NO_PAST);
        assertEquals(1, three.channel());
        assertEquals(ofProbability(3 * 2 * 0.025), together, 1e-6);
        double oneMissing = three.score(memory(three), 0, quantiles, 0, new float[]{Float.NaN, 0, -1.959964f},
                new double[3], NO_PAST);
        assertEquals(2, three.channel());
        assertEquals(ofProbability(2 * 2 * 0.025), oneMissing, 1e-6);
        assertEquals(0, three.score(memory(three), 0, quantiles, 0, new float[]{0, 0.1f, 0}, new double[3], NO_PAST));
    }

    @Test
    void aMissingObservationHasNoScoreAndTeachesNothing() {
        ByteBuffer memory = memory(score);
        at(memory, 20);
        byte[] before = memory.array().clone();
        assertTrue(Double.isNaN(at(memory, Float.NaN)));
        assertEquals(-1, score.channel());
        float[] unknown = {Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN};
        assertTrue(Double.isNaN(score.score(memory, 0, unknown, 0, new float[]{1}, new double[1], NO_PAST)));
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
        return score.score(memory, 0, GAUSSIAN, 0, new float[]{y}, new double[]{y}, NO_PAST);
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
