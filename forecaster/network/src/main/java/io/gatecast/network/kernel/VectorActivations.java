package io.gatecast.network.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The ranges of [Activations] by SIMD: the same operations in the same order, so the same bits. What C2 makes of a plain loop
/// takes a range of 64 numbers one by one for the most part, since its vectors begin where memory is aligned and its unrolled
/// body is longer than what is left.
///
/// A vector never leaves its method: where C2 does not inline the call, it would be an object on the heap. Each range
/// returns how far it has come; the caller does the rest one by one.
final class VectorActivations {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final int L = S.length();

    private VectorActivations() {}

    static int tanh(float[] x, int from, int to) {
        int j = from;
        for (; j + L <= to; j += L) {
            tanhAt(x, j, 1, 1, -0f); // which adds nothing to any number, -0 included
        }
        return j;
    }

    static int sigmoid(float[] x, int from, int to) {
        int j = from;
        for (; j + L <= to; j += L) {
            tanhAt(x, j, 0.5f, 0.5f, 0.5f);
        }
        return j;
    }

    static int squareplus(float[] x, int from, int to) {
        int j = from;
        for (; j + L <= to; j += L) {
            squareplusAt(x, j);
        }
        return j;
    }

    static int squareplusSlope(float[] x, int from, int to) {
        int j = from;
        for (; j + L <= to; j += L) {
            squareplusSlopeAt(x, j);
        }
        return j;
    }

    static int asinh(float[] x, int from, int to) {
        int j = from;
        for (; j + L <= to; j += L) {
            asinhAt(x, j);
        }
        return j;
    }

    /// `x = scale tanh(in x) + shift`
    private static void tanhAt(float[] x, int j, float in, float scale, float shift) {
        FloatVector v = FloatVector.fromArray(S, x, j).mul(in);
        v = v.blend(Activations.TANH_SATURATES, v.compare(VectorOperators.GT, Activations.TANH_SATURATES));
        v = v.blend(-Activations.TANH_SATURATES, v.compare(VectorOperators.LT, -Activations.TANH_SATURATES));
        FloatVector s = v.mul(v);
        FloatVector one = FloatVector.broadcast(S, 1);
        FloatVector p = s.fma(Activations.P6, Activations.P5);
        p = s.fma(p, FloatVector.broadcast(S, Activations.P4));
        p = s.fma(p, FloatVector.broadcast(S, Activations.P3));
        p = s.fma(p, FloatVector.broadcast(S, Activations.P2));
        p = s.fma(p, FloatVector.broadcast(S, Activations.P1));
        p = s.fma(p, one);
        FloatVector q = s.fma(Activations.Q3, Activations.Q2);
        q = s.fma(q, FloatVector.broadcast(S, Activations.Q1));
        q = s.fma(q, one);
        FloatVector t = v.mul(p).div(q);
        t = t.blend(1, t.compare(VectorOperators.GT, 1));
        t = t.blend(-1, t.compare(VectorOperators.LT, -1));
        t.fma(scale, shift).intoArray(x, j);
    }

    private static void squareplusAt(float[] x, int j) {
        FloatVector v = FloatVector.fromArray(S, x, j);
        FloatVector root = v.fma(v, FloatVector.broadcast(S, 4)).sqrt();
        FloatVector left = FloatVector.broadcast(S, 2).div(root.sub(v));
        left.blend(v.add(root).mul(0.5f), v.compare(VectorOperators.GE, 0)).intoArray(x, j);
    }

    private static void squareplusSlopeAt(float[] x, int j) {
        FloatVector v = FloatVector.fromArray(S, x, j);
        FloatVector root = v.fma(v, FloatVector.broadcast(S, 4)).sqrt();
        FloatVector left = FloatVector.broadcast(S, 2).div(root.sub(v));
        left.blend(v.add(root).mul(0.5f), v.compare(VectorOperators.GE, 0)).div(root).intoArray(x, j);
    }

    private static void asinhAt(float[] x, int j) {
        FloatVector v = FloatVector.fromArray(S, x, j);
        FloatVector size = v.abs().min(Activations.ASINH_SATURATES);
        FloatVector one = FloatVector.broadcast(S, 1);
        // log(size + √(size² + 1)), as Activations.log
        IntVector bits = size.add(size.fma(size, one).sqrt()).reinterpretAsInts();
        IntVector e = bits.sub(Activations.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, Activations.MANTISSA_BITS);
        FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, Activations.MANTISSA_BITS)).reinterpretAsFloats();
        FloatVector t = m.sub(1).div(m.add(1));
        FloatVector s = t.mul(t);
        FloatVector series = s.fma(1f / 9, 1f / 7);
        series = s.fma(series, FloatVector.broadcast(S, 1f / 5));
        series = s.fma(series, FloatVector.broadcast(S, 1f / 3));
        series = s.fma(series, one);
        FloatVector log = ((FloatVector) e.convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(S, Activations.LN2), t.mul(2).mul(series));
        IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
        log.abs().reinterpretAsInts().or(sign).reinterpretAsFloats().blend(v, v.test(VectorOperators.IS_NAN))
                .intoArray(x, j);
    }
}
