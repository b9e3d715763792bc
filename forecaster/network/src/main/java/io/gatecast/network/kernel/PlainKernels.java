package io.gatecast.network.kernel;

import java.util.Arrays;

/// The same bits by plain loops, for where the vector module is absent or does not know the processor. C2 makes SIMD of a
/// loop only if it sees that what it stores is not what it loads later: so every row of a matrix is an array of its own, sums
/// stand in one, too, and all are read at the same index. Four rows a pass, so that a sum is loaded and stored a quarter as
/// often (measured on JDK 25, a step of 64 units: one flat array takes 6 times as long).
final class PlainKernels implements Kernels {
    private final String description;
    private final Precision precision;

    PlainKernels(String description, Precision precision) {
        this.description = description;
        this.precision = precision;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public void addProduct(int rows, float[] x, int xOffset, int xStride, Panels w, float[] y, int yOffset,
            int yStride) {
        float[][] matrix = w.byRow();
        float[] sums = new float[w.columns];
        for (int n = 0; n < rows; n++) {
            System.arraycopy(y, yOffset + n * yStride, sums, 0, w.columns);
            addRows(x, xOffset + n * xStride, 1, matrix, sums);
            System.arraycopy(sums, 0, y, yOffset + n * yStride, w.columns);
        }
    }

    @Override
    public void addOuterProducts(int rows, float[] x, int xOffset, int xStride, int inputs, float[] dy, int dyOffset,
            int dyStride, int outputs, float[] dw, int dwOffset) {
        float[][] matrix = new float[rows][];
        for (int n = 0; n < rows; n++) {
            int from = dyOffset + n * dyStride;
            matrix[n] = Arrays.copyOfRange(dy, from, from + outputs);
        }
        float[] sums = new float[outputs];
        for (int k = 0; k < inputs; k++) {
            System.arraycopy(dw, dwOffset + k * outputs, sums, 0, outputs);
            addRows(x, xOffset + k, xStride, matrix, sums);
            System.arraycopy(sums, 0, dw, dwOffset + k * outputs, outputs);
        }
    }

    /// `sums += v · matrix`, where `v[k]` lies at `x[from + k * step]`.
    private static void addRows(float[] x, int from, int step, float[][] matrix, float[] sums) {
        int k = 0, at = from;
        for (; k + 4 <= matrix.length; k += 4, at += 4 * step) {
            addFour(x[at], matrix[k], x[at + step], matrix[k + 1], x[at + 2 * step], matrix[k + 2], x[at + 3 * step],
                    matrix[k + 3], sums);
        }
        for (; k < matrix.length; k++, at += step) {
            addOne(x[at], matrix[k], sums);
        }
    }

    private static void addFour(float v0, float[] w0, float v1, float[] w1, float v2, float[] w2, float v3, float[] w3,
            float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(v3, w3[j], Math.fma(v2, w2[j], Math.fma(v1, w1[j], Math.fma(v0, w0[j], sums[j]))));
        }
    }

    private static void addOne(float v, float[] w, float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(v, w[j], sums[j]);
        }
    }

    @Override
    public void squaredDistances(double[] past, int from, int count, double[] shape, double[] distances) {
        Arrays.fill(distances, 0, count, 0);
        for (int j = 0; j < shape.length; j++) {
            for (int i = 0; i < count; i++) {
                double apart = past[from + i - j] - shape[j];
                distances[i] = Math.fma(apart, apart, distances[i]);
            }
        }
    }

    @Override
    public int firstBelow(double limit, double[] numbers, int from, int to) {
        int i = from;
        while (i < to && !(numbers[i] < limit)) {
            i++;
        }
        return i;
    }

    @Override
    public String description() {
        return description;
    }
}
