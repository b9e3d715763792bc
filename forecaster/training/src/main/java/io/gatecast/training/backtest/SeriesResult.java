package io.gatecast.training.backtest;

import io.gatecast.training.backtest.Metrics.Part;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a backtest found of one series.
///
/// @param id         the series
/// @param origins    at which all contenders were judged
/// @param passedOver origins at which one of them had nothing to say yet
/// @param silent     `[contender]`, at how many origins it was that one
/// @param parts      by contender and channel
/// @param example    the model's forecast at the last origin; null where there was none
public record SeriesResult(String id, int origins, int passedOver, int[] silent, List<List<Part>> parts,
        @Nullable Example example) {
    private static final int SHOWN_BEFORE = 3; // horizons

    /// One forecast of the first channel beside what came before and after, to be looked at.
    ///
    /// @param origin         event time, milliseconds since the epoch
    /// @param intervalMillis length of a step
    /// @param before         values up to the origin, the origin's last
    /// @param after          `[horizon]`, what came true
    /// @param quantiles      `[Q][horizon]`
    public record Example(long origin, long intervalMillis, double[] before, double[] after, double[][] quantiles) {
        /// @param said `[channel][horizon][Q]`
        static Example of(Truth truth, int origin, double[] said, int levels, int horizon) {
            double[] values = truth.values()[0];
            double[][] quantiles = new double[levels][horizon];
            for (int q = 0; q < levels; q++) {
                for (int h = 0; h < horizon; h++) {
                    quantiles[q][h] = said[h * levels + q];
                }
            }
            return new Example(truth.timeOf(origin), truth.intervalMillis(),
                    Arrays.copyOfRange(values, Math.max(0, origin + 1 - SHOWN_BEFORE * horizon), origin + 1),
                    Arrays.copyOfRange(values, origin + 1, origin + 1 + horizon), quantiles);
        }
    }

    Metrics metrics(double[] levels, int contender) {
        return Metrics.of(levels, parts.get(contender));
    }
}
