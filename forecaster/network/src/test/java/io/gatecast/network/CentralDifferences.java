package io.gatecast.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleSupplier;

/// The slope of a function by central differences, to hold a gradient against. Two widths and Richardson's extrapolation
/// cancel the cubic term, so that steps may be wide enough for float32 sums not to drown in their rounding.
public final class CentralDifferences {
    private static final float STEP = 1f / 32;

    private CentralDifferences() {}

    /// Holds `gradient[from..from + count)` against the slopes of `function` by `values[offset..offset + count)`.
    ///
    /// @param function reads `values` anew at each call
    public static void assertGradient(String what, float[] values, int offset, float[] gradient, int from, int count,
            double tolerance, DoubleSupplier function) {
        for (int i = 0; i < count; i++) {
            int place = i;
            double slope = slope(values, offset + i, function);
            assertEquals(slope, gradient[from + i], tolerance * Math.max(1, Math.abs(slope)),
                    () -> what + ", number " + place);
        }
    }

    private static double slope(float[] values, int at, DoubleSupplier function) {
        return (4 * slope(values, at, STEP, function) - slope(values, at, 2 * STEP, function)) / 3;
    }

    private static double slope(float[] values, int at, float step, DoubleSupplier function) {
        float middle = values[at], above = middle + step, below = middle - step;
        values[at] = above;
        double high = function.getAsDouble();
        values[at] = below;
        double low = function.getAsDouble();
        values[at] = middle;
        return (high - low) / ((double) above - below);
    }
}
