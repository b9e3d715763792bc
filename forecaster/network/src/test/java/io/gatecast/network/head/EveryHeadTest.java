package io.gatecast.network.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every head keeps to, whatever stands behind its quantiles.
class EveryHeadTest {
    private static final int BASES = 3;
    private static final int HORIZON = 5;
    private static final List<Double> LEVELS = List.of(0.01, 0.1, 0.5, 0.9, 0.99);

    private final SplittableRandom random = new SplittableRandom(7);

    private static HeadShape shape(HeadKind kind, int channels) {
        return new HeadShape(kind, channels, BASES, HORIZON, kind == HeadKind.POINT ? List.of(0.5) : LEVELS);
    }

    private static Head head(HeadShape shape) {
        Parameters.Layout layout = new Parameters.Layout();
        Head.layOut(2, 2, shape, layout);
        Parameters parameters = layout.build();
        Head.initialise(parameters, shape);
        return new Head(parameters, shape, Kernels.best());
    }

    /// Channels lie side by side and share nothing: three together are three alone, to the bit.
    @ParameterizedTest
    @EnumSource
    void channelsKeepApart(HeadKind kind) {
        Head alone = head(shape(kind, 1)), together = head(shape(kind, 3));
        float[] raw = numbers(together.outputs(), 2), bases = numbers(3 * BASES * HORIZON, 3);
        float[] targets = numbers(3 * HORIZON, 4), weights = numbers(3 * HORIZON, 2);
        float[] gradient = raw.clone();
        double loss = together.loss(gradient, 0, bases, 0, targets, weights, 0, together.scratch());
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            float[] row = part(raw, c);
            sum += alone.loss(row, 0, part(bases, c), 0, part(targets, c), part(weights, c), 0, alone.scratch());
            assertArrayEquals(part(gradient, c), row, "channel " + c);
            assertArrayEquals(part(quantiles(together, shape(kind, 3), raw, bases), c),
                    quantiles(alone, shape(kind, 1), part(raw, c), part(bases, c)), "channel " + c);
        }
        assertEquals(sum, loss, 1e-12 * Math.abs(sum));
    }

    private static float[] part(float[] numbers, int channel) {
        int size = numbers.length / 3;
        return Arrays.copyOfRange(numbers, channel * size, (channel + 1) * size);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMissingCountsForNothingAndTheRestAsBefore(HeadKind kind) {
        Head head = head(shape(kind, 1));
        float[] raw = numbers(head.outputs(), 2), bases = numbers(BASES * HORIZON, 3), targets = numbers(HORIZON, 4);
        float[] all = raw.clone(), some = raw.clone();
        double whole = loss(head, all, bases, targets, 1);
        int missing = 2;
        double one = only(head, raw, bases, targets, missing);
        targets[missing] = Float.NaN;
        assertEquals(whole - one, loss(head, some, bases, targets, 1), 1e-12 * Math.abs(whole) + 1e-12);
        for (int i = 0; i < some.length; i++) {
            assertEquals(i % HORIZON == missing ? 0 : all[i], some[i], 0f, "raw number " + i);
        }
    }

    private static double only(Head head, float[] raw, float[] bases, float[] targets, int step) {
        float[] others = new float[HORIZON];
        Arrays.fill(others, Float.NaN);
        others[step] = targets[step];
        return loss(head, raw.clone(), bases, others, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelWithoutWeightCountsForNothing(HeadKind kind) {
        Head head = head(shape(kind, 1));
        float[] raw = numbers(head.outputs(), 2);
        float[] targets = {0, 1e6f, -1e20f, Float.NaN, 3};
        assertEquals(0, Math.abs(loss(head, raw, numbers(BASES * HORIZON, 3), targets, 0)));
        for (float gradient : raw) {
            assertEquals(0, Math.abs(gradient));
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainingBeginsAtTheBlendOfTheBases(HeadKind kind) {
        HeadShape shape = shape(kind, 1);
        Head head = head(shape);
        float[] raw = new float[head.outputs()], bases = new float[BASES * HORIZON];
        head.project(1, new float[2], 0, 2, new float[2], 0, 2, raw);
        Arrays.fill(bases, 7);
        float[] quantiles = quantiles(head, shape, raw, bases);
        assertEquals(7, quantiles[shape.median() * HORIZON], 1e-5);
        float reach = quantiles[quantiles.length - 1] - 7; // to the 99th percentile, in scales
        assertTrue(kind == HeadKind.POINT || reach > 0.5 && reach < 3, "reaches " + reach);
    }

    @ParameterizedTest
    @EnumSource(names = {"GAUSSIAN", "STUDENT_T"})
    void quantilesOfADistributionLieEvenlyAboutItsLocation(HeadKind kind) {
        HeadShape shape = shape(kind, 1);
        Head head = head(shape);
        for (int round = 0; round < 200; round++) {
            float[] quantiles = quantiles(head, shape, numbers(head.outputs(), 4), numbers(BASES * HORIZON, 3));
            for (int h = 0; h < HORIZON; h++) {
                float middle = quantiles[2 * HORIZON + h];
                for (int q = 0; q < 2; q++) {
                    float below = middle - quantiles[q * HORIZON + h],
                            above = quantiles[(4 - q) * HORIZON + h] - middle;
                    assertEquals(above, below, 2e-6 * (Math.abs(middle) + above));
                    assertTrue(below > 0);
                }
            }
        }
    }

    /// The pinball of the median.
    @Test
    void aPointIsJudgedByHalfItsAbsoluteError() {
        HeadShape shape = new HeadShape(HeadKind.POINT, 1, 1, 3, List.of(0.5));
        Head head = head(shape);
        float[] raw = {0.25f, -1, 0}, bases = {1, 1, 1}; // 1.25, 0, 1 are forecast
        double loss = head.loss(raw, 0, bases, 0, new float[]{0.25f, 5, Float.NaN}, new float[]{2, 4, 1}, 0,
                head.scratch());
        assertEquals((2 * 1 + 4 * 5) / 2.0, loss, 1e-6);
        assertArrayEquals(new float[]{1, -2, 0}, raw);
    }

    /// Its limit, in loss and quantiles, up to where a float32 has no larger square.
    @ParameterizedTest
    @ValueSource(floats = {1e8f, 1e10f, 1e15f, 1e18f})
    void aStudentOfVeryManyDegreesOfFreedomIsAGaussian(float freedom) {
        HeadShape normal = new HeadShape(HeadKind.GAUSSIAN, 1, 1, 2, LEVELS);
        HeadShape student = new HeadShape(HeadKind.STUDENT_T, 1, 1, 2, LEVELS);
        float[] raw = {0.3f, -0.2f, 0.5f, -1, freedom, freedom}, bases = {1, 2}, targets = {1.5f, -3};
        float[] fewer = Arrays.copyOf(raw, 4);
        assertArrayEquals(quantiles(head(normal), normal, fewer, bases),
                quantiles(head(student), student, raw, bases), 1e-4f);
        double expected = loss(head(normal), fewer, bases, targets, 1);
        assertEquals(expected, loss(head(student), raw, bases, targets, 1), 2e-5);
        assertArrayEquals(fewer, Arrays.copyOf(raw, 4), 1e-3f);
        assertEquals(0, raw[4], 1e-6);
    }

    /// Against the library's density, whose Γ goes another way, at degrees of freedom of every size.
    @ParameterizedTest
    @ValueSource(floats = {-50, -3, 0, 1, 4, 30, 1000})
    void theLossIsTheLibrarysDensity(float freedom) {
        HeadShape shape = new HeadShape(HeadKind.STUDENT_T, 1, 1, 1, LEVELS);
        Head head = head(shape);
        float ramp = (float) ((freedom + Math.sqrt(freedom * freedom + 4)) / 2);
        for (float target : new float[]{0, 0.5f, -2, 40}) {
            // squareplus(0) = 1
            double expected = -TDistribution.of(2 + ramp).logDensity(target / 1.001) + Math.log(1.001);
            assertEquals(expected, loss(head, new float[]{0, 0, freedom}, new float[1], new float[]{target}, 1), 2e-4);
        }
    }

    private static double loss(Head head, float[] raw, float[] bases, float[] targets, float weight) {
        float[] weights = new float[targets.length];
        Arrays.fill(weights, weight);
        return head.loss(raw, 0, bases, 0, targets, weights, 0, head.scratch());
    }

    private static float[] quantiles(Head head, HeadShape shape, float[] raw, float[] bases) {
        float[] quantiles = new float[shape.channels() * shape.quantiles().size() * shape.horizon()];
        head.quantiles(raw.clone(), 0, bases, 0, quantiles, 0, head.scratch());
        return quantiles;
    }

    private float[] numbers(int count, double scale) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-scale, scale);
        }
        return numbers;
    }
}
