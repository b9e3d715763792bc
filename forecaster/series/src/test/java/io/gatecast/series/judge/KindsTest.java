package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.AnomalyEvent.Kind;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindsTest {
    private static final int SEEDS = 60;

    /// What is done to a series from step 0 on; before, it is its course and noise of 1.
    private interface Fault {
        double at(int step, double course, double noise);
    }

    @ParameterizedTest
    @CsvSource({"0, 6", "0, 12", "24, 8", "24, 20"})
    void aSpikeIsOneWhenItComesAndStillWhenItHasGone(int season, double size) {
        Fault spike = (step, course, noise) -> course + noise + (step == 0 ? size : 0);
        assertTold(Kind.SPIKE, season, 0, spike, 1);
        assertTold(Kind.SPIKE, season, 4, spike, 0.9);
    }

    @ParameterizedTest
    @CsvSource({"0, 6, 6", "0, -10, 12", "24, 8, 8", "24, -16, 20"})
    void aLevelShift(int season, double size, int age) {
        assertTold(Kind.LEVEL_SHIFT, season, age, (step, course, noise) -> course + noise + size, 0.85);
    }

    @ParameterizedTest
    @CsvSource({"0, 1.5, 10", "0, -3, 8", "24, 2, 12", "24, -4, 16"})
    void aTrend(int season, double slope, int age) {
        assertTold(Kind.TREND_CHANGE, season, age, (step, course, noise) -> course + noise + slope * (step + 2), 0.85);
    }

    @ParameterizedTest
    @CsvSource({"0, 6, 14", "24, 8, 20", "24, 5, 23"})
    void aWiderSwing(int season, double times, int age) {
        assertTold(Kind.VARIANCE_CHANGE, season, age, (step, course, noise) -> course + times * noise, 0.75);
    }

    @ParameterizedTest
    @CsvSource({"0, 8", "0, 20", "24, 8", "24, 30"})
    void aStuckSensor(int season, int age) {
        assertTold(Kind.FLAT_LINE, season, age, (step, course, noise) -> 3, 1);
    }

    @ParameterizedTest
    @CsvSource({"24, 12", "24, 20", "48, 30"})
    void aSeasonThatIsGone(int season, int age) {
        assertTold(Kind.MISSING_SEASON, season, age, (step, course, noise) -> noise, 0.9);
    }

    @Test
    void ofASeriesThatHasJustBegunNothingIsSaid() {
        Remembered past = new Remembered(500, 24);
        for (int i = 0; i < 30; i++) {
            past.push(i % 3);
        }
        assertEquals(Kind.IMPROBABLE, Kinds.of(past, 0, 50, 0));
    }

    private static void assertTold(Kind kind, int season, int age, Fault fault, double share) {
        int told = 0;
        StringBuilder others = new StringBuilder();
        for (int seed = 0; seed < SEEDS; seed++) {
            Kind found = told(season, age, fault, seed);
            told += found == kind ? 1 : 0;
            others.append(found == kind ? "" : " " + found);
        }
        assertTrue(told >= share * SEEDS, told + " of " + SEEDS + ", others:" + others);
    }

    private static Kind told(int season, int age, Fault fault, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Remembered past = new Remembered(400, season);
        for (int t = -400; t < age; t++) {
            past.push((float) value(t, season, fault, random));
        }
        return Kinds.of(past, 0, (float) value(age, season, fault, random), age);
    }

    private static double value(int t, int season, Fault fault, SplittableRandom random) {
        double course = season == 0 ? 0 : 20 * Math.sin(2 * Math.PI * t / season), noise = random.nextGaussian();
        return t < 0 ? course + noise : fault.at(t, course, noise);
    }
}
