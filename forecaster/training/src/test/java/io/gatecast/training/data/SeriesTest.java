package io.gatecast.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
