package io.gatecast.training.backtest;

import io.gatecast.series.Model;
import io.gatecast.training.backtest.BacktestPlan.Judged;
import io.gatecast.training.backtest.Metrics.Part;
import io.gatecast.training.backtest.SeriesResult.Example;
import io.gatecast.training.baseline.Baseline;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A rolling-origin evaluation (Tashman 2000, doi:10.1016/S0169-2070(00)00065-0): the model and the baselines are led
/// through each series event by event, as a stream would, and what they say at each origin is held against what came
/// after it. Nobody is shown a value before its time. An origin at which one of them has nothing to say yet is passed
/// over for all, so that all are judged on the same targets.
public final class Backtest {
    private static final int TOGETHER = 64; // series whose errors by step are held before they are summed

    private final Model model;
    private final BacktestPlan plan;
    private final double[] levels;
    private final int horizon;
    private final int median;

    private Backtest(Model model, BacktestPlan plan) {
        this.model = model;
        this.plan = plan;
        this.levels = model.network().architecture().head().quantiles().stream().mapToDouble(Double::doubleValue)
                .toArray();
        this.horizon = model.features().horizon();
        this.median = model.network().architecture().head().median();
    }

    /// @param done called after each series, from several threads
    /// @throws IllegalArgumentException if nothing can be judged, or a series does not fit the model
    public static BacktestResult run(Model model, List<Series> series, BacktestPlan plan, Runnable done) {
        Backtest backtest = new Backtest(model, plan);
        Tally[][] bySteps = backtest.tallies();
        List<SeriesResult> results = new ArrayList<>();
        for (int from = 0; from < series.size(); from += TOGETHER) {
            List<Series> some = series.subList(from, Math.min(from + TOGETHER, series.size()));
            List<Walk> walks = some.parallelStream().map(each -> {
                Walk walk = backtest.walk(each);
                done.run();
                return walk;
            }).toList();
            for (Walk walk : walks) {
                results.add(walk.result());
                add(walk.bySteps, bySteps);
            }
        }
        BacktestResult result = new BacktestResult(names(plan), backtest.levels, bySteps, results);
        if (result.origins() == 0) {
            throw new IllegalArgumentException("nothing could be judged: " + backtest.whyNothing(result));
        }
        return result;
    }

    private static List<String> names(BacktestPlan plan) {
        return Stream.concat(Stream.of(BacktestResult.MODEL), plan.baselines().stream().map(Baseline::label)).toList();
    }

    private String whyNothing(BacktestResult result) {
        if (result.passedOver() == 0) {
            return "none of the " + result.series().size() + " series has the " + horizon
                    + " steps of the horizon among those to be judged, and an observation before them;"
                    + " begin earlier, or check the interval";
        }
        String silent = IntStream.range(0, result.contenders().size())
                .filter(i -> result.series().stream().anyMatch(each -> each.silent()[i] > 0))
                .mapToObj(result.contenders()::get).reduce((a, b) -> a + ", " + b).orElse("the series");
        return "at each of " + result.passedOver() + " origins one had nothing to say yet (" + silent
                + "); begin later, or leave it out of the baselines";
    }

    /// @return `[contender][horizon]`
    private Tally[][] tallies() {
        Tally[][] tallies = new Tally[1 + plan.baselines().size()][horizon];
        for (Tally[] steps : tallies) {
            Arrays.setAll(steps, h -> new Tally(levels));
        }
        return tallies;
    }

    private static void add(Tally[][] part, Tally[][] sum) {
        for (int i = 0; i < sum.length; i++) {
            for (int h = 0; h < sum[i].length; h++) {
                sum[i][h].add(part[i][h]);
            }
        }
    }

    private Walk walk(Series series) {
        if (series.channels() != model.features().channels()) {
            throw new IllegalArgumentException("series " + series.id() + ": expected " + model.features().channels()
                    + " channels, as the model has, found " + series.channels());
        }
        long interval = model.features().intervalMillis();
        Truth truth = Truth.of(series.resampled(model.features().resampling(), interval), interval);
        Walk walk = new Walk(series.id(), truth);
        walk.go();
        return walk;
    }

