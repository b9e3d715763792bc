package io.gatecast.network.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the strands written out, to the bit; windows of every length about a vector, with unknown values at all places.
class WindowSumsTest {

    private interface Term {
        double at(int i);
    }

    private static double strands(int from, int to, Term term) {
        double[] sums = new double[8];
        for (int i = from; i < to; i++) {
            double each = term.at(i);
            sums[(i - from) % 8] += Double.isNaN(each) ? 0 : each;
        }
        return sums[0] + sums[1] + (sums[2] + sums[3]) + (sums[4] + sums[5] + (sums[6] + sums[7]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 24, 31, 33, 63, 64, 65, 168, 337})
    void sumsAreThoseOfTheirStrands(int length) {
        SplittableRandom random = new SplittableRandom(length);
        for (int turn = 0; turn < 200; turn++) {
            int lag = random.nextInt(1, 30), from = lag + random.nextInt(5), to = from + length;
            float[] x = new float[to + random.nextInt(3)];
            int unknown = random.nextInt(1, 12);
            for (int i = 0; i < x.length; i++) {
                x[i] = turn % 3 > 0 && random.nextInt(unknown) == 0
                        ? Float.NaN
                        : (float) Math.scalb(random.nextDouble(-1, 1), random.nextInt(-20, 20));
            }
            double location = random.nextDouble(-2, 2);
            int known = 0, pairs = 0;
            for (int i = from; i < to; i++) {
                known += Float.isNaN(x[i]) ? 0 : 1;
                pairs += Float.isNaN(x[i]) || Float.isNaN(x[i - lag]) ? 0 : 1;
            }
            assertEquals(known, WindowSums.known(x, from, to));
            assertEquals(pairs, WindowSums.pairs(x, from, to, lag));
            assertEquals(strands(from, to, i -> x[i]), WindowSums.sum(x, from, to, known));
            assertEquals(strands(from, to, i -> Math.abs(x[i] - location)),
                    WindowSums.deviations(x, from, to, location, known));
            assertEquals(strands(from, to, i -> Math.abs((double) x[i] - x[i - lag])),
                    WindowSums.steps(x, from, to, lag, pairs));
        }
    }
}
