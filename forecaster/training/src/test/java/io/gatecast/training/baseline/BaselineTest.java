package io.gatecast.training.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {
    private static final double[] MEDIAN = {0.5};
    private static final double[] LEVELS = {0.1, 0.5, 0.9};
    private static final double Z90 = 1.2815515655446004;

    private static BaselineForecaster led(Baseline baseline, int season, double... values) {
        BaselineForecaster forecaster = baseline.follow(season, 6, 1);
        for (double value : values) {
            forecaster.observe(value);
        }
        return forecaster;
    }

    @Test
    void naiveSaysTheLastValueAndWidensByTheRootOfTheHorizon() {
        double[] forecast = led(Baseline.NAIVE, 3, 1, 3, 2).forecast(4, LEVELS); // errors 2 and -1
        double sigma = Math.sqrt((4 + 1) / 2.0);
        for (int h = 1; h <= 4; h++) {
            double reach = Z90 * sigma * Math.sqrt(h);
            assertArrayEquals(new double[]{2 - reach, 2, 2 + reach},
                    new double[]{forecast[3 * h - 3], forecast[3 * h - 2], forecast[3 * h - 1]}, 1e-9, "step " + h);
        }
    }

    @Test
    void seasonalNaiveSaysTheSeasonBeforeAndWidensBySeasons() {
        BaselineForecaster forecaster = led(Baseline.SEASONAL_NAIVE, 3, 1, 2, 3, 2, 4, 6, 3); // errors 1, 2, 3, 1
        assertArrayEquals(new double[]{4, 6, 3, 4, 6}, forecaster.forecast(5, MEDIAN), 1e-12);
        double sigma = Math.sqrt((1 + 4 + 9 + 1) / 4.0);
        double[] upper = forecaster.forecast(5, new double[]{0.9});
        assertEquals(4 + Z90 * sigma, upper[0], 1e-9);
        assertEquals(4 + Z90 * sigma * Math.sqrt(2), upper[3], 1e-9);
    }

    @Test
    void driftContinuesTheLine() {
        BaselineForecaster forecaster = led(Baseline.DRIFT, 1, 1, 2, 5, 7); // steps 1, 3, 2 around 2
        assertArrayEquals(new double[]{9, 11}, forecaster.forecast(2, MEDIAN), 1e-12);
        double sigma = Math.sqrt(2 / 3.0);
        assertEquals(11 + Z90 * sigma * Math.sqrt(2 * (1 + 2 / 3.0)), forecaster.forecast(2, new double[]{0.9})[1],
                1e-9);
    }

    @Test
    void aMissingValueKeepsTheOneBeforeIt() {
        assertArrayEquals(new double[]{2, 2}, led(Baseline.NAIVE, 1, 1, 2, Double.NaN).forecast(2, MEDIAN));
        assertArrayEquals(new double[]{4, 2, 4},
                led(Baseline.SEASONAL_NAIVE, 2, 1, 2, Double.NaN, Double.NaN, 4, Double.NaN, 4, Double.NaN)
                        .forecast(3, MEDIAN));
        assertArrayEquals(new double[]{6, 7},
                led(Baseline.DRIFT, 1, 1, 2, Double.NaN, 4, Double.NaN).forecast(2, MEDIAN),
                1e-12);
    }

    @ParameterizedTest
    @EnumSource
    void whoHasSeenNothingSaysNothing(Baseline baseline) {
        for (double value : baseline.follow(4, 5, 1).forecast(5, LEVELS)) {
            assertTrue(Double.isNaN(value), "said " + value);
        }
    }

    /// Each covers as stated on the process it is made for.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void intervalsOfARandomWalkCoverAsStated(long seed) {
        for (Baseline baseline : new Baseline[]{Baseline.NAIVE, Baseline.DRIFT}) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] walk = new double[4000];
            for (int t = 1; t < walk.length; t++) {
                walk[t] = walk[t - 1] + random.nextGaussian();
            }
            BaselineForecaster forecaster = baseline.follow(1, 6, seed);
            int inside = 0;
            int judged = 0;
            for (int t = 0; t < walk.length - 6; t++) {
                forecaster.observe(walk[t]);
                double[] forecast = forecaster.forecast(6, LEVELS);
                for (int h = 1; h <= 6 && t > 200; h++) {
                    judged++;
                    inside += walk[t + h] >= forecast[3 * h - 3] && walk[t + h] <= forecast[3 * h - 1] ? 1 : 0;
                }
            }
            assertEquals(0.8, inside / (double) judged, 0.03, baseline.label());
        }
    }
}
