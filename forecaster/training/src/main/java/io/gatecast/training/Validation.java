package io.gatecast.training;

import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.training.backtest.Backtest;
import io.gatecast.training.backtest.BacktestPlan;
import io.gatecast.training.backtest.BacktestPlan.Judged;
import io.gatecast.training.backtest.BacktestResult;
import io.gatecast.training.backtest.BacktestResult.Step;
import io.gatecast.training.baseline.Baseline;
import io.gatecast.training.data.Series;
import java.util.List;
import java.util.OptionalLong;

/// How a model does on the last horizon of each series, which it has not learned from: one forecast of each, made just
/// before it, as in serving.
///
/// @param mase              over all steps ahead; NaN where nothing was judged
/// @param seasonalNaiveMase on the same targets
/// @param targets           forecast values that came true
/// @param steps             by step ahead; none where nothing was judged
public record Validation(double mase, double seasonalNaiveMase, long targets, List<Step> steps) {
    static final Validation NONE = new Validation(Double.NaN, Double.NaN, 0, List.of());
    private static final int CONTEXTS = 3; // of the last values, which lead up to the forecast

    static Validation of(Model model, List<Series> series) {
        FeatureSpec features = model.features();
        BacktestPlan plan = new BacktestPlan(new Judged.Last(features.horizon()), OptionalLong.empty(),
                features.horizon(), features.scalingLag(), List.of(Baseline.SEASONAL_NAIVE), OptionalLong.empty(), 0);
        long span = (CONTEXTS * (long) features.context() + features.horizon()) * features.intervalMillis();
        List<Series> ends = series.stream()
                .map(each -> each.between(each.timestamps()[each.length() - 1] - span, Long.MAX_VALUE)).toList();
        BacktestResult result = Backtest.run(model, ends, plan, () -> {});
        long targets = result.metrics(0).targets();
        return targets == 0
                ? NONE
                : new Validation(result.metrics(0).mase(), result.metrics(1).mase(), targets, result.bySteps(0));
    }
}
