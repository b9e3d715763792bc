package io.gatecast.network.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// What is narrower than a tile of [VectorTiles]: two vectors of columns, and those that fill none. Written out for the same
/// reason.
final class VectorPairs {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final int L = S.length();

    private VectorPairs() {}

    /// Two vectors of columns.
    static void multiply(int rows, int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co,
            int ldc) {
        int i = 0;
        for (; i + 6 <= rows; i += 6) {
            pair6(inner, a, ao + i * rs, rs, b, bo, c, co + i * ldc, ldc);
        }
        for (; i + 4 <= rows; i += 4) {
            pair4(inner, a, ao + i * rs, rs, b, bo, c, co + i * ldc, ldc);
        }
        for (; i < rows; i++) {
            pair1(inner, a, ao + i * rs, b, bo, c, co + i * ldc);
        }
    }

    /// 6 rows, two vectors wide: 12 sums, two vectors of weights and a number of the row's are what 16 registers hold, and each vector
    /// of weights is loaded for six rows.
    static void pair6(int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co, int ldc) {
        int a0 = ao, a1 = ao + rs, a2 = ao + 2 * rs, a3 = ao + 3 * rs, a4 = ao + 4 * rs, a5 = ao + 5 * rs;
        int c0 = co, c1 = co + ldc, c2 = co + 2 * ldc, c3 = co + 3 * ldc, c4 = co + 4 * ldc, c5 = co + 5 * ldc;
        FloatVector s00 = FloatVector.fromArray(S, c, c0);
        FloatVector s01 = FloatVector.fromArray(S, c, c0 + L);
        FloatVector s10 = FloatVector.fromArray(S, c, c1);
        FloatVector s11 = FloatVector.fromArray(S, c, c1 + L);
        FloatVector s20 = FloatVector.fromArray(S, c, c2);
        FloatVector s21 = FloatVector.fromArray(S, c, c2 + L);
        FloatVector s30 = FloatVector.fromArray(S, c, c3);
        FloatVector s31 = FloatVector.fromArray(S, c, c3 + L);
        FloatVector s40 = FloatVector.fromArray(S, c, c4);
        FloatVector s41 = FloatVector.fromArray(S, c, c4 + L);
        FloatVector s50 = FloatVector.fromArray(S, c, c5);
        FloatVector s51 = FloatVector.fromArray(S, c, c5 + L);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + k]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + k]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + k]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + k]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + k]);
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + k]);
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
    }

    private static void pair4(int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co, int ldc) {
        int a0 = ao, a1 = ao + rs, a2 = ao + 2 * rs, a3 = ao + 3 * rs;
        FloatVector s00 = FloatVector.fromArray(S, c, co);
        FloatVector s01 = FloatVector.fromArray(S, c, co + L);
        FloatVector s10 = FloatVector.fromArray(S, c, co + ldc);
        FloatVector s11 = FloatVector.fromArray(S, c, co + ldc + L);
        FloatVector s20 = FloatVector.fromArray(S, c, co + 2 * ldc);
        FloatVector s21 = FloatVector.fromArray(S, c, co + 2 * ldc + L);
        FloatVector s30 = FloatVector.fromArray(S, c, co + 3 * ldc);
        FloatVector s31 = FloatVector.fromArray(S, c, co + 3 * ldc + L);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + k]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + k]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + k]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + k]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
        }
        s00.intoArray(c, co);
        s01.intoArray(c, co + L);
        s10.intoArray(c, co + ldc);
        s11.intoArray(c, co + ldc + L);
        s20.intoArray(c, co + 2 * ldc);
        s21.intoArray(c, co + 2 * ldc + L);
        s30.intoArray(c, co + 3 * ldc);
        s31.intoArray(c, co + 3 * ldc + L);
    }

    static void pair1(int inner, float[] a, int ao, float[] b, int bo, float[] c, int co) {
        FloatVector s0 = FloatVector.fromArray(S, c, co);
        FloatVector s1 = FloatVector.fromArray(S, c, co + L);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector x = FloatVector.broadcast(S, a[ao + k]);
            s0 = x.fma(FloatVector.fromArray(S, b, row), s0);
            s1 = x.fma(FloatVector.fromArray(S, b, row + L), s1);
        }
        s0.intoArray(c, co);
        s1.intoArray(c, co + L);
    }

    /// The columns that fill no tile, one vector at a time; a mask keeps the last from writing past the row.
    /// It is made where it is used: handed on, it would be an object on the heap wherever C2 does not inline the call.
    static void edge(int rows, int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co, int ldc,
            int columns) {
        int i = 0;
        for (; i + 4 <= rows; i += 4) {
            edge4(inner, a, ao + i * rs, rs, b, bo, c, co + i * ldc, ldc, columns);
        }
        for (; i < rows; i++) {
            edge1(inner, a, ao + i * rs, b, bo, c, co + i * ldc, columns);
        }
    }

    private static void edge4(int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co, int ldc,
            int columns) {
        int a0 = ao, a1 = ao + rs, a2 = ao + 2 * rs, a3 = ao + 3 * rs;
        VectorMask<Float> mask = S.indexInRange(0, columns);
        FloatVector s0 = FloatVector.fromArray(S, c, co, mask);
        FloatVector s1 = FloatVector.fromArray(S, c, co + ldc, mask);
        FloatVector s2 = FloatVector.fromArray(S, c, co + 2 * ldc, mask);
        FloatVector s3 = FloatVector.fromArray(S, c, co + 3 * ldc, mask);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector b0 = FloatVector.fromArray(S, b, row, mask);
            s0 = FloatVector.broadcast(S, a[a0 + k]).fma(b0, s0);
            s1 = FloatVector.broadcast(S, a[a1 + k]).fma(b0, s1);
            s2 = FloatVector.broadcast(S, a[a2 + k]).fma(b0, s2);
            s3 = FloatVector.broadcast(S, a[a3 + k]).fma(b0, s3);
        }
        s0.intoArray(c, co, mask);
        s1.intoArray(c, co + ldc, mask);
        s2.intoArray(c, co + 2 * ldc, mask);
        s3.intoArray(c, co + 3 * ldc, mask);
    }

    static void edge1(int inner, float[] a, int ao, float[] b, int bo, float[] c, int co, int columns) {
        VectorMask<Float> mask = S.indexInRange(0, columns);
        FloatVector s = FloatVector.fromArray(S, c, co, mask);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            s = FloatVector.broadcast(S, a[ao + k]).fma(FloatVector.fromArray(S, b, row, mask), s);
        }
        s.intoArray(c, co, mask);
    }
}
