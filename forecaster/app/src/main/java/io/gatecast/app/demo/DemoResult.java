package io.gatecast.app.demo;

import io.gatecast.app.model.TrainedModels;
import io.gatecast.training.backtest.Score;
import org.jspecify.annotations.Nullable;

/// What the demo has shown.
///
/// @param dataset           its data
/// @param sent              observations written to the topic
/// @param accepted          of these, that moved a state on
/// @param forecasts         forecasts read from their topic
/// @param eventsPerSecond   observations replayed a second, as fast as the demo wanted them
/// @param mase              of the forecasts, in units of the seasonal difference
/// @param seasonalNaiveMase of the seasonal naive forecast of the same targets
/// @param coverage          share of the targets within the outer quantiles
/// @param statedCoverage    what they promise
/// @param swaps             changes of model while the stream ran
/// @param before            how the first model did
/// @param after             how the second did
/// @param hadItStayed       how the first would have done in its place, on the same targets
/// @param episodes          anomalies that were opened
/// @param skillOverLastValue     1 - error / error of the last value, of the next step over all windows of `evaluations`
/// @param skillOverSeasonalNaive likewise, of the value a season before
/// @param seconds           wall time
public record DemoResult(String dataset, long sent, long accepted, long forecasts, double eventsPerSecond,
        @Nullable Double mase, @Nullable Double seasonalNaiveMase, @Nullable Double coverage, double statedCoverage,
        int swaps, Part before, Part after, Part hadItStayed, long episodes,
        @Nullable Double skillOverLastValue, @Nullable Double skillOverSeasonalNaive, double seconds) {

    /// One model's share of it.
    ///
    /// @param version           which
    /// @param mase              of its forecasts
    /// @param seasonalNaiveMase of the seasonal naive forecast of the same targets
    /// @param coverage          share of the targets within the outer quantiles
    public record Part(int version, @Nullable Double mase, @Nullable Double seasonalNaiveMase,
            @Nullable Double coverage) {

        static Part of(int version, Score score) {
            return new Part(version, TrainedModels.known(score.mase()),
                    TrainedModels.known(score.seasonalNaiveMase()), TrainedModels.known(score.coverage()));
        }
    }
}
