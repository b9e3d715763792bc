package io.gatecast.network.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The product of a single row, which is a step of serving: every weight is read once, so it takes as many columns at a time
/// as there are sums to hide one another's latency, and weights in 16 bits where there are any.
///
/// Written out for the same reason as the tiles of [VectorTiles].
final class VectorRow {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
    private static final int L = S.length();
    private static final int TILE = 4 * L;

    private VectorRow() {}

    /// `c += a · b` of a single row.
    static void multiply(float[] a, int ao, Panels b, float[] c, int co) {
        int inner = b.rows, j = 0;
        if (b.halves != null) {
            j = multiply(inner, a, ao, b.halves, c, co);
        }
        int wide = b.columns - (b.columns - j) % (2 * TILE);
        row8(inner, a, ao, b.data, j, wide, c, co);
        j = wide;
        if (j + 6 * L <= b.columns) { // not eight: one pass hides the latency that two would wait for
            row6(inner, a, ao, b.data, VectorTiles.start(inner, j), VectorTiles.start(inner, j + TILE), c,
                    co + j);
            j += 6 * L;
        }
        for (; j + TILE <= b.columns; j += TILE) {
            VectorTiles.tile1(inner, a, ao, b.data, VectorTiles.start(inner, j), c, co + j);
        }
        for (; j + 2 * L <= b.columns; j += 2 * L) {
            VectorPairs.pair1(inner, a, ao, b.data, VectorTiles.start(inner, j), c, co + j);
        }
        for (; j < b.columns; j += L) {
            VectorPairs.edge1(inner, a, ao, b.data, VectorTiles.start(inner, j), c, co + j,
                    b.columns - j);
        }
    }

    /// `c += a · b` of a single row, as far as whole panels go.
    ///
    /// @return columns that are done
    private static int multiply(int inner, float[] a, int ao, HalfPanels b, float[] c, int co) {
        if (b.units == null) {
            brain8(inner, a, ao, b.data, b.columns, c, co);
        } else {
            fixed8(inner, a, ao, b.data, b.units, b.columns, c, co);
        }
        return b.columns;
    }

    /// One row, eight vectors wide, in two halves: a single row has no second sum to hide the latency of the first, so it
    /// takes more columns at a time. All of them in one call, and every index from k: a call for each eight vectors, with
    /// indices that run along, took 2 to 4 % more, and 11 % more by C2's code for G1.
    private static void row8(int inner, float[] a, int ao, float[] b, int from, int before, float[] c, int co) {
        for (int j = from; j < before; j += 2 * TILE) {
            int left = VectorTiles.start(inner, j), right = VectorTiles.start(inner, j + TILE), to = co + j;
            FloatVector s0 = FloatVector.fromArray(S, c, to);
            FloatVector s1 = FloatVector.fromArray(S, c, to + L);
            FloatVector s2 = FloatVector.fromArray(S, c, to + 2 * L);
            FloatVector s3 = FloatVector.fromArray(S, c, to + 3 * L);
            FloatVector s4 = FloatVector.fromArray(S, c, to + 4 * L);
            FloatVector s5 = FloatVector.fromArray(S, c, to + 5 * L);
            FloatVector s6 = FloatVector.fromArray(S, c, to + 6 * L);
            FloatVector s7 = FloatVector.fromArray(S, c, to + 7 * L);
            for (int k = 0; k < inner; k++) {
                int l = left + k * Panels.WIDTH, r = right + k * Panels.WIDTH;
                FloatVector x = FloatVector.broadcast(S, a[ao + k]);
                s0 = x.fma(FloatVector.fromArray(S, b, l), s0);
                s1 = x.fma(FloatVector.fromArray(S, b, l + L), s1);
                s2 = x.fma(FloatVector.fromArray(S, b, l + 2 * L), s2);
                s3 = x.fma(FloatVector.fromArray(S, b, l + 3 * L), s3);
                s4 = x.fma(FloatVector.fromArray(S, b, r), s4);
                s5 = x.fma(FloatVector.fromArray(S, b, r + L), s5);
                s6 = x.fma(FloatVector.fromArray(S, b, r + 2 * L), s6);
                s7 = x.fma(FloatVector.fromArray(S, b, r + 3 * L), s7);
            }
            s0.intoArray(c, to);
            s1.intoArray(c, to + L);
            s2.intoArray(c, to + 2 * L);
            s3.intoArray(c, to + 3 * L);
            s4.intoArray(c, to + 4 * L);
            s5.intoArray(c, to + 5 * L);
            s6.intoArray(c, to + 6 * L);
            s7.intoArray(c, to + 7 * L);
        }
    }

