package io.gatecast.network.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitialisationTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 32, 128})
    void anOrthogonalSquareTimesItsTransposeIsOne(int units) {
        Parameters parameters = new Parameters.Layout().add("before", 1, 3).add("U", units, 4 * units).build();
        Tensor u = parameters.tensor("U");
        for (int gate = 0; gate < 4; gate++) {
            Initialisation.orthogonal(parameters, u, gate * units, new SplittableRandom(gate));
        }
        for (int gate = 0; gate < 4; gate++) {
            assertOrthogonal(parameters, u, gate * units);
        }
    }

    private static void assertOrthogonal(Parameters parameters, Tensor u, int column) {
        for (int r = 0; r < u.rows(); r++) {
            for (int s = 0; s <= r; s++) {
                double product = 0;
                for (int c = 0; c < u.rows(); c++) {
                    product += (double) at(parameters, u, r, column + c) * at(parameters, u, s, column + c);
                }
                assertEquals(r == s ? 1 : 0, product, 1e-6, "rows " + r + " and " + s);
            }
        }
    }

    private static float at(Parameters parameters, Tensor tensor, int row, int column) {
        return parameters.values[tensor.offset() + row * tensor.columns() + column];
    }

    @Test
    void glorotSpreadsOverItsRangeAndTouchesNothingElse() {
        Parameters parameters = new Parameters.Layout().add("before", 1, 7).add("W", 75, 512).add("after", 1, 7)
                .build();
        Initialisation.glorot(parameters, parameters.tensor("W"), 128, new SplittableRandom(1));
        double limit = Math.sqrt(6.0 / (75 + 128)), sum = 0, square = 0;
        for (int i = 0; i < parameters.size(); i++) {
            float v = parameters.values[i];
            assertTrue(Math.abs(v) <= limit && (v == 0) == (i < 7 || i >= parameters.size() - 7), i + ": " + v);
            sum += v;
            square += (double) v * v;
        }
        int count = 75 * 512;
        assertEquals(0, sum / count, 0.01 * limit);
        assertEquals(limit * limit / 3, square / count, 0.01 * limit * limit);
    }

    @Test
    void aSeedFixesEveryNumber() {
        assertArrayEquals(drawn(1), drawn(1));
        assertNotEquals(drawn(1)[0], drawn(2)[0]);
    }

    private static float[] drawn(long seed) {
        Parameters parameters = new Parameters.Layout().add("W", 3, 8).add("U", 2, 8).build();
        SplittableRandom random = new SplittableRandom(seed);
        Initialisation.glorot(parameters, parameters.tensor("W"), 2, random);
        Initialisation.orthogonal(parameters, parameters.tensor("U"), 2, random);
        return parameters.values;
    }
}
