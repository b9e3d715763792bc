package io.gatecast.training.backtest;

import io.gatecast.training.backtest.Metrics.Interval;
import io.gatecast.training.backtest.SeriesResult.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a backtest found: who was judged, and how each did over all, by step ahead and by series.
public final class BacktestResult {
    /// The model's name among the contenders, the first of them.
    public static final String MODEL = "model";

    private final List<String> contenders;
    private final double[] levels;
    private final int horizon;
    private final Tally[][] bySteps;
    private final List<SeriesResult> series;

    /// @param bySteps `[contender][horizon]`, over all series, errors in units
    BacktestResult(List<String> contenders, double[] levels, Tally[][] bySteps, List<SeriesResult> series) {
        this.contenders = contenders;
        this.levels = levels;
        this.horizon = bySteps[0].length;
        this.bySteps = bySteps;
        this.series = series;
    }

    /// What a contender did one step ahead, over the targets of all series, in units of MASE.
    ///
    /// @param step      ahead, from 1
    /// @param error     mean absolute, of the median
    /// @param smape     mean of 200 |y - median| / (|y| + |median|), per cent
    /// @param rmse      root of the mean squared error of the median
    /// @param wql       weighted quantile loss: twice the sum of the pinball losses, mean over the levels, over Σ|y|
    /// @param pinball   mean pinball loss over the levels
    /// @param msis      mean scaled interval score of the outermost interval; NaN where there is none
    /// @param intervals outermost first
    public record Step(int step, double error, double smape, double rmse, double wql, double pinball, double msis,
            List<Interval> intervals) {

        /// @return coverage of the outermost interval; NaN where there is none
        public double coverage() {
            return intervals.isEmpty() ? Double.NaN : intervals.getFirst().coverage();
        }

        /// @return mean width of the outermost interval; NaN where there is none
        public double width() {
            return intervals.isEmpty() ? Double.NaN : intervals.getFirst().width();
        }
    }

    /// One series as one contender left it.
    ///
    /// @param id      the series
    /// @param origins at which it was judged
    public record OfSeries(String id, int origins, Metrics metrics) {}

    List<SeriesResult> series() {
        return series;
    }

    /// @return the model and the baselines
    public List<String> contenders() {
        return contenders;
    }

    /// @return the model's levels, rising
    public double[] levels() {
        return levels.clone();
    }

    /// @return steps ahead
    public int horizon() {
        return horizon;
    }

    /// @return series of which at least one origin was judged
    public int judgedSeries() {
        return (int) series.stream().filter(each -> each.origins() > 0).count();
    }

    /// @return ids of the series of which none was
    public List<String> unjudged() {
        return series.stream().filter(each -> each.origins() == 0).map(SeriesResult::id).toList();
    }

    /// @return origins that were judged, over all series
    public long origins() {
        return series.stream().mapToLong(SeriesResult::origins).sum();
    }

    /// @return origins at which a contender had nothing to say yet
    public long passedOver() {
        return series.stream().mapToLong(SeriesResult::passedOver).sum();
    }

    /// @param contender index into [#contenders]
    public Metrics metrics(int contender) {
        return Metrics.of(levels, series.stream().flatMap(each -> each.parts().get(contender).stream()).toList());
    }

    /// @param contender index into [#contenders]
    /// @return one a step ahead
    public List<Step> bySteps(int contender) {
        List<Step> steps = new ArrayList<>();
        for (int h = 0; h < horizon; h++) {
            steps.add(step(h + 1, bySteps[contender][h]));
        }
        return steps;
    }

    private static Step step(int step, Tally sum) {
        double targets = sum.targets;
        double losses = Arrays.stream(sum.pinball).sum() / sum.levels.length;
        List<Interval> intervals = new ArrayList<>();
        for (int pair = 0; pair < sum.inside.length; pair++) {
            intervals.add(new Interval(1 - 2 * sum.levels[pair], sum.inside[pair] / targets,
                    sum.width[pair] / targets));
        }
        return new Step(step, sum.absolute / targets, sum.symmetric / targets, Math.sqrt(sum.square / targets),
                2 * losses / sum.size, losses / targets,
                intervals.isEmpty() ? Double.NaN : sum.intervalScore[0] / targets, intervals);
    }

    /// @param contender index into [#contenders]
    /// @return the judged series, the one with the least MASE first
    public List<OfSeries> bySeries(int contender) {
        return series.stream().filter(each -> each.origins() > 0)
                .map(each -> new OfSeries(each.id(), each.origins(), each.metrics(levels, contender)))
                .sorted(Comparator.comparingDouble((OfSeries each) -> each.metrics().mase())
                        .thenComparing(OfSeries::id))
                .toList();
    }

    /// @return the model's last forecast of a series, to be looked at; null if it was not judged
    public @Nullable Example example(String seriesId) {
        return series.stream().filter(each -> each.id().equals(seriesId)).findFirst().map(SeriesResult::example)
                .orElse(null);
    }
}
