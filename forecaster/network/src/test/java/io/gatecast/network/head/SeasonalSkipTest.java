package io.gatecast.network.head;

import static io.gatecast.network.CentralDifferences.assertGradient;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeasonalSkipTest {
    private static final int HORIZON = 5;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void theGradientByTheGatesIsTheSlope(int count) {
        SplittableRandom random = new SplittableRandom(count);
        float[] raw = numbers(random, (count - 1) * HORIZON);
        float[] bases = numbers(random, count * HORIZON);
        float[] say = numbers(random, HORIZON);
        DoubleSupplier sum = () -> {
            double total = 0;
            float[] blend = blend(count, raw, bases);
            for (int h = 0; h < HORIZON; h++) {
                total += (double) say[h] * blend[h];
            }
            return total;
        };
        float[] gates = raw.clone();
        float[] blends = new float[count * HORIZON];
        SeasonalSkip.forward(count, HORIZON, gates, 0, bases, 0, blends);
        SeasonalSkip.backward(count, HORIZON, gates, 0, bases, 0, blends, say.clone());
        assertGradient("gates", raw, 0, gates, 0, gates.length, 3e-5, sum);
    }

    /// Weights that break a stick are a share each: the blend lies among the bases.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theBlendLiesAmongTheBases(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = 1 + random.nextInt(5);
        float[] raw = numbers(random, (count - 1) * HORIZON);
        float[] bases = numbers(random, count * HORIZON);
        float[] blend = blend(count, raw, bases);
        for (int h = 0; h < HORIZON; h++) {
            float least = Float.POSITIVE_INFINITY, most = Float.NEGATIVE_INFINITY;
            for (int b = 0; b < count; b++) {
                least = Math.min(least, bases[b * HORIZON + h]);
                most = Math.max(most, bases[b * HORIZON + h]);
            }
            assertTrue(blend[h] >= least - 1e-6 && blend[h] <= most + 1e-6, least + " " + blend[h] + " " + most);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void anOpenGateTakesItsBaseAlone(int open) {
        float[] raw = new float[2 * HORIZON];
        float[] bases = numbers(new SplittableRandom(open), 3 * HORIZON);
        for (int b = 0; b < 2; b++) {
            Arrays.fill(raw, b * HORIZON, (b + 1) * HORIZON, b == open ? 50 : -50);
        }
        float[] expected = new float[HORIZON];
        System.arraycopy(bases, open * HORIZON, expected, 0, HORIZON);
        assertArrayEquals(expected, Arrays.copyOf(blend(3, raw, bases), HORIZON), 3e-6f);
    }

    private static float[] blend(int count, float[] raw, float[] bases) {
        float[] blends = new float[count * HORIZON];
        SeasonalSkip.forward(count, HORIZON, raw.clone(), 0, bases, 0, blends);
        return blends;
    }

    private static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-2, 2);
        }
        return numbers;
    }
}
