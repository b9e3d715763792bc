package io.gatecast.network.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The same bits by SIMD: products of several rows by [VectorTiles], of a single one by [VectorRow].
final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, S.vectorShape());
    private static final int L = S.length();
    private static final int CHUNK = 160; // rows of a gradient packed at a time, so that both stay in L2

    private final Precision precision;

    VectorKernels(Precision precision) {
        this.precision = precision;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public void addProduct(int rows, float[] x, int xOffset, int xStride, Panels w, float[] y, int yOffset,
            int yStride) {
        if (rows == 1) {
            VectorRow.multiply(x, xOffset, w, y, yOffset);
        } else {
            VectorTiles.multiply(rows, w.rows, w.columns, x, xOffset, xStride, w.data, y, yOffset, yStride);
        }
    }

    /// In stretches of rows, both packed first, so that what a tile reads is near and one behind the other.
    @Override
    public void addOuterProducts(int rows, float[] x, int xOffset, int xStride, int inputs, float[] dy, int dyOffset,
            int dyStride, int outputs, float[] dw, int dwOffset) {
        int most = Math.min(CHUNK, rows);
        float[] transposed = new float[inputs * most];
        float[] panels = new float[Panels.sizeOf(most, outputs)];
        for (int from = 0; from < rows; from += CHUNK) {
            int count = Math.min(CHUNK, rows - from);
            transpose(count, x, xOffset + from * xStride, xStride, inputs, transposed);
            Panels.pack(dy, dyOffset + from * dyStride, dyStride, count, outputs, panels);
            VectorTiles.multiply(inputs, count, outputs, transposed, 0, count, panels, dw, dwOffset, outputs);
        }
    }

    /// `[rows][columns]` to `[columns][rows]`, eight rows at a time: as many streams of memory are read side by side, and what is
    /// written is half a line of it.
    private static void transpose(int rows, float[] from, int offset, int stride, int columns, float[] to) {
        int r = 0;
        for (; r + 8 <= rows; r += 8) {
            transpose8(from, offset + r * stride, stride, columns, to, r, rows);
        }
        for (; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                to[c * rows + r] = from[offset + r * stride + c];
            }
        }
    }

    private static void transpose8(float[] from, int offset, int stride, int columns, float[] to, int at, int rows) {
        int r0 = offset, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
        int r4 = r3 + stride, r5 = r4 + stride, r6 = r5 + stride, r7 = r6 + stride;
        for (int c = 0; c < columns; c++) {
            int row = at + c * rows;
            to[row] = from[r0 + c];
            to[row + 1] = from[r1 + c];
            to[row + 2] = from[r2 + c];
            to[row + 3] = from[r3 + c];
            to[row + 4] = from[r4 + c];
            to[row + 5] = from[r5 + c];
            to[row + 6] = from[r6 + c];
            to[row + 7] = from[r7 + c];
        }
    }

    @Override
    public void squaredDistances(double[] past, int from, int count, double[] shape, double[] distances) {
        int i = 0;
        for (; i + 4 * D.length() <= count; i += 4 * D.length()) {
            distances4(past, from + i, shape, distances, i);
        }
        for (; i < count; i++) {
            double sum = 0;
            for (int j = 0; j < shape.length; j++) {
                double apart = past[from + i - j] - shape[j];
                sum = Math.fma(apart, apart, sum);
            }
            distances[i] = sum;
        }
    }

    @Override
    public int firstBelow(double limit, double[] numbers, int from, int to) {
        int i = from;
        for (; i + D.length() <= to; i += D.length()) {
            VectorMask<Double> below = DoubleVector.fromArray(D, numbers, i).compare(VectorOperators.LT, limit);
            if (below.anyTrue()) {
                return i + below.firstTrue();
            }
        }
        while (i < to && !(numbers[i] < limit)) {
            i++;
        }
        return i;
    }

    private static void distances4(double[] past, int from, double[] shape, double[] distances, int to) {
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        for (int j = 0, at = from; j < shape.length; j++, at--) {
            DoubleVector mine = DoubleVector.broadcast(D, shape[j]);
            DoubleVector d0 = DoubleVector.fromArray(D, past, at).sub(mine);
            DoubleVector d1 = DoubleVector.fromArray(D, past, at + D.length()).sub(mine);
            DoubleVector d2 = DoubleVector.fromArray(D, past, at + 2 * D.length()).sub(mine);
            DoubleVector d3 = DoubleVector.fromArray(D, past, at + 3 * D.length()).sub(mine);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
            s2 = d2.fma(d2, s2);
            s3 = d3.fma(d3, s3);
        }
        s0.intoArray(distances, to);
        s1.intoArray(distances, to + D.length());
        s2.intoArray(distances, to + 2 * D.length());
        s3.intoArray(distances, to + 3 * D.length());
    }

    @Override
    public String description() {
        return L + " float lanes (jdk.incubator.vector)";
    }
}
