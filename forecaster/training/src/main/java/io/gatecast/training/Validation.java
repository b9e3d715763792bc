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

/// How a model does on the last steps of each series, which it has not learned from: of many series one forecast of the
/// last horizon each, of few series several, a horizon apart, as in serving.
///
/// @param lastSteps         of each series that were judged
/// @param mase              over all steps ahead; NaN where nothing was judged
/// @param seasonalNaiveMase on the same targets
/// @param targets           forecast values that came true
/// @param steps             by step ahead; none where nothing was judged
public record Validation(int lastSteps, double mase, double seasonalNaiveMase, long targets, List<Step> steps) {
    static final Validation NONE = new Validation(0, Double.NaN, Double.NaN, 0, List.of());
    private static final int CONTEXTS = 3; // of the last values, which lead up to the forecast
    private static final int FORECASTS = 64; // that a mean should rest on at least

    /// @param heldOut last steps of each series that it has not learned from, a horizon at least
    static Validation of(Model model, List<Series> series, int heldOut) {
        FeatureSpec features = model.features();
        int each = Math.clamp(FORECASTS / series.size(), 1, heldOut / features.horizon());
        int lastSteps = each * features.horizon();
        BacktestPlan plan = new BacktestPlan(new Judged.Last(lastSteps), OptionalLong.empty(),
                features.horizon(), features.scalingLag(), List.of(Baseline.SEASONAL_NAIVE), OptionalLong.empty(), 0);
        long span = (CONTEXTS * (long) features.context() + lastSteps) * features.intervalMillis();
        List<Series> ends = series.stream()
                .map(whole -> whole.between(whole.timestamps()[whole.length() - 1] - span, Long.MAX_VALUE)).toList();
        BacktestResult result = Backtest.run(model, ends, plan, () -> {});
        long targets = result.metrics(0).targets();
        return targets == 0
                ? NONE
                : new Validation(lastSteps, result.metrics(0).mase(), result.metrics(1).mase(), targets,
                        result.bySteps(0));
    }
}
