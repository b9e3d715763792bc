package io.gatecast.training.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.Forecast;
import io.gatecast.series.Observation;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreSheetTest {
    private static final float[] LEVELS = {0.1f, 0.5f, 0.9f};

    private static Forecast forecast(long origin, int version, float[] medians, float halfWidth) {
        float[] values = new float[medians.length * 3];
        for (int h = 0; h < medians.length; h++) {
            values[3 * h] = medians[h] - halfWidth;
            values[3 * h + 1] = medians[h];
            values[3 * h + 2] = medians[h] + halfWidth;
        }
        return new Forecast(origin, 10, medians.length, 1, LEVELS, values, "m", version, true);
    }

    /// Against the definition, with everything in memory.
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 4, 2", "7, 3, 3", "5, 12, 4"})
    void agreesWithTheDefinition(int horizon, int season, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int length = 60;
        double[] y = random.doubles(length, 10, 20).toArray();
        float[][] medians = new float[length][horizon];
        ScoreSheet sheet = new ScoreSheet(10, horizon, season);
        for (int t = 0; t < length; t++) {
            for (int h = 0; h < horizon; h++) {
                medians[t][h] = (float) random.nextDouble(10, 20);
            }
            sheet.observed("s", new Observation(10L * t + 3, y[t]));
            sheet.forecast("s", forecast(10L * t, 1, medians[t], 2));
        }
        double error = 0;
        double naive = 0;
        int inside = 0;
        int targets = 0;
        double unit = 0;
        for (int t = season; t < length; t++) {
            unit += Math.abs(y[t] - y[t - season]) / (length - season);
        }
        for (int t = 0; t < length; t++) {
            for (int h = 1; h <= horizon && t + h < length; h++) {
                int before = t + h - season * ((h + season - 1) / season);
                if (before >= 0) {
                    error += Math.abs(y[t + h] - medians[t][h - 1]);
                    naive += Math.abs(y[t + h] - y[before]);
                    inside += Math.abs(y[t + h] - medians[t][h - 1]) <= 2 ? 1 : 0;
                    targets++;
                }
            }
        }
        Score score = sheet.total();
        assertEquals(targets, score.targets());
        assertEquals(error / targets / unit, score.mase(), 1e-9);
        assertEquals(naive / targets / unit, score.seasonalNaiveMase(), 1e-9);
        assertEquals((double) inside / targets, score.coverage(), 1e-9);
    }

    @Test
    void tellsVersionsAndSeriesApart() {
        ScoreSheet sheet = new ScoreSheet(10, 1, 1);
        for (int t = 0; t < 20; t++) {
            for (String id : new String[]{"good", "bad"}) {
                sheet.observed(id, new Observation(10L * t, t % 2));
                float next = (t + 1) % 2;
                float wrong = id.equals("good") ? 0 : t < 10 ? 1 : 0.5f;
                sheet.forecast(id, forecast(10L * t, t < 10 ? 1 : 2, new float[]{next + wrong}, 0.1f));
            }
        }
        assertEquals(0, sheet.ofSeries("good").mase(), 1e-6);
        assertEquals(0.5, sheet.ofVersion(1).mase(), 1e-6);
        assertEquals(0.25, sheet.ofVersion(2).mase(), 1e-6);
        assertEquals(1, sheet.ofSeries("good").coverage());
        assertEquals(0, sheet.ofSeries("bad").coverage());
    }

    @Test
    void whatIsMissingIsNotJudged() {
        ScoreSheet sheet = new ScoreSheet(10, 2, 1);
        sheet.observed("s", new Observation(0, 1));
        sheet.forecast("s", forecast(0, 1, new float[]{2, 3}, 1));
        sheet.observed("s", new Observation(10, Double.NaN));
        sheet.observed("s", new Observation(30, 4));
        assertEquals(0, sheet.total().targets());
        assertTrue(Double.isNaN(sheet.total().mase()));
        assertEquals(0, sheet.ofSeries("unknown").targets());
    }
}
