package io.gatecast.training.backtest;

import io.gatecast.training.baseline.Baseline;
import java.util.List;
import java.util.OptionalLong;

/// What is judged in a backtest, and against whom. Origins lie `every` steps apart, the first one the last step before
/// the judged ones, the last one a horizon before the end, so that every step ahead is judged equally often.
///
/// @param judged    where the judged steps begin
/// @param to        event time before which the judged steps end, milliseconds since the epoch; empty = with the data
/// @param every     steps from origin to origin
/// @param season    of the seasonal naive forecast and of the unit of MASE, in steps; 1 = none
/// @param baselines whom to compare with
/// @param scaleTo   event time before which the values count for the standard deviation, milliseconds since the epoch;
///                  empty = up to the first origin
/// @param seed      of what a baseline leaves to chance
public record BacktestPlan(Judged judged, OptionalLong to, int every, int season, List<Baseline> baselines,
        OptionalLong scaleTo, long seed) {
    public BacktestPlan {
        require(every > 0, "every: expected at least 1 step, found " + every);
        require(season > 0, "season: expected at least 1 step, found " + season);
        baselines = List.copyOf(baselines);
    }

    /// Where the judged steps begin.
    public sealed interface Judged {
        /// At a moment, milliseconds since the epoch.
        record From(long timestamp) implements Judged {}

        /// So many steps before the end of each series.
        record Last(int steps) implements Judged {
            public Last {
                require(steps > 0, "last: expected at least 1 step, found " + steps);
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
