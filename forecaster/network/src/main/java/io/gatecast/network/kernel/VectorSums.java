package io.gatecast.network.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [WindowSums] by SIMD. A lane is a strand; where a vector has fewer lanes than there are strands, a window is gone through
/// once for each group of them, of which each gives the sum of its own strands, in pairs.
final class VectorSums {
    private static final VectorSpecies<Float> S = Simd.species();
    private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, S.vectorShape());
    private static final int L = D.length();
    private static final int ALL = WindowSums.STRANDS;
    /// As many numbers as [#D] takes.
    private static final VectorSpecies<Float> F = VectorSpecies.of(float.class,
            VectorShape.forBitSize(L * Float.SIZE));

    /// The sum of the strands that a vector takes, from one of them on.
    private interface Group {
        double from(int strand);
    }

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

    static double sum(float[] x, int from, int to) {
        return L == ALL ? sumOfGroup(x, from, to) : together(first -> sumOfGroup(x, from + first, to));
    }

    static double deviations(float[] x, int from, int to, double location) {
        return L == ALL
                ? deviationsOfGroup(x, from, to, location)
                : together(first -> deviationsOfGroup(x, from + first, to, location));
    }

    static double steps(float[] x, int from, int to, int lag) {
        return L == ALL
                ? stepsOfGroup(x, from, to, lag)
                : together(first -> stepsOfGroup(x, from + first, to, lag));
    }

    private static double together(Group group) {
        return switch (L) {
            case 4 -> group.from(0) + group.from(4);
            default -> group.from(0) + group.from(2) + (group.from(4) + group.from(6));
        };
    }

    private static double sumOfGroup(float[] x, int from, int to) {
        DoubleVector sum = DoubleVector.zero(D);
        for (int i = from; i < to; i += WindowSums.STRANDS) {
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i, F.indexInRange(i, to))
                    .convertShape(VectorOperators.F2D, D, 0);
            sum = sum.add(v, v.test(VectorOperators.IS_NAN).not());
        }
        return inPairs(sum);
    }

    private static double deviationsOfGroup(float[] x, int from, int to, double location) {
        DoubleVector sum = DoubleVector.zero(D);
        for (int i = from; i < to; i += WindowSums.STRANDS) {
            VectorMask<Float> there = F.indexInRange(i, to);
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i, there).convertShape(VectorOperators.F2D, D,
                    0);
            sum = sum.add(v.sub(location).abs(), v.test(VectorOperators.IS_NAN).not().and(there.cast(D)));
        }
        return inPairs(sum);
    }

    private static double stepsOfGroup(float[] x, int from, int to, int lag) {
        DoubleVector sum = DoubleVector.zero(D);
        for (int i = from; i < to; i += WindowSums.STRANDS) {
            VectorMask<Float> there = F.indexInRange(i, to);
            DoubleVector v = (DoubleVector) FloatVector.fromArray(F, x, i, there).convertShape(VectorOperators.F2D, D,
                    0);
            DoubleVector step = v.sub((DoubleVector) FloatVector.fromArray(F, x, i - lag, there)
                    .convertShape(VectorOperators.F2D, D, 0)).abs();
            sum = sum.add(step, step.test(VectorOperators.IS_NAN).not());
        }
        return inPairs(sum);
    }

    private static double inPairs(DoubleVector s) {
        return switch (L) {
            case 8 -> s.lane(0) + s.lane(1) + (s.lane(2) + s.lane(3))
                    + (s.lane(4) + s.lane(5) + (s.lane(6) + s.lane(7)));
            case 4 -> s.lane(0) + s.lane(1) + (s.lane(2) + s.lane(3));
            default -> s.lane(0) + s.lane(1);
        };
    }
}
