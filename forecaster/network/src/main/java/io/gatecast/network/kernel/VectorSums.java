package io.gatecast.network.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [WindowSums] by SIMD. A lane is a strand; where a vector has fewer lanes than there are strands, a window is gone through
/// once for each group of them. A vector never leaves its method, as in [VectorActivations].
final class VectorSums {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, S.vectorShape());
    private static final int L = D.length();
    /// As many numbers as [#D] takes.
    private static final VectorSpecies<Float> F = VectorSpecies.of(float.class,
            VectorShape.forBitSize(L * Float.SIZE));

    private VectorSums() {}

    static int known(float[] x, int from, int to) {
        int unknown = 0, i = from;
        for (; i + S.length() <= to; i += S.length()) {
            unknown += FloatVector.fromArray(S, x, i).test(VectorOperators.IS_NAN).trueCount();
        }
        for (; i < to; i++) {
            unknown += Float.isNaN(x[i]) ? 1 : 0;
        }
        return to - from - unknown;
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

    static double sum(float[] x, int from, int to) {
        return switch (L) {
            case 8 -> sums(x, from, 0, to);
            case 4 -> sums(x, from, 0, to) + sums(x, from, 4, to);
            default -> sums(x, from, 0, to) + sums(x, from, 2, to) + (sums(x, from, 4, to) + sums(x, from, 6, to));
        };
    }

    static double deviations(float[] x, int from, int to, double location) {
        return switch (L) {
            case 8 -> deviations(x, from, 0, to, location);
            case 4 -> deviations(x, from, 0, to, location) + deviations(x, from, 4, to, location);
            default -> deviations(x, from, 0, to, location) + deviations(x, from, 2, to, location)
                    + (deviations(x, from, 4, to, location) + deviations(x, from, 6, to, location));
        };
    }

    static double steps(float[] x, int from, int to, int lag) {
        return switch (L) {
            case 8 -> steps(x, from, 0, to, lag);
            case 4 -> steps(x, from, 0, to, lag) + steps(x, from, 4, to, lag);
            default -> steps(x, from, 0, to, lag) + steps(x, from, 2, to, lag)
                    + (steps(x, from, 4, to, lag) + steps(x, from, 6, to, lag));
        };
    }

    /// @param first of the strands that are taken
    private static double sums(float[] x, int from, int first, int to) {
        DoubleVector sum = DoubleVector.zero(D);
        int i = from + first;
        for (; i + L <= to; i += WindowSums.STRANDS) {
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i).convertShape(VectorOperators.F2D, D, 0);
            sum = sum.add(v.blend(0, v.test(VectorOperators.IS_NAN)));
        }
        if (i < to) {
            VectorMask<Float> there = F.indexInRange(i, to);
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i, there).convertShape(VectorOperators.F2D, D,
                    0);
            sum = sum.add(v.blend(0, v.test(VectorOperators.IS_NAN)));
        }
        return L == 8
                ? sum.lane(0) + sum.lane(1) + (sum.lane(2) + sum.lane(3))
                        + (sum.lane(4) + sum.lane(5) + (sum.lane(6) + sum.lane(7)))
                : L == 4 ? sum.lane(0) + sum.lane(1) + (sum.lane(2) + sum.lane(3)) : sum.lane(0) + sum.lane(1);
    }

    private static double deviations(float[] x, int from, int first, int to, double location) {
        DoubleVector sum = DoubleVector.zero(D);
        int i = from + first;
        for (; i + L <= to; i += WindowSums.STRANDS) {
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i).convertShape(VectorOperators.F2D, D, 0);
            sum = sum.add(v.sub(location).abs().blend(0, v.test(VectorOperators.IS_NAN)));
        }
        if (i < to) {
            VectorMask<Float> there = F.indexInRange(i, to);
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i, there).convertShape(VectorOperators.F2D, D,
                    0);
            sum = sum.add(v.sub(location).abs().blend(0, v.test(VectorOperators.IS_NAN).or(there.not().cast(D))));
        }
        return L == 8
                ? sum.lane(0) + sum.lane(1) + (sum.lane(2) + sum.lane(3))
                        + (sum.lane(4) + sum.lane(5) + (sum.lane(6) + sum.lane(7)))
                : L == 4 ? sum.lane(0) + sum.lane(1) + (sum.lane(2) + sum.lane(3)) : sum.lane(0) + sum.lane(1);
    }

    private static double steps(float[] x, int from, int first, int to, int lag) {
        DoubleVector sum = DoubleVector.zero(D);
        int i = from + first;
        for (; i + L <= to; i += WindowSums.STRANDS) {
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i).convertShape(VectorOperators.F2D, D, 0);
            DoubleVector before = (DoubleVector) FloatVector.fromArray(F, x, i - lag).convertShape(VectorOperators.F2D,
                    D, 0);
            DoubleVector step = v.sub(before).abs();
            sum = sum.add(step.blend(0, step.test(VectorOperators.IS_NAN)));
        }
        if (i < to) {
            VectorMask<Float> there = F.indexInRange(i, to);
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i, there).convertShape(VectorOperators.F2D, D,
                    0);
            DoubleVector before = (DoubleVector) FloatVector.fromArray(F, x, i - lag, there)
                    .convertShape(VectorOperators.F2D, D, 0);
            DoubleVector step = v.sub(before).abs();
            sum = sum.add(step.blend(0, step.test(VectorOperators.IS_NAN)));
        }
        return L == 8
                ? sum.lane(0) + sum.lane(1) + (sum.lane(2) + sum.lane(3))
                        + (sum.lane(4) + sum.lane(5) + (sum.lane(6) + sum.lane(7)))
                : L == 4 ? sum.lane(0) + sum.lane(1) + (sum.lane(2) + sum.lane(3)) : sum.lane(0) + sum.lane(1);
    }
}
