package io.gatecast.network.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// A product by SIMD, cut into tiles of a few rows by two or four vectors, whose sums stay in registers; a tile runs through the
/// whole inner dimension before it is stored.
///
/// Each tile is a method of its own, written out: C2 keeps vectors in registers only in small methods without calls, and
/// a loop over accumulators would put them on the heap. The species must be a `static final` constant for the same
/// reason (measured on JDK 25: 4 µs a step so, 24 µs as an instance field).
final class VectorTiles {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final int L = S.length();
    private static final int TILE = 4 * L;
    private static final boolean MANY_REGISTERS = L >= 16; // 32, which hold 24 sums; 16 hold 12

    private VectorTiles() {}

    /// `c += a · b`, where `a[i][k]` lies at `ao + i * rs + k`, `b` is packed as in [Panels], and `c[i][j]` lies at `co + i * ldc + j`.
    static void multiply(int rows, int inner, int columns, float[] a, int ao, int rs, float[] b, float[] c, int co,
            int ldc) {
        int j = 0;
        for (; j + TILE <= columns; j += TILE) {
            tiles(rows, inner, a, ao, rs, b, start(inner, j), c, co + j, ldc);
        }
        for (; j + 2 * L <= columns; j += 2 * L) {
            VectorPairs.multiply(rows, inner, a, ao, rs, b, start(inner, j), c, co + j, ldc);
        }
        for (; j < columns; j += L) {
            VectorPairs.edge(rows, inner, a, ao, rs, b, start(inner, j), c, co + j, ldc, columns - j);
        }
    }

    /// @return where a column begins in packed panels of that many rows
    static int start(int rows, int column) {
        return column / Panels.WIDTH * Panels.WIDTH * rows + column % Panels.WIDTH;
    }

    private static void tiles(int rows, int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co,
            int ldc) {
        int i = 0;
        if (MANY_REGISTERS) {
            for (; i + 6 <= rows; i += 6) {
                tile6(inner, a, ao + i * rs, rs, b, bo, c, co + i * ldc, ldc);
            }
            for (; i + 4 <= rows; i += 4) {
                tile4(inner, a, ao + i * rs, rs, b, bo, c, co + i * ldc, ldc);
            }
        } else {
            for (; i + 6 <= rows; i += 6) {
                VectorPairs.pair6(inner, a, ao + i * rs, rs, b, bo, c, co + i * ldc, ldc);
                VectorPairs.pair6(inner, a, ao + i * rs, rs, b, bo + 2 * L, c, co + i * ldc + 2 * L, ldc);
            }
        }
        for (; i + 2 <= rows; i += 2) {
            tile2(inner, a, ao + i * rs, rs, b, bo, c, co + i * ldc, ldc);
        }
        if (i < rows) {
            tile1(inner, a, ao + i * rs, b, bo, c, co + i * ldc);
        }
    }

