package io.gatecast.network.head;

import static io.gatecast.network.CentralDifferences.assertGradient;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {
    private static final int HIDDEN = 6;
    private static final int INPUTS = 4;
    private static final HeadShape SHAPE = new HeadShape(2, 3, 4, List.of(0.025, 0.1, 0.5, 0.8));
    private static final int QUANTILES = SHAPE.channels() * SHAPE.quantiles().size() * SHAPE.horizon();
    private static final int TARGETS = SHAPE.channels() * SHAPE.horizon();

    private final Parameters parameters = parametersOf(SHAPE);
    private final Head head = new Head(parameters, SHAPE, Kernels.best());

    /// The gradient by one row of `raw`. A pinball has a kink where the target meets a quantile, so targets stand midway
    /// between quantiles, which lie about one apart.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theGradientOfTheLossIsItsSlope(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] raw = numbers(random, head.outputs(), 0.7);
        float[] bases = numbers(random, SHAPE.channels() * SHAPE.bases() * SHAPE.horizon(), 2);
        float[] targets = awayFromKinks(quantiles(head, raw, bases), random);
        targets[random.nextInt(targets.length)] = Float.NaN;
        float[] weights = numbers(random, TARGETS, 2);
        float[] gradient = raw.clone();
        head.loss(gradient, 0, bases, 0, targets, weights, 0, head.scratch());
        assertGradient("raw", raw, 0, gradient, 0, raw.length, 1e-4,
                () -> head.loss(raw.clone(), 0, bases, 0, targets, weights, 0, head.scratch()));
    }

    private static float[] awayFromKinks(float[] quantiles, SplittableRandom random) {
        int levels = SHAPE.quantiles().size();
        float[] targets = new float[TARGETS];
        for (int i = 0; i < TARGETS; i++) {
            int channel = i / SHAPE.horizon(), h = i % SHAPE.horizon(), q = random.nextInt(levels + 1);
            int at = channel * levels * SHAPE.horizon() + h;
            float low = q == 0 ? quantiles[at] - 2 : quantiles[at + (q - 1) * SHAPE.horizon()];
            float high = q == levels ? low + 2 : quantiles[at + Math.min(q, levels - 1) * SHAPE.horizon()];
            targets[i] = (low + high) / 2;
        }
        return targets;
    }

    /// By hand: median 0, quantiles at -1 and 1, errors of 3 above and 0.5 below.
    @Test
    void theLossIsThePinballOfEachLevelTimesTheWeight() {
        HeadShape shape = new HeadShape(1, 1, 2, List.of(0.1, 0.5, 0.9));
        Head small = new Head(parametersOf(shape), shape, Kernels.best());
        float[] raw = new float[small.outputs()]; // squareplus(0) = 1
        float[] targets = {3, -0.5f};
        double first = 0.1 * 4 + 0.5 * 3 + 0.9 * 2;
        double second = 0.1 * 0.5 + 0.5 * 0.5 + 0.1 * 1.5;
        double loss = small.loss(raw, 0, new float[2], 0, targets, new float[]{2, 3}, 0, small.scratch());
        assertEquals(2 * first + 3 * second, loss, 1e-6);
    }

    @Test
    void aMissingTargetCountsForNothing() {
        float[] targets = new float[TARGETS];
        Arrays.fill(targets, Float.NaN);
        float[] raw = numbers(new SplittableRandom(1), head.outputs(), 1);
        float[] bases = numbers(new SplittableRandom(2), SHAPE.channels() * SHAPE.bases() * SHAPE.horizon(), 1);
        assertEquals(0,
                head.loss(raw, 0, bases, 0, targets, numbers(new SplittableRandom(3), TARGETS, 1), 0, head.scratch()));
        for (float gradient : raw) {
            assertEquals(0, Math.abs(gradient));
        }
    }

    /// Also for weights gone wild, where increments underflow to nothing or swallow the median.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void quantilesNeverCross(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            float[] raw = numbers(random, head.outputs(), Math.pow(10, random.nextInt(-3, 12)));
            float[] bases = numbers(random, SHAPE.channels() * SHAPE.bases() * SHAPE.horizon(), 10);
            assertRising(quantiles(head, raw, bases));
        }
    }

    private static void assertRising(float[] quantiles) {
        int levels = SHAPE.quantiles().size(), horizon = SHAPE.horizon();
        for (int i = 0; i < quantiles.length; i++) {
            if (i / horizon % levels > 0) {
                assertTrue(quantiles[i] >= quantiles[i - horizon], quantiles[i - horizon] + " then " + quantiles[i]);
            }
        }
    }

    @Test
    void theFirstForecastIsABlendOfTheBasesWithARoomyInterval() {
        Parameters fresh = parametersOf(SHAPE).zeros();
        Head.initialise(fresh, SHAPE);
        Head head = new Head(fresh, SHAPE, Kernels.best());
        SplittableRandom random = new SplittableRandom(1);
        float[] raw = new float[head.outputs()];
        head.project(1, numbers(random, HIDDEN, 1), 0, HIDDEN, numbers(random, INPUTS, 1), 0, INPUTS, raw);
        float[] bases = new float[SHAPE.channels() * SHAPE.bases() * SHAPE.horizon()];
        Arrays.fill(bases, 7);
        float[] quantiles = quantiles(head, raw, bases);
        for (int h = 0; h < SHAPE.horizon(); h++) {
            assertEquals(7, quantiles[SHAPE.median() * SHAPE.horizon() + h], 1e-5);
            assertEquals(0.303, quantiles[3 * SHAPE.horizon() + h] - 7, 1e-3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 7, 13})
    void aRowOfABatchHasTheBitsOfARowByItself(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        float[] h = numbers(random, rows * HIDDEN, 1);
        float[] x = numbers(random, rows * INPUTS, 1);
        float[] together = new float[rows * head.outputs()];
        float[] apart = new float[together.length];
        float[] row = new float[head.outputs()];
        head.project(rows, h, 0, HIDDEN, x, 0, INPUTS, together);
        for (int n = 0; n < rows; n++) {
            head.project(1, h, n * HIDDEN, HIDDEN, x, n * INPUTS, INPUTS, row);
            System.arraycopy(row, 0, apart, n * row.length, row.length);
        }
        assertArrayEquals(apart, together);
    }

    private static Parameters parametersOf(HeadShape shape) {
        Parameters.Layout layout = new Parameters.Layout();
        Head.layOut(HIDDEN, INPUTS, shape, layout);
        Parameters parameters = layout.build();
        float[] values = numbers(new SplittableRandom(9), parameters.size(), 1);
        System.arraycopy(values, 0, parameters.values, 0, values.length);
        return parameters;
    }

    private static float[] quantiles(Head head, float[] raw, float[] bases) {
        float[] quantiles = new float[QUANTILES];
        head.quantiles(raw.clone(), 0, bases, 0, quantiles, 0, head.scratch());
        return quantiles;
    }

    private static float[] numbers(SplittableRandom random, int count, double scale) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-scale, scale);
        }
        return numbers;
    }
}
