package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.Evaluation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkillTest {
    private static final float[] LEVELS = {0.1f, 0.5f, 0.9f};
    private static final float[] UNKNOWN = {Float.NaN, Float.NaN, Float.NaN};

    /// One step of one channel, as a plain list keeps it.
    private record Step(float[] quantiles, double observed, double last, double season) {
        double error() {
            return Math.abs(observed - quantiles[1]);
        }
    }

    private static ByteBuffer memory(Skill skill, int base) {
        return ByteBuffer.allocate(base + skill.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 2", "24, 3"})
    void sumsWhatAPlainListSums(int window, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Skill skill = new Skill(1, LEVELS, true, window);
        ByteBuffer memory = memory(skill, 12);
        List<Step> steps = new ArrayList<>();
        double differences = 0;
        double last = Double.NaN;
        int pairs = 0;
        for (int t = 0; t < 4 * window + 5; t++) {
            double observed = random.nextInt(5) == 0 ? Double.NaN : random.nextDouble(10, 20);
            double season = t < window ? Double.NaN : random.nextDouble(10, 20);
            float centre = (float) random.nextDouble(10, 20);
            float[] quantiles = t == 0 ? UNKNOWN : new float[]{centre - 3, centre, centre + 2};
            if (!Double.isNaN(observed - season)) {
                differences += Math.abs(observed - season);
                pairs++;
            }
            if (!Double.isNaN(observed + last)) {
                steps.add(new Step(quantiles, observed, last, season));
            }
            last = Double.isNaN(observed) ? last : observed;
            skill.take(memory, 12, 0, quantiles, observed, season, false);
            Evaluation evaluation = skill.end(memory, 12, 1000L * t, 1000);
            assertEquals(steps.size() == window, evaluation != null, "step " + t);
            if (evaluation != null) {
                compare(steps, differences / pairs, 1000L * t, evaluation);
                steps.clear();
            }
        }
    }

    private static void compare(List<Step> steps, double unit, long bucket, Evaluation found) {
        List<Step> seasonal = steps.stream().filter(step -> !Double.isNaN(step.season)).toList();
        double mae = mean(steps, Step::error);
        double seasonMae = mean(seasonal, step -> Math.abs(step.observed - step.season));
        assertEquals(bucket + 1000, found.windowEnd());
        assertEquals(steps.size(), found.targets());
        assertEquals(mae / unit, found.mase(), 1e-12);
        assertEquals(seasonMae / unit, found.seasonalNaiveMase(), 1e-12);
        assertEquals(mean(steps, s -> 200 * s.error() / (s.observed + s.quantiles[1])), found.smape(), 1e-9);
        assertEquals(mean(steps, s -> s.observed >= s.quantiles[0] && s.observed <= s.quantiles[2] ? 1 : 0),
                found.coverage(), 1e-12);
        assertEquals(0.8, found.statedCoverage(), 1e-6);
        assertEquals(5, found.width(), 1e-5);
        assertEquals(1 - mae / mean(steps, s -> Math.abs(s.observed - s.last)), found.skillOverLastValue(), 1e-12);
        assertEquals(1 - mean(seasonal, Step::error) / seasonMae, found.skillOverSeasonalNaive(), 1e-12);
        assertEquals(mean(steps, SkillTest::pinball), found.pinball(), 1e-6);
    }

    private static double pinball(Step step) {
        double sum = 0;
        for (int q = 0; q < LEVELS.length; q++) {
            double above = step.observed - step.quantiles[q];
            sum += Math.max(LEVELS[q] * above, (LEVELS[q] - 1) * above);
        }
        return sum / LEVELS.length;
    }

    private static double mean(List<Step> steps, ToDoubleFunction<Step> term) {
        return steps.stream().mapToDouble(term).average().orElse(Double.NaN);
    }

    /// @return over a window of 20 steps of noise in two channels, of which the second is a thousand times the first
    private static Evaluation ofNoise(float[] levels, float share) {
        SplittableRandom random = new SplittableRandom(5);
        Skill skill = new Skill(2, levels, false, 20);
        ByteBuffer memory = memory(skill, 0);
        double[] last = {0, 0};
        for (int t = 0;; t++) {
            for (int c = 0; c < 2; c++) {
                float observed = (c == 0 ? 1 : 1000) * (float) random.nextDouble();
                float[] quantiles = new float[levels.length];
                Arrays.fill(quantiles, (float) (share * observed + (1 - share) * last[c]));
                skill.take(memory, 0, c, quantiles, observed, Double.NaN, t < 10);
                last[c] = observed;
            }
            Evaluation evaluation = skill.end(memory, 0, t, 1);
            if (evaluation != null) {
                return evaluation;
            }
        }
    }

    @Test
    void aModelThatRepeatsTheLastValueHasNoSkill() {
        assertEquals(0, ofNoise(LEVELS, 0).skillOverLastValue(), 1e-9);
        assertEquals(1, ofNoise(LEVELS, 1).skillOverLastValue(), 1e-9);
        assertEquals(0.25, ofNoise(LEVELS, 0.25f).skillOverLastValue(), 1e-6);
        assertTrue(ofNoise(LEVELS, -0.5f).skillOverLastValue() < -0.4);
    }

    @Test
    void whatHasNoMeaningIsNoNumber() {
        Evaluation point = ofNoise(new float[]{0.5f}, 0.5f);
        assertTrue(Double.isNaN(point.coverage() + point.statedCoverage()) && Double.isNaN(point.width())
                && Double.isNaN(point.pinball()) && Double.isNaN(point.skillOverSeasonalNaive()), point.toString());
        assertEquals(0.5, point.skillOverLastValue(), 1e-6);
        assertEquals(40, point.targets());
        assertEquals(18, point.coldTargets());
        assertTrue(point.mase() > 0, point.toString());
    }

    @Test
    void stepsWithoutAForecastOrAValueCountForNothing() {
        Skill skill = new Skill(1, LEVELS, true, 1);
        ByteBuffer memory = memory(skill, 0);
        float[] known = {1, 2, 3};
        skill.take(memory, 0, 0, known, 2, Double.NaN, false);
        assertNull(skill.end(memory, 0, 0, 10), "no value before");
        skill.take(memory, 0, 0, UNKNOWN, 2, Double.NaN, false);
        assertNull(skill.end(memory, 0, 10, 10), "no forecast");
        skill.take(memory, 0, 0, known, Double.NaN, Double.NaN, false);
        assertNull(skill.end(memory, 0, 20, 10), "no value");
        skill.take(memory, 0, 0, known, 2, Double.NaN, false);
        Evaluation evaluation = Objects.requireNonNull(skill.end(memory, 0, 30, 10));
        assertEquals(30, evaluation.windowStart());
        assertEquals(40, evaluation.windowEnd());
        assertTrue(Double.isNaN(evaluation.mase()) && Double.isNaN(evaluation.skillOverLastValue()),
                "a constant series has no unit");
    }
}
