package io.gatecast.training.detection;

import java.util.List;

/// What a detector said of a labelled series.
///
/// @param scores `[row]`, of an alarm how sure it is, more than 0; 0 where there is none
public record Alarms(Labelled of, double[] scores) {
    public Alarms {
        if (scores.length != of.series().length()) {
            throw new IllegalArgumentException(of.series().id() + ": expected " + of.series().length()
                    + " scores, one a row, found " + scores.length);
        }
    }

    /// @return the window that holds a row, -1 where none does
    int window(int row) {
        List<Labelled.Window> windows = of.windows();
        for (int w = 0; w < windows.size(); w++) {
            if (windows.get(w).holds(row)) {
                return w;
            }
        }
        return -1;
    }
}
