package io.gatecast.training.backtest;

/// How good forecasts were. Mean absolute scaled error: Hyndman & Koehler (2006),
/// doi:10.1016/j.ijforecast.2006.03.001: of each channel of each series the mean absolute error of the medians over all
/// steps ahead, in units of its mean seasonal difference; then the mean over these.
///
/// @param mase              of the forecasts; NaN where nothing was judged
/// @param seasonalNaiveMase of the last value known a whole number of seasons before each target, on the same targets
/// @param coverage          share of the targets between the lowest and the highest quantile
/// @param targets           forecast values that came true
public record Score(double mase, double seasonalNaiveMase, double coverage, long targets) {}