    /// As [#row8], six vectors wide: four to the left, two to the right.
    private static void row6(int inner, float[] a, int ao, float[] b, int left, int right, float[] c, int co) {
        FloatVector s0 = FloatVector.fromArray(S, c, co);
        FloatVector s1 = FloatVector.fromArray(S, c, co + L);
        FloatVector s2 = FloatVector.fromArray(S, c, co + 2 * L);
        FloatVector s3 = FloatVector.fromArray(S, c, co + 3 * L);
        FloatVector s4 = FloatVector.fromArray(S, c, co + 4 * L);
        FloatVector s5 = FloatVector.fromArray(S, c, co + 5 * L);
        for (int k = 0; k < inner; k++, ao++, left += Panels.WIDTH, right += Panels.WIDTH) {
            FloatVector x = FloatVector.broadcast(S, a[ao]);
            s0 = x.fma(FloatVector.fromArray(S, b, left), s0);
            s1 = x.fma(FloatVector.fromArray(S, b, left + L), s1);
            s2 = x.fma(FloatVector.fromArray(S, b, left + 2 * L), s2);
            s3 = x.fma(FloatVector.fromArray(S, b, left + 3 * L), s3);
            s4 = x.fma(FloatVector.fromArray(S, b, right), s4);
            s5 = x.fma(FloatVector.fromArray(S, b, right + L), s5);
        }
        s0.intoArray(c, co);
        s1.intoArray(c, co + L);
        s2.intoArray(c, co + 2 * L);
        s3.intoArray(c, co + 3 * L);
        s4.intoArray(c, co + 4 * L);
        s5.intoArray(c, co + 5 * L);
    }

    /// One row of bfloat16: an int with the other half cleared is a float.
    private static void brain8(int inner, float[] a, int ao, int[] b, int columns, float[] c, int co) {
        int panel = HalfPanels.INTS * inner;
        for (int j = 0; j < columns; j += HalfPanels.WIDTH) {
            for (int q = 0; q < HalfPanels.INTS; q += TILE) {
                int from = j / HalfPanels.WIDTH * panel + q, low = co + j + q, high = low + HalfPanels.INTS;
                FloatVector s0 = FloatVector.fromArray(S, c, low);
                FloatVector s1 = FloatVector.fromArray(S, c, low + L);
                FloatVector s2 = FloatVector.fromArray(S, c, low + 2 * L);
                FloatVector s3 = FloatVector.fromArray(S, c, low + 3 * L);
                FloatVector s4 = FloatVector.fromArray(S, c, high);
                FloatVector s5 = FloatVector.fromArray(S, c, high + L);
                FloatVector s6 = FloatVector.fromArray(S, c, high + 2 * L);
                FloatVector s7 = FloatVector.fromArray(S, c, high + 3 * L);
                for (int k = 0; k < inner; k++) {
                    int at = from + k * HalfPanels.INTS;
                    FloatVector x = FloatVector.broadcast(S, a[ao + k]);
                    IntVector w0 = IntVector.fromArray(I, b, at);
                    s0 = x.fma(w0.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats(), s0);
                    s4 = x.fma(w0.and(Precision.UPPER).reinterpretAsFloats(), s4);
                    IntVector w1 = IntVector.fromArray(I, b, at + L);
                    s1 = x.fma(w1.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats(), s1);
                    s5 = x.fma(w1.and(Precision.UPPER).reinterpretAsFloats(), s5);
                    IntVector w2 = IntVector.fromArray(I, b, at + 2 * L);
                    s2 = x.fma(w2.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats(), s2);
                    s6 = x.fma(w2.and(Precision.UPPER).reinterpretAsFloats(), s6);
                    IntVector w3 = IntVector.fromArray(I, b, at + 3 * L);
                    s3 = x.fma(w3.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats(), s3);
                    s7 = x.fma(w3.and(Precision.UPPER).reinterpretAsFloats(), s7);
                }
                s0.intoArray(c, low);
                s1.intoArray(c, low + L);
                s2.intoArray(c, low + 2 * L);
                s3.intoArray(c, low + 3 * L);
                s4.intoArray(c, high);
                s5.intoArray(c, high + L);
                s6.intoArray(c, high + 2 * L);
                s7.intoArray(c, high + 3 * L);
            }
        }
    }

