package io.gatecast.series.judge;

import java.util.Arrays;

/// The quantile levels that the judges are made for.
final class Levels {

    private Levels() {}

    /// @return where the median stands
    /// @throws IllegalArgumentException if the levels do not rise within (0, 1) or lack the median
    static int median(float[] levels) {
        int median = -1;
        for (int i = 0; i < levels.length; i++) {
            boolean rises = levels[i] > (i == 0 ? 0 : levels[i - 1]) && levels[i] < 1;
            if (!rises) {
                throw refused(levels);
            }
            if (levels[i] == 0.5f) {
                median = i;
            }
        }
        if (median < 0) {
            throw refused(levels);
        }
        return median;
    }

    private static IllegalArgumentException refused(float[] levels) {
        return new IllegalArgumentException(
                "quantiles: expected levels rising between 0 and 1, the median 0.5 among them, found "
                        + Arrays.toString(levels));
    }
}
