package io.gatecast.training.detection;

import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.List;

/// A series and when it was wrong.
///
/// @param windows rising, none reaching into another
public record Labelled(Series series, List<Window> windows) {
    private static final double PROBATION = 0.15;
    private static final int LONGEST_PROBATION = 750;

    public Labelled {
        windows = List.copyOf(windows);
    }

    /// Rows that belong together.
    ///
    /// @param first index of the first
    /// @param last  and of the last
    public record Window(int first, int last) {
        public Window {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("window: expected rising rows, found " + first + " to " + last);
            }
        }

        /// @return whether it holds a row
        public boolean holds(int row) {
            return first <= row && row <= last;
        }
    }

    /// @return rows at the beginning that a detector may get used to the series in, and that are not judged: a share of 0.15, at
    ///         most 750, as NAB has it
    public int probation() {
        return Math.min((int) (PROBATION * series.length()), LONGEST_PROBATION);
    }

    /// @param labels 1 for a row that is wrong, 0 for another
    /// @return each run of ones
    static List<Window> runs(int[] labels) {
        List<Window> windows = new ArrayList<>();
        int first = -1;
        for (int i = 0; i <= labels.length; i++) {
            boolean wrong = i < labels.length && labels[i] == 1;
            if (wrong && first < 0) {
                first = i;
            } else if (!wrong && first >= 0) {
                windows.add(new Window(first, i - 1));
                first = -1;
            }
        }
        return windows;
    }
}
