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
    private static final int CHUNK = 256; // rows of a gradient packed at a time, so that a panel stays in L2

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
            VectorTiles.multiply(rows, w.rows, w.columns, x, xOffset, xStride, 1, w.data, 0, Panels.WIDTH,
                    Panels.WIDTH * w.rows, y,
                    yOffset, yStride);
        }
    }

    /// In stretches of rows, so that what a tile reads of `dy` is still near when the next tile reads it.
    @Override
    public void addOuterProducts(int rows, float[] x, int xOffset, int xStride, int inputs, float[] dy, int dyOffset,
            int dyStride, int outputs, float[] dw, int dwOffset) {
        for (int from = 0; from < rows; from += CHUNK) {
            VectorTiles.multiply(inputs, Math.min(CHUNK, rows - from), outputs, x, xOffset + from * xStride, 1, xStride,
                    dy,
                    dyOffset + from * dyStride, dyStride, Panels.WIDTH, dw, dwOffset, outputs);
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
                sum += apart * apart;
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
            s0 = s0.add(d0.mul(d0));
            s1 = s1.add(d1.mul(d1));
            s2 = s2.add(d2.mul(d2));
            s3 = s3.add(d3.mul(d3));
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
