package io.gatecast.network.head;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/// Quantiles of the standard Student-t distribution, for ν of 2 and more, by a table over 1/ν that is made once and read
/// by linear interpolation: at serving ν differs with every step ahead of every event, and the arithmetic has to give the
/// same bits on every processor. For levels from 0.001 to 0.999 within 1e-5 of the true value, relatively. The library's
/// own numbers differ from processor to processor in their last digits, about 1e-14, which float32 does not show.
final class StudentQuantiles {
    private static final int NODES = 2048;
    private static final float LEAST = 2;
    private static final double NEAR_NORMAL = 1e-9; // 1/ν at which the first node stands

    /// `[level][NODES + 1]`
    private final float[][] tables;

    StudentQuantiles(List<Double> levels) {
        this.tables = new float[levels.size()][NODES + 1];
        for (int node = 0; node <= NODES; node++) {
            TDistribution t = TDistribution.of(1 / Math.max(NEAR_NORMAL, (double) node / NODES / LEAST));
            for (int q = 0; q < tables.length; q++) {
                tables[q][node] = (float) t.inverseCumulativeProbability(levels.get(q));
            }
        }
    }

    int levels() {
        return tables.length;
    }

    /// @param freedom ν, at least 2
    float at(int level, float freedom) {
        float place = NODES * (LEAST / freedom);
        int node = Math.min(NODES - 1, (int) place);
        float[] table = tables[level];
        return Math.fma(place - node, table[node + 1] - table[node], table[node]);
    }
}
