package io.gatecast.network.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The ranges of [Gates] by SIMD: the same operations in the same order, so the same bits. C2 makes no SIMD of the plain
/// loops, since for all it knows what they store is what they load next (measured on JDK 25: of a step of 64 units they took
/// a fifth of the time).
///
/// Each method returns how many numbers it has done; the caller does the rest one by one.
final class VectorGates {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final int L = S.length();

    private VectorGates() {}

    static int add(int units, float[] a, int ao, float[] y, int yo) {
        int j = 0;
        for (; j + L <= units; j += L) {
            FloatVector.fromArray(S, y, yo + j).add(FloatVector.fromArray(S, a, ao + j)).intoArray(y, yo + j);
        }
        return j;
    }

    static int multiply(int units, float[] a, int ao, float[] y, int yo) {
        int j = 0;
        for (; j + L <= units; j += L) {
            FloatVector.fromArray(S, y, yo + j).mul(FloatVector.fromArray(S, a, ao + j)).intoArray(y, yo + j);
        }
        return j;
    }

    static int addProduct(int units, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
        int j = 0;
        for (; j + L <= units; j += L) {
            FloatVector.fromArray(S, a, ao + j)
                    .fma(FloatVector.fromArray(S, b, bo + j), FloatVector.fromArray(S, y, yo + j))
                    .intoArray(y, yo + j);
        }
        return j;
    }

    static int carry(int units, float[] gates, int i, float[] from, int c, float[] to, int cNext) {
        int f = i + units, g = f + units, j = 0;
        for (; j + L <= units; j += L) {
            FloatVector entering = FloatVector.fromArray(S, gates, i + j).mul(FloatVector.fromArray(S, gates, g + j));
            FloatVector.fromArray(S, gates, f + j).fma(FloatVector.fromArray(S, from, c + j), entering)
                    .intoArray(to, cNext + j);
        }
        return j;
    }

    static int mix(int units, float[] gates, int z, int n, float[] from, int h, float[] to, int hNext) {
        int j = 0;
        for (; j + L <= units; j += L) {
            FloatVector candidate = FloatVector.fromArray(S, gates, n + j);
            FloatVector.fromArray(S, gates, z + j).fma(FloatVector.fromArray(S, from, h + j).sub(candidate), candidate)
                    .intoArray(to, hNext + j);
        }
        return j;
    }

    static int backThroughOutput(int units, float[] gates, int o, float[] shown, float[] delta, int dh, int dc) {
        FloatVector one = FloatVector.broadcast(S, 1);
        int j = 0;
        for (; j + L <= units; j += L) {
            FloatVector t = FloatVector.fromArray(S, shown, j), og = FloatVector.fromArray(S, gates, o + j);
            FloatVector d = FloatVector.fromArray(S, delta, dh + j);
            d.mul(og).fma(one.sub(t.mul(t)), FloatVector.fromArray(S, delta, dc + j)).intoArray(delta, dc + j);
            d.mul(t).mul(og).mul(one.sub(og)).intoArray(gates, o + j);
            FloatVector.zero(S).intoArray(delta, dh + j);
        }
        return j;
    }

    static int backThroughCarry(int units, float[] gates, int i, float[] from, int c, float[] delta, int dc) {
        FloatVector one = FloatVector.broadcast(S, 1);
        int f = i + units, g = f + units, j = 0;
        for (; j + L <= units; j += L) {
            FloatVector ig = FloatVector.fromArray(S, gates, i + j), fg = FloatVector.fromArray(S, gates, f + j);
            FloatVector gg = FloatVector.fromArray(S, gates, g + j), d = FloatVector.fromArray(S, delta, dc + j);
            d.mul(gg).mul(ig).mul(one.sub(ig)).intoArray(gates, i + j);
            d.mul(FloatVector.fromArray(S, from, c + j)).mul(fg).mul(one.sub(fg)).intoArray(gates, f + j);
            d.mul(ig).mul(one.sub(gg.mul(gg))).intoArray(gates, g + j);
            d.mul(fg).intoArray(delta, dc + j);
        }
        return j;
    }
}
