package io.gatecast.training.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/// Naive2, Theta and random cut forests. On M4 Hourly the first two give the errors that the competition published
/// (README, Figures).
class SeasonalBaselineTest {
    private static final double[] MEDIAN = {0.5};
    private static final double[] LEVELS = {0.1, 0.5, 0.9};
    private static final double[] COURSE = {0.5, 0.8, 1.2, 1.9, 0.9, 0.7};

    private static double[] forecast(Baseline baseline, int season, int horizon, double... values) {
        BaselineForecaster forecaster = baseline.follow(season, horizon, 1);
        for (double value : values) {
            forecaster.observe(value);
        }
        return forecaster.forecast(horizon, MEDIAN);
    }

    private static double[] season(int from, int to) {
        return IntStream.range(from, to).mapToDouble(t -> 100 * COURSE[t % 6]).toArray();
    }

    private static double[] noise(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count).mapToDouble(t -> 50 + 5 * random.nextGaussian()).toArray();
    }

    /// Whatever phase the series ends in.
    @ParameterizedTest
    @ValueSource(ints = {60, 61, 62, 63, 64, 65})
    void aSeasonThatRepeatsItselfIsContinued(int length) {
        for (Baseline baseline : new Baseline[]{Baseline.NAIVE2, Baseline.THETA}) {
            double[] said = forecast(baseline, 6, 9, season(0, length));
            assertArrayEquals(season(length, length + 9), said, baseline == Baseline.NAIVE2 ? 1e-9 : 2,
                    baseline.label());
        }
    }

    /// Against the definition of R's `decompose(x, "multiplicative")`, worked out apart from this code.
    @Test
    void theSeasonIsTheMeanRatioToTheCentredAverage() {
        double[] values = new double[30];
        double[] course = {0.6, 1.3, 1.5, 0.6};
        for (int t = 0; t < values.length; t++) {
            values[t] = (3 + t * 7 % 5 * 0.1 + t * 0.05) * course[t % 4];
        }
        SeasonalAdjustment adjustment = SeasonalAdjustment.of(values, 4);
        assertArrayEquals(new double[]{1.5112713450702633, 0.6017180083354414, 0.6014353264174004, 1.2855753201768947},
                adjustment.indices(), 1e-12);
        assertEquals(4.803296938798049, adjustment.adjusted()[29], 1e-12);
    }

    /// No season in noise, in values at or below 0, or in less than three seasons.
    @Test
    void aSeasonThatIsNotThereIsNotTakenOut() {
        double[] noise = noise(1, 200);
        assertEquals(noise[199], forecast(Baseline.NAIVE2, 6, 1, noise)[0]);
        double[] low = Arrays.stream(season(0, 60)).map(x -> x - 100).toArray();
        assertEquals(low[59], forecast(Baseline.NAIVE2, 6, 1, low)[0]);
        assertEquals(70, forecast(Baseline.NAIVE2, 6, 1, season(0, 12))[0], 1e-9);
        double[] random = new double[60];
        int seasonal = 0;
        for (long seed = 1; seed <= 200; seed++) {
            random = noise(seed, 60);
            seasonal += SeasonalAdjustment.of(random, 6).index(0) == 1 ? 0 : 1;
        }
        assertTrue(seasonal > 4 && seasonal < 36, "a test at 90 % errs in one of ten: " + seasonal + " of 200");
    }

    /// Theta is simple exponential smoothing with half the slope as drift: Hyndman & Billah (2003), theorem 1, here with
    /// smoothing begun at the first value.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void thetaIsSmoothingWithHalfTheSlopeAsDrift(long seed) {
        double[] values = noise(seed, 80);
        for (int t = 0; t < values.length; t++) {
            values[t] += 0.7 * t;
        }
        double[] said = forecast(Baseline.THETA, 1, 5, values);
        double slope = slope(values), nearest = Double.POSITIVE_INFINITY;
        for (double alpha = 0.01; alpha < 0.995; alpha += 0.01) {
            double level = values[0], lag = 0; // lag: how far the smoothed line hangs behind the line
            for (int t = 1; t < values.length; t++) {
                level += alpha * (values[t] - level);
                lag = (1 - alpha) * (lag + slope);
            }
            double off = 0;
            for (int h = 1; h <= 5; h++) {
                off = Math.max(off, Math.abs(level + (slope * h + lag) / 2 - said[h - 1]));
            }
            nearest = Math.min(nearest, off);
        }
        assertEquals(0, nearest, 1e-9);
    }

    private static double slope(double[] values) {
        double centre = (values.length - 1) / 2.0, up = 0, down = 0;
        for (int t = 0; t < values.length; t++) {
            up += (t - centre) * values[t];
            down += (t - centre) * (t - centre);
        }
        return up / down;
    }

    @ParameterizedTest
    @EnumSource(names = {"NAIVE", "SEASONAL_NAIVE", "DRIFT"}, mode = Mode.EXCLUDE)
    void aMissingValueKeepsTheOneBeforeIt(Baseline baseline) {
        double[] values = season(0, 90), holes = values.clone();
        values[80] = values[79];
        holes[80] = Double.NaN;
        assertArrayEquals(forecast(baseline, 6, 6, values), forecast(baseline, 6, 6, holes));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void intervalsCoverNoiseAboutAsStated(long seed) {
        double[] noise = noise(seed, 1500);
        for (Baseline baseline : new Baseline[]{Baseline.THETA, Baseline.RCF}) {
            BaselineForecaster forecaster = baseline.follow(1, 3, seed);
            int inside = 0, judged = 0;
            for (int t = 0; t < noise.length - 3; t++) {
                forecaster.observe(noise[t]);
                if (t > 300 && t % 3 == 0) {
                    double[] said = forecaster.forecast(3, LEVELS);
                    for (int h = 0; h < 3; h++) {
                        judged++;
                        inside += noise[t + 1 + h] >= said[3 * h] && noise[t + 1 + h] <= said[3 * h + 2] ? 1 : 0;
                    }
                }
            }
            assertEquals(0.8, inside / (double) judged, 0.1, baseline.label());
        }
    }

    @Test
    void aForestLearnsASeasonFromTheStream() {
        double[] values = season(0, 400), noise = noise(5, 400);
        for (int t = 0; t < values.length; t++) {
            values[t] += noise[t];
        }
        double[] said = forecast(Baseline.RCF, 6, 6, values);
        double[] truth = Arrays.stream(season(400, 406)).map(x -> x + 50).toArray();
        for (int h = 0; h < 6; h++) {
            assertEquals(truth[h], said[h], 20, "step " + (h + 1));
        }
        assertArrayEquals(said, forecast(Baseline.RCF, 6, 6, values), "the same seed says the same");
        assertTrue(Double.isNaN(forecast(Baseline.RCF, 6, 6, season(0, 20))[0]), "too early to say anything");
    }
}
