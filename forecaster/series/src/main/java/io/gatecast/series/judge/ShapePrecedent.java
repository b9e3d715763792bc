package io.gatecast.series.judge;

import io.gatecast.network.kernel.Kernels;
import java.util.Arrays;

/// How far the last 24 values lie, as a shape, from the six stretches of the remembered past that are most like them:
/// a distance to nearest neighbours, as in Ramaswamy et al. 2000 (doi:10.1145/342009.335437), of every window to those before it. Sees
/// what no single value shows. Holds scratch memory for one thread.
final class ShapePrecedent {
    private static final int LENGTH = 24;
    private static final int NEIGHBOURS = 6;
    private static final int MOST = 1000; // stretches looked at, the newest
    private static final int LEAST = 100;

    private final Kernels kernels = Kernels.best();
    private final double[] wide = new double[MOST + LENGTH - 1];
    private final double[] shape = new double[LENGTH];
    private final double[] distances = new double[MOST];
    private final double[] nearest = new double[NEIGHBOURS];

    /// @param past   `[context]` of a channel from `first`, oldest first, in its own units; NaN = unknown
    /// @param newest where the value before this one lies
    /// @return 0 or more; NaN where the past is too short to tell
    double distance(float[] past, int first, int newest, float value) {
        int oldest = Math.max(first, newest + 2 - 2 * LENGTH - MOST + 1);
        while (oldest <= newest && Float.isNaN(past[oldest])) {
            oldest++;
        }
        int stretches = newest + 2 - 2 * LENGTH - oldest + 1; // none overlaps with the last values
        if (stretches < LEAST) {
            return Double.NaN;
        }
        measure(past, oldest, stretches, newest, value);
        return StrictMath.sqrt(meanOfNearest(stretches));
    }

    private void measure(float[] past, int oldest, int stretches, int newest, float value) {
        shape[0] = value;
        for (int lag = 1; lag < LENGTH; lag++) {
            shape[lag] = past[newest + 1 - lag];
        }
        for (int i = 0; i < stretches + LENGTH - 1; i++) {
            wide[i] = past[oldest + i];
        }
        kernels.squaredDistances(wide, LENGTH - 1, stretches, shape, distances);
    }

    private int nextAmongNearest(int from, int stretches) {
        return kernels.firstBelow(nearest[NEIGHBOURS - 1], distances, from, stretches);
    }

    private double meanOfNearest(int stretches) {
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (int i = nextAmongNearest(0, stretches); i < stretches; i = nextAmongNearest(i + 1, stretches)) {
            int place = NEIGHBOURS - 1;
            while (place > 0 && nearest[place - 1] > distances[i]) {
                nearest[place] = nearest[place - 1];
                place--;
            }
            nearest[place] = distances[i];
        }
        double sum = 0;
        for (double each : nearest) {
            sum += each;
        }
        return sum < Double.POSITIVE_INFINITY ? sum / NEIGHBOURS : Double.NaN;
    }
}
