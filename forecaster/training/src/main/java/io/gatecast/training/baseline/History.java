package io.gatecast.training.baseline;

import java.util.Arrays;

/// The last values of a series, a missing one as the one before it.
final class History {
    private static final int SHORTEST = 1000;
    private static final int SEASONS = 12;

    private final int most;
    private double[] values = new double[64];
    private int count;

    /// @param season length in steps; a thousand values are kept, or twelve seasons, whichever is more
    History(int season) {
        this.most = Math.max(SHORTEST, SEASONS * season);
    }

    void add(double value) {
        double known = Double.isNaN(value) && count > 0 ? values[count - 1] : value;
        if (Double.isNaN(known)) {
            return;
        }
        if (count == 2 * most) {
            System.arraycopy(values, most, values, 0, most);
            count = most;
        }
        values = count < values.length ? values : Arrays.copyOf(values, 2 * count);
        values[count++] = known;
    }

    /// @return oldest first; none before the first known value
    double[] values() {
        return Arrays.copyOfRange(values, Math.max(0, count - most), count);
    }
}
