package io.gatecast.network.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The range of [Pinball] by SIMD: the same operations in the same order, so the same bits.
final class VectorPinball {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final int L = S.length();

    private VectorPinball() {}

    /// @return how many forecasts are done; the caller does the rest one by one
    static int lead(float under, float over, int count, float[] targets, float[] weights, int from, float[] quantiles,
            int at, float[] losses) {
        int h = 0;
        for (; h + L <= count; h += L) {
            FloatVector error = FloatVector.fromArray(S, targets, from + h)
                    .sub(FloatVector.fromArray(S, quantiles, at + h));
            VectorMask<Float> missing = error.test(VectorOperators.IS_NAN);
            FloatVector side = FloatVector.broadcast(S, over).blend(under, error.compare(VectorOperators.GT, 0));
            FloatVector slope = FloatVector.fromArray(S, weights, from + h).mul(side);
            slope.mul(error).blend(0, missing).intoArray(losses, h);
            slope.neg().blend(0, missing).intoArray(quantiles, at + h);
        }
        return h;
    }
}
