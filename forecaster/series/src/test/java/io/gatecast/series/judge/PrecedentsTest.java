package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecedentsTest {
    /// Against all pairs, written down as the docs say.
    @ParameterizedTest
    @CsvSource({"1, 400, 24, 0", "2, 97, 7, 3", "3, 30, 24, 0", "4, 300, 12, 150", "5, 26, 24, 0"})
    void theSeasonsNearest(long seed, int context, int season, int unknown) {
        float[] past = noise(seed, context, unknown);
        float value = 0.3f;
        double least = Double.NaN;
        for (int age = 1; age <= context; age++) {
            double apart = Math.abs((double) value - past[context - age]);
            int k = (age + 2) / season; // the seasons back that this age lies about
            boolean about = k >= 1 && k <= 7 && Math.abs(age - k * season) <= 2;
            if (about && !Double.isNaN(apart) && !(apart >= least)) {
                least = apart;
            }
        }
        assertEquals(least, SeasonPrecedent.distance(past, 0, context - 1, season, value));
    }

    @Test
    void whatHappenedAtThisTimeOnceIsNothingNew() {
        float[] past = new float[100];
        past[100 - 3 * 24] = 9;
        assertEquals(0, SeasonPrecedent.distance(past, 0, 99, 24, 9));
        assertEquals(9, SeasonPrecedent.distance(past, 0, 99, 20, 9));
    }

    @Test
    void withoutASeasonBehindItThereIsNoPrecedent() {
        assertTrue(Double.isNaN(SeasonPrecedent.distance(new float[20], 0, 19, 24, 1)));
    }

    @ParameterizedTest
    @CsvSource({"1, 400, 0", "2, 2000, 0", "3, 2000, 900", "4, 147, 0", "5, 1100, 40"})
    void theNearestShapes(long seed, int context, int unknown) {
        float[] past = noise(seed, context, unknown);
        float value = 1.7f;
        float[] now = new float[24];
        System.arraycopy(past, context - 23, now, 0, 23);
        now[23] = value;
        List<Double> distances = new ArrayList<>();
        for (int end = context - 24; end >= unknown + 23 && distances.size() < 1000; end--) {
            double sum = 0;
            for (int i = 0; i < 24; i++) {
                double apart = (double) past[end - 23 + i] - now[i];
                sum += apart * apart;
            }
            distances.add(sum);
        }
        Collections.sort(distances);
        double mean = distances.subList(0, 6).stream().mapToDouble(d -> d).sum() / 6;
        assertEquals(Math.sqrt(mean), new ShapePrecedent().distance(past, 0, context - 1, value), 1e-9);
    }

    @Test
    void tooFewStretchesTellNothing() {
        assertTrue(Double.isNaN(new ShapePrecedent().distance(noise(1, 145, 0), 0, 144, 1)));
        assertTrue(Double.isNaN(new ShapePrecedent().distance(noise(1, 20, 0), 0, 19, 1)));
    }

    private static float[] noise(long seed, int context, int unknown) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] past = new float[context];
        for (int i = 0; i < context; i++) {
            past[i] = i < unknown ? Float.NaN : (float) random.nextGaussian();
        }
        return past;
    }
}
