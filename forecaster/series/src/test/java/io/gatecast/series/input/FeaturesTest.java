package io.gatecast.series.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.FeatureSpec;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeaturesTest {
    private static final FeatureSpec SPEC = new FeatureSpec(1000, 1, List.of(4, 10), 6, 3, 12, 5);
    private static final Scaling SCALING = new Scaling(100, 2);

    private static float[] ramp(int length) {
        float[] history = new float[length];
        for (int i = 0; i < length; i++) {
            history[i] = 100 + i;
        }
        return history;
    }

    @Test
    void columnsStandInTheDocumentedOrder() {
        Features features = new Features(SPEC);
        float[] x = new float[features.columns() + 2];
        features.write(ramp(20), 15, SCALING, true, 0.25f, x, 1);
        double[] raw = {7.5, // now: (115 - 100) / 2
                2, 5, // against 4 and 10 steps before
                7, 6.5, 6, // the last three
                3, 3.5, 4, 4.5, 5, 5.5, // 10 steps before each target
                Math.log(0.02)};
        assertEquals(1 + 2 + 3 + 6 + 3, features.columns());
        for (int j = 0; j < raw.length; j++) {
            assertEquals(asinh(raw[j]), x[1 + j], 1e-6, "column " + j);
        }
        assertEquals(1, x[raw.length + 1]);
        assertEquals(0.25f, x[raw.length + 2]);
        assertEquals(0, x[0], "written before its place");
        assertEquals(0, x[features.columns() + 1], "written after its place");
    }

    private static double asinh(double x) {
        return Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1));
    }

    @Test
    void whatIsUnknownIsZero() {
        Features features = new Features(SPEC);
        float[] history = new float[20];
        Arrays.fill(history, Float.NaN);
        float[] x = new float[features.columns()];
        Arrays.fill(x, 9);
        features.write(history, 15, Scaling.of(history, 15, SPEC), false, 0, x, 0);
        assertArrayEquals(new float[features.columns()], x);
    }

    @Test
    void basesAreTheSeasonsAndTheLastValue() {
        Features features = new Features(SPEC);
        float[] bases = new float[3 * 6];
        features.writeBases(ramp(20), 15, SCALING, bases, 0);
        assertArrayEquals(new float[]{6, 6.5f, 7, 7.5f, 6, 6.5f, // 112 113 114 115, then the same season again
                3, 3.5f, 4, 4.5f, 5, 5.5f, // 106 to 111
                7.5f, 7.5f, 7.5f, 7.5f, 7.5f, 7.5f}, bases);
    }

    @Test
    void anUnknownBaseFallsBackOnTheLastValue() {
        Features features = new Features(SPEC);
        float[] history = ramp(20);
        Arrays.fill(history, 0, 8, Float.NaN);
        float[] bases = new float[3 * 6];
        features.writeBases(history, 15, SCALING, bases, 0);
        assertArrayEquals(new float[]{7.5f, 7.5f, 4, 4.5f, 5, 5.5f}, Arrays.copyOfRange(bases, 6, 12));
    }

    private static FeatureSpec profiled(int window) {
        return new FeatureSpec(1000, 1, List.of(4, 10), 6, 3, 12, 5, window, 0, List.of());
    }

    /// @return the profile of 4, the mean of the last 4 and the last value, of those bases
    private static float[] profiles(FeatureSpec spec, float[] history, int at) {
        float[] bases = new float[spec.bases() * spec.horizon()];
        new Features(spec).writeBases(history, at, new Scaling(0, 1), bases, 0);
        return Arrays.copyOfRange(bases, 2 * spec.horizon(), bases.length);
    }

    /// By hand: seasons 1 2 3 4, 3 2 1 6 and 10 more of the first; the profile is their mean course about the last level.
    @Test
    void aProfileIsTheMeanCourseOfASeasonAboutTheLastLevel() {
        float[] history = {99, 99, 99, 99, 99, 99, 1, 2, 3, 4, 3, 2, 1, 6, 11, 12, 13, 14};
        double shift = 12.5 - (2.5 + 3 + 12.5) / 3;
        float a = (float) (15 / 3.0 + shift), b = (float) (16 / 3.0 + shift), c = (float) (17 / 3.0 + shift);
        float d = (float) (24 / 3.0 + shift);
        assertArrayEquals(new float[]{a, b, c, d, a, b, 12.5f, 12.5f, 12.5f, 12.5f, 12.5f, 12.5f, 14, 14, 14, 14, 14,
                14}, profiles(profiled(15), history, 17), 1e-5f);
    }

    @Test
    void aProfileMakesDoWithTheSeasonsThatAreKnown() {
        float[] history = new float[40];
        Arrays.fill(history, Float.NaN);
        for (int i = 29; i < 40; i++) {
            history[i] = i % 4;
        }
        assertArrayEquals(new float[]{0, 1, 2, 3, 0, 1}, Arrays.copyOf(profiles(profiled(19), history, 39), 6), 1e-6f);
        Arrays.fill(history, 29, 37, Float.NaN);
        assertArrayEquals(new float[]{3, 1, 2, 3, 3, 1}, Arrays.copyOf(profiles(profiled(19), history, 39), 6), 1e-6f);
    }

    /// On noise about a season the mean of five is the better guess, by √(1 + 1/5) to √2; after a shift neither lags.
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 50"})
    void aProfileIsLessNoisyThanOneSeason(long seed, float shift) {
        SplittableRandom random = new SplittableRandom(seed);
        double profile = 0, season = 0;
        for (int round = 0; round < 400; round++) {
            float[] history = new float[24];
            for (int i = 0; i < history.length; i++) {
                history[i] = 10 * (i % 4) + (float) random.nextGaussian() + (i < 20 ? 0 : shift);
            }
            profile += Math.abs(Profile.of(history, 23, 4, 20).at(history, 23, 1) - shift);
            season += Math.abs(history[20] - shift);
        }
        assertTrue(profile < 0.92 * season, profile + " against " + season);
    }

    @Test
    void aWindowOfOneSeasonHasNoProfileOfIt() {
        assertEquals(List.of(4), profiled(19).profiled());
        assertEquals(List.of(4, 10), profiled(20).profiled());
        assertEquals(List.of(), profiled(0).profiled());
        assertEquals(6, profiled(20).bases());
        assertEquals(5, profiled(19).bases());
        assertEquals(3, profiled(7).bases());
        assertEquals(504, FeatureSpec.of(1000, 1, List.of(24), 12).context());
    }

    /// Celsius or Fahrenheit, volts or millivolts: a power of two leaves every bit of the scaled inputs as it is.
    @ParameterizedTest
    @CsvSource({"2", "0.125", "1024"})
    void inputsDoNotDependOnTheUnit(float factor) {
        Features features = new Features(SPEC);
        float[] history = ramp(20);
        history[14] = 90;
        float[] other = history.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] *= factor;
        }
        float[] x = new float[features.columns()];
        float[] y = new float[features.columns()];
        features.write(history, 15, Scaling.of(history, 15, SPEC), false, 0, x, 0);
        features.write(other, 15, Scaling.of(other, 15, SPEC), false, 0, y, 0);
        assertArrayEquals(x, y, 1e-6f);
    }
}
