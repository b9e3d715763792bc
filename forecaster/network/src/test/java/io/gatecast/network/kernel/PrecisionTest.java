package io.gatecast.network.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrecisionTest {
    private static final int ROWS = 37;
    private static final int COLUMNS = 130;

    /// The nearest of what 16 bits can say lies half a unit away at most, and a unit is 2⁻¹⁴ of the largest weight at most.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fixedPointErrsByHalfAUnitOfItsOutput(long seed) {
        float[] weights = weights(seed), rounded = Precision.INT16.round(weights, 0, ROWS, COLUMNS);
        for (int j = 0; j < COLUMNS; j++) {
            float unit = Precision.unit(weights, 0, ROWS, COLUMNS, j), largest = 0;
            for (int k = 0; k < ROWS; k++) {
                float weight = weights[k * COLUMNS + j];
                assertEquals(weight, rounded[k * COLUMNS + j], unit / 2);
                assertTrue(Math.abs(rounded[k * COLUMNS + j] / unit) <= Short.MAX_VALUE);
                largest = Math.max(largest, Math.abs(weight));
            }
            assertTrue(unit <= largest / (1 << 14));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theUpperHalfErrsByHalfOfItsLastDigit(long seed) {
        float[] weights = weights(seed), rounded = Precision.BFLOAT16.round(weights, 0, ROWS, COLUMNS);
        for (int i = 0; i < weights.length; i++) {
            assertEquals(weights[i], rounded[i], Math.abs(weights[i]) / 256);
            assertEquals(0, Float.floatToRawIntBits(rounded[i]) & 0xFFFF);
        }
    }

    /// So that a model that was rounded once is the same wherever it is served.
    @ParameterizedTest
    @EnumSource
    void whatIsRoundedStaysAsItIs(Precision precision) {
        float[] once = precision.round(weights(4), 0, ROWS, COLUMNS);
        assertArrayEquals(once, precision.round(once, 0, ROWS, COLUMNS));
    }

    @ParameterizedTest
    @EnumSource
    void zeroStaysZero(Precision precision) {
        assertArrayEquals(new float[ROWS * COLUMNS], precision.round(new float[ROWS * COLUMNS], 0, ROWS, COLUMNS));
    }

    @Test
    void aTieGoesToTheEvenNeighbour() {
        float[] ties = {Float.intBitsToFloat(0x3F808000), Float.intBitsToFloat(0x3F818000)};
        assertArrayEquals(new float[]{Float.intBitsToFloat(0x3F800000), Float.intBitsToFloat(0x3F820000)},
                Precision.BFLOAT16.round(ties, 0, 1, 2));
    }

    /// Outputs of sizes from 2⁻¹⁰ to 2¹⁰.
    private static float[] weights(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] sizes = random.ints(COLUMNS, -10, 11).toArray();
        float[] weights = new float[ROWS * COLUMNS];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) Math.scalb(random.nextDouble(-1, 1), sizes[i % COLUMNS]);
        }
        return weights;
    }
}
