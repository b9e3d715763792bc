package io.gatecast.series;

import java.util.List;

/// How well a step ahead of a series was forecast over a window of event time, and what the two simplest forecasts would
/// have done in the same steps. Of several channels the means.
///
/// @param horizon                steps ahead, from 1
/// @param windowStart            beginning of the first step that came true, milliseconds since the epoch
/// @param windowEnd              end of the last one, exclusive
/// @param targets                forecast values that came true
/// @param coldTargets            of these, forecast while the series was cold
/// @param mase                   mean absolute error of the medians in units of the mean seasonal difference since the
///                               model took the series up (Hyndman & Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001); NaN where
///                               there is no unit
/// @param seasonalNaiveMase      of the value a season before, on the targets that have one
/// @param smape                  symmetric mean absolute percentage error, 0 to 200
/// @param pinball                mean pinball loss over the quantiles, in the series' own units; NaN for a point forecast
/// @param coverage               share of the targets between the outer quantiles; NaN for a point forecast
/// @param statedCoverage         what it should be; NaN for a point forecast
/// @param width                  mean distance of the outer quantiles, in the series' own units; NaN for a point forecast
/// @param skillOverLastValue     1 - MAE / MAE of the last value: above 0 it is better, at 0 it might as well repeat the
///                               last value; NaN where that made no error
/// @param skillOverSeasonalNaive 1 - MAE / MAE of the value a season before; NaN without a season or where that made no
///                               error
/// @param further                of the same window, of forecasts from farther ahead
public record Evaluation(int horizon, long windowStart, long windowEnd, long targets, long coldTargets, double mase,
        double seasonalNaiveMase, double smape, double pinball, double coverage, double statedCoverage, double width,
        double skillOverLastValue, double skillOverSeasonalNaive, List<Evaluation> further) {

    /// @return the same, with what was forecast from farther ahead
    Evaluation with(List<Evaluation> others) {
        return new Evaluation(horizon, windowStart, windowEnd, targets, coldTargets, mase, seasonalNaiveMase, smape,
                pinball, coverage, statedCoverage, width, skillOverLastValue, skillOverSeasonalNaive, others);
    }
}
