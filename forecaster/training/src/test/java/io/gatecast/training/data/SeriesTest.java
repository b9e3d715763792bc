package io.gatecast.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.gatecast.series.arrival.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {
    private static final Series SERIES = new Series("s", new long[]{10, 20, 20, 20, 30}, new double[][]{{1, 2, 3, 4, 5},
            {6, 7, 8, 9, 10}});

    @ParameterizedTest
    @CsvSource({"-5, 99, 1, 5", "10, 30, 1, 4", "20, 21, 2, 4", "11, 20, 2, 1", "21, 30, 5, 4", "30, 30, 5, 4",
            "40, 99, 6, 5", "30, 5, 5, 4"})
    void aPartHoldsWhatLiesFromAMomentToBeforeAnother(long from, long to, int first, int last) {
        Series part = SERIES.between(from, to);
        int length = Math.max(0, last - first + 1);
        double[] expected = new double[length];
        for (int i = 0; i < length; i++) {
            expected[i] = first + i;
        }
        assertEquals(length, part.length());
        assertArrayEquals(expected, part.values()[0]);
        assertEquals(2, part.channels());
    }

    @Test
    void severalOfAStepBecomeOneTheLastStepIncluded() {
        Series recorded = new Series("s", new long[]{0, 30, 59, 60, 250, 299}, new double[][]{
                {1, 2, 6, 4, Double.NaN, 7}}, new double[][]{{1, 2, 3, 4, 5, 6}});
        Series means = recorded.resampled(Resampling.MEAN, 60);
        assertArrayEquals(new long[]{0, 60, 240}, means.timestamps());
        assertArrayEquals(new double[]{3, 4, 7}, means.values()[0]);
        assertArrayEquals(new double[]{3, 4, 6}, means.covariates()[0]);
        assertArrayEquals(new double[]{9, 4, 7}, recorded.resampled(Resampling.SUM, 60).values()[0]);
        assertSame(recorded, recorded.resampled(Resampling.FIRST, 60));
    }
}