    /// All contenders on their way through one series.
    private final class Walk {
        private final String id;
        private final Truth truth;
        private final int firstOrigin;
        private final int lastOrigin;
        private final List<Contender> contenders = new ArrayList<>();
        private final double[][] said;
        private final int[] silent;
        private final List<List<Part>> parts = new ArrayList<>();
        private final Tally[][] bySteps;
        private final double[] units;
        private @Nullable Example example;
        private int origins;
        private int passedOver;

        Walk(String id, Truth truth) {
            this.id = id;
            this.truth = truth;
            int end = plan.to().isPresent() ? truth.stepAt(plan.to().getAsLong()) : truth.steps();
            int judged = switch (plan.judged()) {
                case Judged.From from -> truth.stepAt(from.timestamp());
                case Judged.Last last -> end - last.steps();
            };
            this.firstOrigin = Math.max(0, judged - 1);
            this.lastOrigin = end - 1 - horizon;
            int channels = truth.values().length;
            contenders.add(new ModelContender(model, id, truth));
            plan.baselines().forEach(baseline -> contenders
                    .add(new BaselineContender(baseline, channels, plan.season(), horizon, levels, plan.seed())));
            this.said = new double[contenders.size()][channels * horizon * levels.length];
            this.silent = new int[contenders.size()];
            this.bySteps = tallies();
            this.units = new double[channels];
            int learned = Math.min(truth.steps(), firstOrigin + 1);
            int scaledBy = plan.scaleTo().isPresent() ? truth.stepAt(plan.scaleTo().getAsLong()) : learned;
            for (int c = 0; c < channels; c++) {
                units[c] = truth.seasonalDifference(c, plan.season(), learned);
            }
            for (int i = 0; i < contenders.size(); i++) {
                List<Part> ofChannels = new ArrayList<>();
                for (int c = 0; c < channels; c++) {
                    ofChannels.add(new Part(new Tally(levels), units[c], truth.deviation(c, scaledBy)));
                }
                parts.add(ofChannels);
            }
        }

        void go() {
            double[] values = new double[units.length];
            for (int step = 0; step <= lastOrigin; step++) {
                boolean known = false;
                for (int c = 0; c < values.length; c++) {
                    values[c] = truth.values()[c][step];
                    known |= !Double.isNaN(values[c]);
                }
                if (known) {
                    for (Contender contender : contenders) {
                        contender.observe(step, values);
                    }
                    if (step >= firstOrigin && (step - firstOrigin) % plan.every() == 0) {
                        judgeAt(step);
                    }
                }
            }
        }

        private void judgeAt(int origin) {
            boolean all = true;
            for (int i = 0; i < said.length; i++) {
                boolean spoke = contenders.get(i).forecast(said[i]);
                silent[i] += spoke ? 0 : 1;
                all &= spoke;
            }
            if (!all) {
                passedOver++;
                return;
            }
            origins++;
            for (int i = 0; i < said.length; i++) {
                tally(origin, i);
            }
            example = Example.of(truth, origin, said[0], levels.length, horizon);
        }

        private void tally(int origin, int contender) {
            for (int c = 0; c < units.length; c++) {
                for (int h = 0; h < horizon; h++) {
                    double value = truth.values()[c][origin + 1 + h];
                    if (!Double.isNaN(value)) {
                        int from = (c * horizon + h) * levels.length;
                        parts.get(contender).get(c).tally().add(value, said[contender], from, median, 1);
                        if (units[c] > 0) {
                            bySteps[contender][h].add(value, said[contender], from, median, units[c]);
                        }
                    }
                }
            }
        }

        SeriesResult result() {
            return new SeriesResult(id, origins, passedOver, silent, parts, example);
        }
    }
}
