package io.gatecast.network.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What [WindowSums] counts, by SIMD.
final class VectorSums {
    private static final VectorSpecies<Float> S = Simd.species();

    private VectorSums() {}

    static int known(float[] x, int from, int to) {
        return pairs(x, from, to, 0);
    }

    static int pairs(float[] x, int from, int to, int lag) {
        int unknown = 0, i = from;
        for (; i + S.length() <= to; i += S.length()) {
            unknown += FloatVector.fromArray(S, x, i).test(VectorOperators.IS_NAN)
                    .or(FloatVector.fromArray(S, x, i - lag).test(VectorOperators.IS_NAN)).trueCount();
        }
        for (; i < to; i++) {
            unknown += Float.isNaN(x[i]) || Float.isNaN(x[i - lag]) ? 1 : 0;
        }
        return to - from - unknown;
    }
}