    /// One row of fixed point, counted in units of its outputs: an int with the other half cleared is a weight times 2¹⁶.
    private static void fixed8(int inner, float[] a, int ao, int[] b, float[] units, int columns, float[] c, int co) {
        int panel = HalfPanels.INTS * inner;
        for (int j = 0; j < columns; j += HalfPanels.WIDTH) {
            for (int q = 0; q < HalfPanels.INTS; q += TILE) {
                int from = j / HalfPanels.WIDTH * panel + q, low = co + j + q, high = low + HalfPanels.INTS;
                int lowUnit = j + q, highUnit = lowUnit + HalfPanels.INTS;
                FloatVector s0 = FloatVector.fromArray(S, c, low).div(FloatVector.fromArray(S, units, lowUnit));
                FloatVector s1 = FloatVector.fromArray(S, c, low + L).div(FloatVector.fromArray(S, units, lowUnit + L));
                FloatVector s2 = FloatVector.fromArray(S, c, low + 2 * L)
                        .div(FloatVector.fromArray(S, units, lowUnit + 2 * L));
                FloatVector s3 = FloatVector.fromArray(S, c, low + 3 * L)
                        .div(FloatVector.fromArray(S, units, lowUnit + 3 * L));
                FloatVector s4 = FloatVector.fromArray(S, c, high).div(FloatVector.fromArray(S, units, highUnit));
                FloatVector s5 = FloatVector.fromArray(S, c, high + L)
                        .div(FloatVector.fromArray(S, units, highUnit + L));
                FloatVector s6 = FloatVector.fromArray(S, c, high + 2 * L)
                        .div(FloatVector.fromArray(S, units, highUnit + 2 * L));
                FloatVector s7 = FloatVector.fromArray(S, c, high + 3 * L)
                        .div(FloatVector.fromArray(S, units, highUnit + 3 * L));
                for (int k = 0; k < inner; k++) {
                    int at = from + k * HalfPanels.INTS;
                    FloatVector x = FloatVector.broadcast(S, a[ao + k]);
                    IntVector w0 = IntVector.fromArray(I, b, at);
                    s0 = x.fma(
                            (FloatVector) w0.lanewise(VectorOperators.LSHL, Short.SIZE).convert(VectorOperators.I2F, 0),
                            s0);
                    s4 = x.fma((FloatVector) w0.and(Precision.UPPER).convert(VectorOperators.I2F, 0), s4);
                    IntVector w1 = IntVector.fromArray(I, b, at + L);
                    s1 = x.fma(
                            (FloatVector) w1.lanewise(VectorOperators.LSHL, Short.SIZE).convert(VectorOperators.I2F, 0),
                            s1);
                    s5 = x.fma((FloatVector) w1.and(Precision.UPPER).convert(VectorOperators.I2F, 0), s5);
                    IntVector w2 = IntVector.fromArray(I, b, at + 2 * L);
                    s2 = x.fma(
                            (FloatVector) w2.lanewise(VectorOperators.LSHL, Short.SIZE).convert(VectorOperators.I2F, 0),
                            s2);
                    s6 = x.fma((FloatVector) w2.and(Precision.UPPER).convert(VectorOperators.I2F, 0), s6);
                    IntVector w3 = IntVector.fromArray(I, b, at + 3 * L);
                    s3 = x.fma(
                            (FloatVector) w3.lanewise(VectorOperators.LSHL, Short.SIZE).convert(VectorOperators.I2F, 0),
                            s3);
                    s7 = x.fma((FloatVector) w3.and(Precision.UPPER).convert(VectorOperators.I2F, 0), s7);
                }
                s0.mul(FloatVector.fromArray(S, units, lowUnit)).intoArray(c, low);
                s1.mul(FloatVector.fromArray(S, units, lowUnit + L)).intoArray(c, low + L);
                s2.mul(FloatVector.fromArray(S, units, lowUnit + 2 * L)).intoArray(c, low + 2 * L);
                s3.mul(FloatVector.fromArray(S, units, lowUnit + 3 * L)).intoArray(c, low + 3 * L);
                s4.mul(FloatVector.fromArray(S, units, highUnit)).intoArray(c, high);
                s5.mul(FloatVector.fromArray(S, units, highUnit + L)).intoArray(c, high + L);
                s6.mul(FloatVector.fromArray(S, units, highUnit + 2 * L)).intoArray(c, high + 2 * L);
                s7.mul(FloatVector.fromArray(S, units, highUnit + 3 * L)).intoArray(c, high + 3 * L);
            }
        }
    }
}
