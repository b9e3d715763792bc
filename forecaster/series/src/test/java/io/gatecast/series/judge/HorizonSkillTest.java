package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.Evaluation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HorizonSkillTest {
    private static final float[] LEVELS = {0.1f, 0.5f, 0.9f};
    private static final int CHANNELS = 2;
    private static final int HORIZON = 40;

    private static ByteBuffer memory(HorizonSkill skill, int base) {
        return ByteBuffer.allocate(base + skill.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Every forecast that is kept, held by a plain list against what came.
    @ParameterizedTest
    @CsvSource({"2, 1, 1", "8, 1, 2", "9, 2, 3", "17, 3, 4", "40, 5, 5"})
    void isWhatAPlainListSays(int ahead, int every, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        HorizonSkill skill = new HorizonSkill(CHANNELS, LEVELS, List.of(ahead), HORIZON, 12);
        ByteBuffer memory = memory(skill, 4);
        int steps = 3 * ahead + 20;
        float[][] said = new float[steps][];
        double[][] came = new double[steps][CHANNELS];
        double error = 0, season = 0, inside = 0;
        int targets = 0;
        for (int t = 0; t < steps; t++) {
            for (int c = 0; c < CHANNELS; c++) {
                came[t][c] = random.nextInt(6) == 0 ? Double.NaN : random.nextDouble(10);
                double before = random.nextDouble(10);
                skill.take(memory, 4, c, 100 + t, came[t][c], before);
                int made = t - ahead;
                if (made >= 0 && (100 + made) % every == 0 && !Double.isNaN(came[t][c])) {
                    int from = ((ahead - 1) * CHANNELS + c) * 3;
                    error += Math.abs(came[t][c] - said[made][from + 1]);
                    season += Math.abs(came[t][c] - before);
                    inside += came[t][c] >= said[made][from] && came[t][c] <= said[made][from + 2] ? 1 : 0;
                    targets++;
                }
            }
            said[t] = new float[HORIZON * CHANNELS * 3];
            for (int i = 0; i < said[t].length; i += 3) {
                said[t][i + 1] = (float) random.nextDouble(10);
                said[t][i] = said[t][i + 1] - 2;
                said[t][i + 2] = said[t][i + 1] + 3;
            }
            for (int c = 0; c < CHANNELS; c++) {
                skill.keep(memory, 4, c, 100 + t, said[t], 5, t % 2 == 0);
            }
        }
        List<Evaluation> found = skill.end(memory, 4, 7, 9, channel -> 1);
        assertEquals(1, found.size());
        Evaluation of = found.getFirst();
        assertEquals(ahead, of.horizon());
        assertEquals(targets, of.targets());
        assertTrue(of.coldTargets() > 0 && of.coldTargets() < targets || every % 2 == 0, of.toString());
        assertEquals(inside / targets, of.coverage(), 1e-9);
        assertEquals(error / targets, of.mase(), 0.2 * error / targets); // the mean of the channels, not of all
        assertEquals(ahead <= 12 ? season / targets : Double.NaN, of.seasonalNaiveMase(), 0.2 * season);
        assertEquals(List.of(), skill.end(memory, 4, 9, 11, channel -> 1), "the next window is empty");
    }

    @Test
    void whatIsKeptDoesNotGrowWithTheHorizon() {
        int near = new HorizonSkill(1, LEVELS, List.of(8), 1000, 24).bytes();
        assertEquals(near, new HorizonSkill(1, LEVELS, List.of(1000), 1000, 24).bytes());
        assertEquals(0, new HorizonSkill(1, LEVELS, List.of(1, 50), 40, 24).bytes(), "1 is the next, 50 is beyond");
    }

    /// Settings may change while a state lies in the store.
    @Test
    void bytesOfOtherStepsAheadMeanNothing() {
        HorizonSkill six = new HorizonSkill(1, LEVELS, List.of(6), HORIZON, 0);
        HorizonSkill seven = new HorizonSkill(1, LEVELS, List.of(7), HORIZON, 0);
        ByteBuffer memory = ByteBuffer.allocate(Math.max(six.bytes(), seven.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int t = 0; t < 20; t++) {
            six.keep(memory, 0, 0, t, new float[HORIZON * 3], 0, false);
            six.take(memory, 0, 0, t, 1, Double.NaN);
        }
        assertEquals(List.of(), seven.end(memory, 0, 0, 1, channel -> 1));
        seven.take(memory, 0, 0, 21, 1, Double.NaN);
        assertEquals(List.of(), seven.end(memory, 0, 0, 1, channel -> 1));
    }

    @Test
    void anAbsentForecastIsNotJudged() {
        HorizonSkill skill = new HorizonSkill(1, LEVELS, List.of(3), HORIZON, 0);
        ByteBuffer memory = memory(skill, 0);
        skill.keep(memory, 0, 0, 10, new float[HORIZON * 3], 0, false);
        skill.take(memory, 0, 0, 12, 1, Double.NaN);
        skill.take(memory, 0, 0, 13 + 3 * 1000, 1, Double.NaN);
        assertEquals(List.of(), skill.end(memory, 0, 0, 1, channel -> 1));
        skill.take(memory, 0, 0, 13, 1, Double.NaN);
        assertEquals(1, skill.end(memory, 0, 0, 1, channel -> 1).getFirst().targets());
    }
}
