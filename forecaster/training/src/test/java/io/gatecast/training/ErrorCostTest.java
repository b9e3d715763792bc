package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCostTest {
    private static final float NONE = Float.NaN;

    /// By hand: seasons of 2, differences |3 - 1|, |4 - 2|, |7 - 3| of what is known.
    @Test
    void anErrorCostsItsShareOfTheDifferenceAndOfTheLevelAtItsPhase() {
        ErrorCost cost = new ErrorCost(new float[]{1, 2, 3, 4, 7, NONE, 100, 0.02f}, 6, 2, 2, 3);
        double difference = (2 + 2 + 4) / 3.0, level = (1 + 2 + 3 + 4 + 7) / 5.0;
        assertEquals(1 / difference + 3 / level, cost.at(0), 1e-12, "nothing lies before it");
        assertEquals(1 / difference + 3 / 2.0, cost.at(3), 1e-12);
        assertEquals(1 / difference + 3 / ((1 + 3) / 2.0), cost.at(4), 1e-12);
        assertEquals(1 / difference + 3 / ((2 + 4) / 2.0), cost.at(5), 1e-12);
        assertEquals(1 / difference + 3 / ((1 + 3 + 7) / 3.0), cost.at(6), 1e-12);
        assertEquals(1 / difference + 3 / ((2 + 4) / 2.0), cost.at(7), 1e-12, "the missing one does not count");
        assertEquals(1 / difference + 3 / ((1 + 3 + 7 + 100) / 4.0), cost.at(8), 1e-12, "behind the last");
    }

    @Test
    void aLevelNearNothingCountsAsATenthOfTheDifference() {
        float[] values = new float[20];
        for (int t = 0; t < values.length; t++) {
            values[t] = t % 2 == 0 ? 1e-6f * t : 10 * (t % 4);
        }
        ErrorCost cost = new ErrorCost(values, 20, 2, 2, 3);
        assertEquals(1 / 10.0 + 3 / 1.0, cost.at(10), 1e-4);
    }

    @ParameterizedTest
    @ValueSource(floats = {0.001f, 7, 1e6f})
    void theUnitDoesNotMatter(float unit) {
        float[] values = {1, 5, 2, 8, 3, 4, 4, 9}, inUnit = values.clone();
        for (int i = 0; i < inUnit.length; i++) {
            inUnit[i] *= unit;
        }
        ErrorCost one = new ErrorCost(values, 6, 2, 2, 3), other = new ErrorCost(inUnit, 6, 2, 2, 3);
        for (int t = 0; t < values.length; t++) {
            assertEquals(one.at(t), unit * other.at(t), 1e-6 * one.at(t));
        }
    }

    @Test
    void whatGoesBelowNothingHasNoLevel() {
        ErrorCost cost = new ErrorCost(new float[]{1, 2, 3, -4, 7, 0, 50, -50}, 6, 2, 2, 3);
        double difference = (2 + 6 + 4 + 4) / 4.0;
        for (int t = 0; t < 9; t++) {
            assertEquals(1 / difference, cost.at(t), 1e-12);
        }
        assertEquals(cost.at(3), new ErrorCost(new float[]{1, 2, 3, -4, 7, 0, 50, -50}, 6, 2, 2, 0).at(3));
    }

    @Test
    void whatNeverChangesCostsNothingOrLittle() {
        float[] zeros = new float[10], fives = new float[10], unknown = new float[10];
        Arrays.fill(fives, 5);
        Arrays.fill(unknown, NONE);
        assertEquals(0, new ErrorCost(zeros, 10, 2, 2, 3).at(4));
        assertEquals(0, new ErrorCost(unknown, 10, 2, 2, 3).at(4));
        assertEquals(0, new ErrorCost(new float[]{5}, 1, 2, 2, 3).at(0), "shorter than a season");
        double still = new ErrorCost(fives, 10, 2, 2, 3).at(4);
        assertTrue(still > 0 && Double.isFinite(still), "still: " + still);
    }
}
