package io.gatecast.network.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Against [StrictMath] in double precision, at every 997th float there is, of all sizes.
class ActivationsTest {
    private static final int STRIDE = 997;

    private interface FloatFunction {
        float at(float x);
    }

    @Test
    void tanhIsTrueToSevenDigits() {
        assertRelative(Activations::tanh, StrictMath::tanh, 3e-7);
    }

    @Test
    void sigmoidIsTrueToSevenDigits() {
        assertAbsolute(Activations::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), 2e-7);
    }

    @Test
    void asinhIsTrueNearZeroAbsolutelyAndFarOutRelatively() {
        forEachFloat(1e18f, x -> {
            double v = Math.abs((double) x);
            double truth = Math.copySign(v < 1e-4 ? v - v * v * v / 6 : StrictMath.log(v + Math.sqrt(v * v + 1)), x);
            assertEquals(truth, Activations.asinh(x), 1.5e-7 + 3e-7 * Math.abs(truth), () -> "asinh at " + x);
        });
    }

    @Test
    void logIsTrue() {
        forEachFloat(Float.MAX_VALUE, x -> {
            if (x >= Float.MIN_NORMAL) {
                double truth = StrictMath.log(x);
                assertEquals(truth, Activations.log(x), 1e-7 + 2e-7 * Math.abs(truth), () -> "log at " + x);
            }
        });
    }

    @Test
    void squareplusAndItsSlopeAreTrueOnBothSides() {
        forEachFloat(1e9f, x -> {
            double root = Math.sqrt((double) x * x + 4);
            double truth = x >= 0 ? (x + root) / 2 : 2 / (root - x);
            assertEquals(truth, Activations.squareplus(x), 3e-7 * truth, () -> "squareplus at " + x);
            assertEquals(truth / root, Activations.squareplusSlope(x), 4e-7 * truth / root, () -> "slope at " + x);
        });
    }

    private interface Range {
        void apply(float[] x, int from, int to);
    }

    /// By SIMD, in ranges of every length about that of a vector, and at every place in it.
    @Test
    void aRangeHasTheBitsOfItsNumbers() {
        assertRange(Activations::tanh, Activations::tanh);
        assertRange(Activations::sigmoid, Activations::sigmoid);
        assertRange(Activations::squareplus, Activations::squareplus);
        assertRange(Activations::asinh, Activations::asinh);
    }

    private static void assertRange(Range range, FloatFunction one) {
        float[] special = {0, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
                -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1e18f, -1e19f, 9.01f, 1, -1};
        SplittableRandom random = new SplittableRandom(1);
        for (int length = 0; length < 70; length++) {
            for (int turn = 0; turn < 40; turn++) {
                float[] x = new float[3 + length + 2];
                for (int j = 0; j < x.length; j++) {
                    x[j] = random.nextInt(8) == 0
                            ? special[random.nextInt(special.length)]
                            : (float) Math.scalb(random.nextDouble(-1, 1), random.nextInt(-20, 20));
                }
                float[] expected = x.clone();
                for (int j = 3; j < 3 + length; j++) {
                    expected[j] = one.at(x[j]);
                }
                range.apply(x, 3, 3 + length);
                assertArrayEquals(expected, x);
            }
        }
    }

    /// Where rounding breaks the rise it does so by no more than the errors of two neighbours.
    @Test
    void tanhAndSigmoidRiseAndStayWithinTheirBounds() {
        float tanh = -1, sigmoid = 0;
        for (float x = -12; x < 12; x += 1e-5f) {
            float t = Activations.tanh(x), s = Activations.sigmoid(x);
            assertTrue(t >= tanh - 6e-7f && Math.abs(t) <= 1, "tanh at " + x + ": " + t + " after " + tanh);
            assertTrue(s >= sigmoid - 4e-7f && s >= 0 && s <= 1, "sigmoid at " + x + ": " + s + " after " + sigmoid);
            tanh = Math.max(t, tanh);
            sigmoid = Math.max(s, sigmoid);
        }
    }

    @Test
    void tanhIsOddToTheBit() {
        forEachFloat(Float.MAX_VALUE, x -> assertEquals(-Activations.tanh(x), Activations.tanh(-x)));
    }

    @Test
    void farOutTheySaturate() {
        for (float x : new float[]{9.5f, 20, 1e10f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
            assertEquals(1, Activations.tanh(x), 3e-7f);
            assertEquals(-1, Activations.tanh(-x), 3e-7f);
            assertEquals(1, Activations.sigmoid(2 * x), 2e-7f);
            assertEquals(0, Activations.sigmoid(-2 * x), 2e-7f);
        }
        assertEquals(0, Activations.squareplus(-1e30f));
        assertEquals(1, Activations.squareplusSlope(1e9f));
        assertTrue(Float.isFinite(Activations.asinh(Float.MAX_VALUE)));
        assertTrue(Float.isFinite(Activations.asinh(Float.NEGATIVE_INFINITY)));
    }

    /// What is missing must not turn into a number.
    @Test
    void notANumberStaysNotANumber() {
        assertEquals(Float.NaN, Activations.tanh(Float.NaN));
        assertEquals(Float.NaN, Activations.sigmoid(Float.NaN));
        assertEquals(Float.NaN, Activations.squareplus(Float.NaN));
        assertEquals(Float.NaN, Activations.squareplusSlope(Float.NaN));
        assertEquals(Float.NaN, Activations.asinh(Float.NaN));
    }

    /// The loop is compiled to SIMD, the single call is not: the bits must not tell.
    @Test
    void aRangeHasTheBitsOfSingleCalls() {
        int count = 1003;
        float[] x = new float[count];
        for (int round = 0; round < 2000; round++) {
            for (int i = 0; i < count; i++) {
                x[i] = (i - 500) * 0.017f + round * 1e-4f;
            }
            float[] expected = x.clone();
            for (int i = 3; i < count - 2; i++) {
                expected[i] = round % 2 == 0 ? Activations.tanh(x[i]) : Activations.sigmoid(x[i]);
            }
            if (round % 2 == 0) {
                Activations.tanh(x, 3, count - 2);
            } else {
                Activations.sigmoid(x, 3, count - 2);
            }
            assertArrayEquals(expected, x);
        }
    }

    private static void assertRelative(FloatFunction found, DoubleUnaryOperator truth, double tolerance) {
        forEachFloat(Float.MAX_VALUE, x -> {
            double t = truth.applyAsDouble(x);
            double allowed = Math.max(tolerance * Math.abs(t), Float.MIN_NORMAL);
            assertEquals(t, found.at(x), allowed, () -> "at " + x);
        });
    }

    private static void assertAbsolute(FloatFunction found, DoubleUnaryOperator truth, double tolerance) {
        forEachFloat(Float.MAX_VALUE,
                x -> assertEquals(truth.applyAsDouble(x), found.at(x), tolerance, () -> "at " + x));
    }

    private interface FloatConsumer {
        void accept(float x);
    }

    private static void forEachFloat(float limit, FloatConsumer check) {
        int last = Float.floatToRawIntBits(limit);
        for (int bits = 0; bits <= last && bits >= 0; bits += STRIDE) {
            check.accept(Float.intBitsToFloat(bits));
            check.accept(-Float.intBitsToFloat(bits));
        }
    }
}
