package io.gatecast.training.backtest;

import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.training.backtest.BacktestPlan.Judged;
import io.gatecast.training.data.Series;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Two models on the last steps of the same series: the same origins, the same targets, the same unit.
///
/// @param lastSteps of each series that were judged
/// @param candidate how the one did
/// @param champion  how the other did
public record HeadToHead(int lastSteps, Metrics candidate, Metrics champion) {
    private static final int CONTEXTS = 3; // of the last values, which lead up to the forecast

    /// @return why two models cannot be held against one another, in a sentence; empty where they can
    public static Optional<String> obstacle(FeatureSpec candidate, FeatureSpec champion) {
        if (candidate.intervalMillis() != champion.intervalMillis() || candidate.horizon() != champion.horizon()) {
            return Optional.of("the candidate forecasts " + candidate.horizon() + " steps of "
                    + candidate.intervalMillis() + " ms, the champion " + champion.horizon() + " of "
                    + champion.intervalMillis() + " ms");
        }
        if (candidate.channels() != champion.channels() || candidate.resampling() != champion.resampling()
                || !candidate.known().covariateNames().equals(champion.known().covariateNames())) {
            return Optional.of("candidate and champion are fed other channels, covariates or steps");
        }
        return Optional.empty();
    }

    /// @param lastSteps of each series that are judged, a horizon at least; the candidate should not have learned from them
    /// @throws IllegalArgumentException if nothing can be judged
    public static HeadToHead of(Model candidate, Model champion, List<Series> series, int lastSteps) {
        FeatureSpec features = candidate.features();
        long context = Math.max(features.context(), champion.features().context());
        long span = (CONTEXTS * context + lastSteps) * features.intervalMillis();
        List<Series> ends = series.stream()
                .map(whole -> whole.between(whole.timestamps()[whole.length() - 1] - span, Long.MAX_VALUE)).toList();
        BacktestPlan plan = new BacktestPlan(new Judged.Last(lastSteps), OptionalLong.empty(), features.horizon(),
                features.scalingLag(), List.of(), OptionalLong.empty(), 0);
        return new HeadToHead(lastSteps, Backtest.run(candidate, ends, plan, () -> {}).metrics(0),
                Backtest.run(champion, ends, plan, () -> {}).metrics(0));
    }
}