    /// 6 rows, four vectors wide: 24 sums at once.
    private static void tile6(int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co, int ldc) {
        int a0 = ao, a1 = ao + rs, a2 = ao + 2 * rs, a3 = ao + 3 * rs, a4 = ao + 4 * rs, a5 = ao + 5 * rs;
        int c0 = co, c1 = co + ldc, c2 = co + 2 * ldc, c3 = co + 3 * ldc, c4 = co + 4 * ldc, c5 = co + 5 * ldc;
        FloatVector s00 = FloatVector.fromArray(S, c, c0);
        FloatVector s01 = FloatVector.fromArray(S, c, c0 + L);
        FloatVector s02 = FloatVector.fromArray(S, c, c0 + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, c, c0 + 3 * L);
        FloatVector s10 = FloatVector.fromArray(S, c, c1);
        FloatVector s11 = FloatVector.fromArray(S, c, c1 + L);
        FloatVector s12 = FloatVector.fromArray(S, c, c1 + 2 * L);
        FloatVector s13 = FloatVector.fromArray(S, c, c1 + 3 * L);
        FloatVector s20 = FloatVector.fromArray(S, c, c2);
        FloatVector s21 = FloatVector.fromArray(S, c, c2 + L);
        FloatVector s22 = FloatVector.fromArray(S, c, c2 + 2 * L);
        FloatVector s23 = FloatVector.fromArray(S, c, c2 + 3 * L);
        FloatVector s30 = FloatVector.fromArray(S, c, c3);
        FloatVector s31 = FloatVector.fromArray(S, c, c3 + L);
        FloatVector s32 = FloatVector.fromArray(S, c, c3 + 2 * L);
        FloatVector s33 = FloatVector.fromArray(S, c, c3 + 3 * L);
        FloatVector s40 = FloatVector.fromArray(S, c, c4);
        FloatVector s41 = FloatVector.fromArray(S, c, c4 + L);
        FloatVector s42 = FloatVector.fromArray(S, c, c4 + 2 * L);
        FloatVector s43 = FloatVector.fromArray(S, c, c4 + 3 * L);
        FloatVector s50 = FloatVector.fromArray(S, c, c5);
        FloatVector s51 = FloatVector.fromArray(S, c, c5 + L);
        FloatVector s52 = FloatVector.fromArray(S, c, c5 + 2 * L);
        FloatVector s53 = FloatVector.fromArray(S, c, c5 + 3 * L);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector b2 = FloatVector.fromArray(S, b, row + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, row + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + k]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            s03 = x0.fma(b3, s03);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + k]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            s13 = x1.fma(b3, s13);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + k]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            s23 = x2.fma(b3, s23);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + k]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            s33 = x3.fma(b3, s33);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + k]);
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            s42 = x4.fma(b2, s42);
            s43 = x4.fma(b3, s43);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + k]);
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            s52 = x5.fma(b2, s52);
            s53 = x5.fma(b3, s53);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s03.intoArray(c, c0 + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s22.intoArray(c, c2 + 2 * L);
        s23.intoArray(c, c2 + 3 * L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s32.intoArray(c, c3 + 2 * L);
        s33.intoArray(c, c3 + 3 * L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s42.intoArray(c, c4 + 2 * L);
        s43.intoArray(c, c4 + 3 * L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
        s52.intoArray(c, c5 + 2 * L);
        s53.intoArray(c, c5 + 3 * L);
    }

    /// 4 rows, four vectors wide: 16 sums at once.
    private static void tile4(int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co, int ldc) {
        int a0 = ao, a1 = ao + rs, a2 = ao + 2 * rs, a3 = ao + 3 * rs;
        int c0 = co, c1 = co + ldc, c2 = co + 2 * ldc, c3 = co + 3 * ldc;
        FloatVector s00 = FloatVector.fromArray(S, c, c0);
        FloatVector s01 = FloatVector.fromArray(S, c, c0 + L);
        FloatVector s02 = FloatVector.fromArray(S, c, c0 + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, c, c0 + 3 * L);
        FloatVector s10 = FloatVector.fromArray(S, c, c1);
        FloatVector s11 = FloatVector.fromArray(S, c, c1 + L);
        FloatVector s12 = FloatVector.fromArray(S, c, c1 + 2 * L);
        FloatVector s13 = FloatVector.fromArray(S, c, c1 + 3 * L);
        FloatVector s20 = FloatVector.fromArray(S, c, c2);
        FloatVector s21 = FloatVector.fromArray(S, c, c2 + L);
        FloatVector s22 = FloatVector.fromArray(S, c, c2 + 2 * L);
        FloatVector s23 = FloatVector.fromArray(S, c, c2 + 3 * L);
        FloatVector s30 = FloatVector.fromArray(S, c, c3);
        FloatVector s31 = FloatVector.fromArray(S, c, c3 + L);
        FloatVector s32 = FloatVector.fromArray(S, c, c3 + 2 * L);
        FloatVector s33 = FloatVector.fromArray(S, c, c3 + 3 * L);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector b2 = FloatVector.fromArray(S, b, row + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, row + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + k]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            s03 = x0.fma(b3, s03);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + k]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            s13 = x1.fma(b3, s13);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + k]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            s23 = x2.fma(b3, s23);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + k]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            s33 = x3.fma(b3, s33);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s03.intoArray(c, c0 + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s22.intoArray(c, c2 + 2 * L);
        s23.intoArray(c, c2 + 3 * L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s32.intoArray(c, c3 + 2 * L);
        s33.intoArray(c, c3 + 3 * L);
    }

    /// 2 rows, four vectors wide: 8 sums at once.
    private static void tile2(int inner, float[] a, int ao, int rs, float[] b, int bo, float[] c, int co, int ldc) {
        int a0 = ao, a1 = ao + rs;
        int c0 = co, c1 = co + ldc;
        FloatVector s00 = FloatVector.fromArray(S, c, c0);
        FloatVector s01 = FloatVector.fromArray(S, c, c0 + L);
        FloatVector s02 = FloatVector.fromArray(S, c, c0 + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, c, c0 + 3 * L);
        FloatVector s10 = FloatVector.fromArray(S, c, c1);
        FloatVector s11 = FloatVector.fromArray(S, c, c1 + L);
        FloatVector s12 = FloatVector.fromArray(S, c, c1 + 2 * L);
        FloatVector s13 = FloatVector.fromArray(S, c, c1 + 3 * L);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector b2 = FloatVector.fromArray(S, b, row + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, row + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + k]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            s03 = x0.fma(b3, s03);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + k]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            s13 = x1.fma(b3, s13);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s02.intoArray(c, c0 + 2 * L);
        s03.intoArray(c, c0 + 3 * L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s12.intoArray(c, c1 + 2 * L);
        s13.intoArray(c, c1 + 3 * L);
    }

    /// A row, four vectors wide: 4 sums at once.
    static void tile1(int inner, float[] a, int ao, float[] b, int bo, float[] c, int co) {
        FloatVector s00 = FloatVector.fromArray(S, c, co);
        FloatVector s01 = FloatVector.fromArray(S, c, co + L);
        FloatVector s02 = FloatVector.fromArray(S, c, co + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, c, co + 3 * L);
        for (int k = 0; k < inner; k++) {
            int row = bo + k * Panels.WIDTH;
            FloatVector b0 = FloatVector.fromArray(S, b, row);
            FloatVector b1 = FloatVector.fromArray(S, b, row + L);
            FloatVector b2 = FloatVector.fromArray(S, b, row + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, row + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[ao + k]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            s03 = x0.fma(b3, s03);
        }
        s00.intoArray(c, co);
        s01.intoArray(c, co + L);
        s02.intoArray(c, co + 2 * L);
        s03.intoArray(c, co + 3 * L);
    }
}
