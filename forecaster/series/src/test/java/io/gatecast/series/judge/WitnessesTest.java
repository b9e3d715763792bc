package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WitnessesTest {
    private static final double SILENT = Double.NaN;

    /// Of witnesses who do not know of each other, as many verdicts are rarer than p as there ought to be.
    @ParameterizedTest
    @CsvSource({"1, true, true, true", "2, true, true, false", "3, true, false, true", "4, true, false, false",
            "5, false, true, true", "6, false, true, false"})
    void togetherTheyTellAProbability(long seed, boolean forecast, boolean season, boolean shape) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] rarer = new int[3];
        int n = 1_000_000;
        for (int i = 0; i < n; i++) {
            double digits = Witnesses.together(forecast ? digits(random) : SILENT, season ? digits(random) : SILENT,
                    shape ? digits(random) : SILENT);
            for (int d = 0; d < rarer.length; d++) {
                rarer[d] += digits > d + 1 ? 1 : 0;
            }
        }
        for (int d = 0; d < rarer.length; d++) {
            double expected = Math.pow(10, -d - 1);
            assertEquals(expected, (double) rarer[d] / n, 4 * Math.sqrt(expected / n));
        }
    }

    @Test
    void whereNobodySpeaksNothingIsSaid() {
        assertTrue(Double.isNaN(Witnesses.together(SILENT, SILENT, SILENT)));
    }

    @Test
    void eachOfThemCounts() {
        for (double base = 0; base < 8; base += 0.5) {
            double all = Witnesses.together(base, base, base);
            assertTrue(Witnesses.together(base + 1, base, base) > all);
            assertTrue(Witnesses.together(base, base + 1, base) > all);
            assertTrue(Witnesses.together(base, base, base + 1) > all);
        }
    }

    private static double digits(SplittableRandom random) {
        return -Math.log10(1 - random.nextDouble());
    }
}
