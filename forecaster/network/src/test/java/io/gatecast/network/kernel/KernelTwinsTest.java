package io.gatecast.network.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// SIMD and plain loops against their definition, equal to the bit, at the width of this processor; [LaneWidthsTest] takes the
/// other widths.
/// Sizes stand around every edge there is: a vector, a tile, a panel, the tile's rows, the chunk of a gradient.
class KernelTwinsTest {
    private static final int[] COLUMNS = {1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 128, 129, 148, 200,
            257};
    private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 17, 25};
    private static final int[] INNER = {1, 2, 3, 5, 8, 13, 37, 75, 130};

    private final Kernels vector = new VectorKernels(Precision.FLOAT32);
    private final List<Kernels> both = List.of(vector, new PlainKernels("plain", Precision.FLOAT32));

    /// Every column count with every row count, in each precision; the inner dimension, offsets and gaps between rows by chance.
    @ParameterizedTest
    @CsvSource({"1, FLOAT32", "2, FLOAT32", "3, FLOAT32", "4, INT16", "5, INT16", "6, BFLOAT16", "7, BFLOAT16"})
    void aProductHasTheSameBits(long seed, Precision precision) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int columns : COLUMNS) {
            for (int rows : ROWS) {
                assertSameProduct(random, precision, rows, INNER[random.nextInt(INNER.length)], columns);
            }
        }
    }

    private void assertSameProduct(SplittableRandom random, Precision precision, int rows, int inner, int columns) {
        int xOffset = random.nextInt(5), xStride = inner + random.nextInt(4);
        int yOffset = random.nextInt(5), yStride = columns + random.nextInt(4);
        float[] x = numbers(random, xOffset + rows * xStride);
        float[] w = numbers(random, 2 + inner * columns);
        float[] before = numbers(random, yOffset + rows * yStride), expected = before.clone();
        float[] rounded = precision.round(w, 2, inner, columns);
        Panels panels = Panels.ofRounded(rounded, inner, columns, precision);
        Definition.addProduct(rows, x, xOffset, xStride, rounded, 0, inner, columns, expected, yOffset, yStride);
        for (Kernels kernels : both) {
            float[] found = before.clone();
            kernels.addProduct(rows, x, xOffset, xStride, panels, found, yOffset, yStride);
            assertArrayEquals(expected, found,
                    () -> kernels.description() + ", " + rows + " x " + inner + " x " + columns);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 15, 16, 31, 32, 33, 63, 64, 100, 457, 1000})
    void distancesHaveTheSameBits(int count) {
        SplittableRandom random = new SplittableRandom(count);
        for (int length : new int[]{1, 2, 3, 24}) {
            double[] past = random.doubles(length + 3 + count).toArray(), shape = random.doubles(length).toArray();
            double[] before = random.doubles(count + 1).toArray(), expected = before.clone();
            Definition.squaredDistances(past, length + 2, count, shape, expected);
            for (Kernels kernels : both) {
                double[] found = before.clone();
                kernels.squaredDistances(past, length + 2, count, shape, found);
                assertArrayEquals(expected, found, kernels::description);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 16, 100})
    void theFirstBelowIsFound(int count) {
        double[] numbers = new SplittableRandom(count).doubles(count + 4).toArray();
        for (int unknown = 3; unknown < numbers.length; unknown += 5) {
            numbers[unknown] = Double.NaN;
        }
        for (double limit : new double[]{0, 0.01, 0.1, 0.5, Double.POSITIVE_INFINITY}) {
            for (int from = 0; from <= count + 1; from++) {
                int expected = from;
                while (expected < count + 1 && !(numbers[expected] < limit)) {
                    expected++;
                }
                for (Kernels kernels : both) {
                    assertEquals(expected, kernels.firstBelow(limit, numbers, from, count + 1), kernels::description);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aGradientHasTheSameBits(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int outputs : COLUMNS) {
            for (int inputs : new int[]{1, 2, 3, 5, 6, 7, 13, 37}) {
                assertSameGradient(random, 1 + random.nextInt(40), inputs, outputs);
            }
        }
        for (int rows : new int[]{159, 160, 161, 319, 320, 700}) {
            assertSameGradient(random, rows, 7, 148);
        }
    }

    private void assertSameGradient(SplittableRandom random, int rows, int inputs, int outputs) {
        int xOffset = random.nextInt(5), xStride = inputs + random.nextInt(4);
        int dyOffset = random.nextInt(5), dyStride = outputs + random.nextInt(4);
        float[] x = numbers(random, xOffset + rows * xStride);
        float[] dy = numbers(random, dyOffset + rows * dyStride);
        float[] before = numbers(random, 3 + inputs * outputs + 2), expected = before.clone();
        Definition.addOuterProducts(rows, x, xOffset, xStride, inputs, dy, dyOffset, dyStride, outputs, expected, 3);
        for (Kernels kernels : both) {
            float[] found = before.clone();
            kernels.addOuterProducts(rows, x, xOffset, xStride, inputs, dy, dyOffset, dyStride, outputs, found, 3);
            assertArrayEquals(expected, found,
                    () -> kernels.description() + ", " + rows + " rows, " + inputs + " x " + outputs);
        }
    }

    /// The definition itself, against sums in double precision.
    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void theDefinitionIsAProduct(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = 3, inner = 37, columns = 70;
        float[] x = numbers(random, rows * inner);
        float[] w = numbers(random, inner * columns);
        float[] y = numbers(random, rows * columns);
        float[] before = y.clone();
        Definition.addProduct(rows, x, 0, inner, w, 0, inner, columns, y, 0, columns);
        for (int n = 0; n < rows; n++) {
            for (int j = 0; j < columns; j++) {
                double sum = before[n * columns + j], size = Math.abs(sum);
                for (int k = 0; k < inner; k++) {
                    double term = (double) x[n * inner + k] * w[k * columns + j];
                    sum += term;
                    size += Math.abs(term);
                }
                assertEquals(sum, y[n * columns + j], 1e-6 * size);
            }
        }
    }

    /// A row's bits do not depend on how many rows it is computed with: serving has one, training has many.
    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void aRowHasTheSameBitsInAnyBatch(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int inner = 75, columns = 148;
        Panels w = Panels.of(numbers(random, inner * columns), 0, inner, columns);
        for (int rows : ROWS) {
            float[] x = numbers(random, rows * inner);
            float[] together = numbers(random, rows * columns);
            float[] apart = together.clone();
            vector.addProduct(rows, x, 0, inner, w, together, 0, columns);
            for (int n = 0; n < rows; n++) {
                vector.addProduct(1, x, n * inner, inner, w, apart, n * columns, columns);
            }
            assertArrayEquals(apart, together);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 63, 64, 65, 130})
    void aPackedTransposeIsTheTransposePacked(int columns) {
        SplittableRandom random = new SplittableRandom(columns);
        int rows = 67, offset = 3;
        float[] source = numbers(random, offset + rows * columns);
        float[] transpose = new float[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                transpose[c * rows + r] = source[offset + r * columns + c];
            }
        }
        Panels expected = Panels.of(transpose, 0, columns, rows);
        Panels found = Panels.ofTransposed(source, offset, rows, columns);
        assertEquals(columns, found.rows());
        assertEquals(rows, found.columns());
        assertArrayEquals(expected.data, found.data);
    }

    /// Element (r, c) lies in panel c / w, row r, column c % w; what fills the last panel up is zero.
    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 63, 64, 65, 200})
    void everyElementLiesInItsPanelAndTheRestIsZero(int columns) {
        int rows = 5, w = Panels.WIDTH;
        float[] source = new float[rows * columns];
        for (int i = 0; i < source.length; i++) {
            source[i] = i + 1;
        }
        float[] data = Panels.of(source, 0, rows, columns).data;
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                assertEquals(source[r * columns + c], data[c / w * rows * w + r * w + c % w]);
                sum += source[r * columns + c];
            }
        }
        double packed = 0;
        for (float v : data) {
            assertTrue(v >= 0);
            packed += v;
        }
        assertEquals(sum, packed);
    }

    /// Of both signs and sizes from 2⁻²⁰ to 2²⁰, so that the order of a sum shows in its bits.
    private static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.scalb(random.nextDouble(-1, 1), random.nextInt(-20, 20));
        }
        return numbers;
    }
}
