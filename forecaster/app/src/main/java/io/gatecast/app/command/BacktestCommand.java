package io.gatecast.app.command;

import io.gatecast.app.command.mixin.Baselines;
import io.gatecast.app.command.mixin.Moments;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.Precisions;
import io.gatecast.app.command.mixin.SourceOptions;
import io.gatecast.app.progress.Progress;
import io.gatecast.avro.TrainingReport;
import io.gatecast.network.kernel.Precision;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.backtest.Backtest;
import io.gatecast.training.backtest.BacktestPlan;
import io.gatecast.training.backtest.BacktestPlan.Judged;
import io.gatecast.training.backtest.BacktestResult;
import io.gatecast.training.backtest.BacktestResult.OfSeries;
import io.gatecast.training.backtest.BacktestResult.Step;
import io.gatecast.training.backtest.Metrics;
import io.gatecast.training.backtest.Metrics.Interval;
import io.gatecast.training.baseline.Baseline;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Holds what a model would have said against what came.
@Command(name = "backtest", mixinStandardHelpOptions = true, sortOptions = false, description = "Lead a model and simple forecasters through recorded series, event by event as in a stream, and judge what they said of what came next.")
public final class BacktestCommand implements Callable<Integer> {
    private static final int SHARE_OF_THE_END = 5;

    @Option(names = "--model", required = true, paramLabel = "MODEL.avro", description = "As train --output wrote it.")
    private Path modelFile;

    @ArgGroup(multiplicity = "1")
    private SourceOptions source = new SourceOptions();

    @Option(names = "--config", paramLabel = "FILE", description = "Properties for --topic: Kafka's own keys, schema.registry.url, gatecast.*.")
    private @Nullable Path config;

    @ArgGroup
    private Begin begin = new Begin();

    /// Where the judged steps begin.
    static final class Begin {
        @Option(names = "--from", paramLabel = "TIME", converter = Moments.class, description = "First moment that is judged, as in 2026-01-31 or 2026-01-31T12:00:00Z; what lies before it leads up to it.")
        private @Nullable Long from;

        @Option(names = "--last", paramLabel = "STEPS", description = "Judge the last steps of each series (default: a fifth of the longest, at least a horizon).")
        private @Nullable Integer last;
    }

    @Option(names = "--to", paramLabel = "TIME", converter = Moments.class, description = "First moment that is not judged any more (default: the end of the data).")
    private @Nullable Long to;

    @Option(names = "--every", defaultValue = "1", paramLabel = "STEPS", description = "Forecast at every step, or every so many (default: ${DEFAULT-VALUE}).")
    private int every;

    @Option(names = "--season", paramLabel = "STEPS", description = "Season of the baselines and of the unit of MASE; 1 = none (default: the model's shortest).")
    private @Nullable Integer season;

    @Option(names = "--baselines", split = ",", defaultValue = "naive,seasonal-naive", paramLabel = "NAMES", converter = Baselines.class, completionCandidates = Baselines.class, description = "Whom to compare with: some of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private List<Baseline> baselines;

    @Option(names = "--scale-to", paramLabel = "TIME", converter = Moments.class, description = "The standard deviation that standardised errors are measured in is that of the values before (default: before the first judged step).")
    private @Nullable Long scaleTo;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Fixes what a baseline leaves to chance (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--weights", defaultValue = "f32", paramLabel = "PRECISION", converter = Precisions.class, completionCandidates = Precisions.class, description = "Precision in which the model keeps its weights, as gatecast.weights says for run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); but for f32, what that costs is told, too.")
    private Precision weights;

    @Option(names = "--report", paramLabel = "OUT.html", description = "Write a page: forecasts to look at, calibration, errors by step and by series.")
    private @Nullable Path report;

    @Option(names = "--per-series", paramLabel = "OUT.csv", description = "Write a row for each series and forecaster.")
    private @Nullable Path perSeries;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec;

    /// The answer to a program.
    record Answer(String modelId, int modelVersion, int series, int unjudgedSeries, long origins, long passedOver,
            int horizon, int season, List<Contender> contenders) {}

    /// One of those who were judged.
    record Contender(String name, Metrics metrics, List<Step> steps, List<OfSeries> series) {}

    @Override
    public Integer call() throws IOException {
        if (source.isTopic() && config == null) {
            throw new ParameterException(spec.commandLine(), "--topic needs --config FILE");
        }
        StreamsSettings settings = config == null ? null : StreamsSettings.load(config);
        if (report != null) {
            Destination.check(report);
        }
        if (perSeries != null) {
            Destination.check(perSeries);
        }
        io.gatecast.avro.Model record = ModelFile.read(modelFile);
        Model exact = ModelRecords.toModel(record, modelFile.toString()), model = exact.in(weights);
        List<Series> series = source.load(Duration.ofMillis(model.features().intervalMillis()), settings,
                model.features().known().covariateNames());
        BacktestPlan plan = plan(model.features(), series);
        BacktestResult result = run(model, series, plan);
        tell(model, plan, result);
        if (weights != Precision.FLOAT32) {
            // With the baselines again: nobody is judged where one of them has nothing to say.
            tellCostOfRounding(result, run(exact, series, plan));
        }
        warnOfWhatIsKnown(record.getReport(), series, plan);
        if (report != null) {
            BacktestPage.of(model, source.name(), plan, result).write(report);
            output.say("Wrote %s.", report);
        }
        if (perSeries != null) {
            write(perSeries, result);
            output.say("Wrote %s.", perSeries);
        }
        answer(model, plan, result);
        return 0;
    }

    private BacktestPlan plan(FeatureSpec features, List<Series> series) {
        return new BacktestPlan(judged(features, series), optional(to), every,
                season == null ? features.scalingLag() : season, baselines, optional(scaleTo), seed);
    }

    private Judged judged(FeatureSpec features, List<Series> series) {
        if (begin.from != null) {
            return new Judged.From(begin.from);
        }
        if (begin.last != null) {
            return new Judged.Last(begin.last);
        }
        int longest = series.stream().mapToInt(Series::length).max().orElse(0);
        return new Judged.Last(Math.max(features.horizon(), longest / SHARE_OF_THE_END));
    }

    private static OptionalLong optional(@Nullable Long timestamp) {
        return timestamp == null ? OptionalLong.empty() : OptionalLong.of(timestamp);
    }

    private BacktestResult run(Model model, List<Series> series, BacktestPlan plan) {
        AtomicInteger done = new AtomicInteger();
        try (Progress progress = output.progress("Backtest", "series", series.size())) {
            return Backtest.run(model, series, plan, () -> {
                synchronized (progress) {
                    progress.to(done.incrementAndGet());
                }
            });
        }
    }

    private void tell(Model model, BacktestPlan plan, BacktestResult result) {
        output.say("%s/%d at %,d origins of %,d series, %d steps ahead; MASE across %d steps.", model.id(),
                model.version(), result.origins(), result.judgedSeries(), result.horizon(), plan.season());
        if (!result.unjudged().isEmpty()) {
            output.warn("%,d series were not judged, as they end too early or begin too late: %s%s",
                    result.unjudged().size(), String.join(", ", result.unjudged().stream().limit(5).toList()),
                    result.unjudged().size() > 5 ? ", ..." : "");
        }
        if (result.passedOver() > 0) {
            output.warn("%,d origins were passed over, as one of the baselines had nothing to say yet",
                    result.passedOver());
        }
        for (String line : BacktestTable.text(BacktestTable.of(result))) {
            output.say("%s", line);
        }
    }

    private void tellCostOfRounding(BacktestResult rounded, BacktestResult exact) {
        Metrics with = rounded.metrics(0), without = exact.metrics(0);
        output.say("With weights in %s the pinball loss is %.5f of what it is in %s, MASE %.5f.", weights.label(),
                with.pinball() / without.pinball(), Precision.FLOAT32.label(), with.mase() / without.mase());
    }

    /// Whoever is judged on what they have learned does well.
    private void warnOfWhatIsKnown(@Nullable TrainingReport report, List<Series> series, BacktestPlan plan) {
        if (report == null || report.getFrom() == null || report.getTo() == null) {
            return;
        }
        long first = series.stream().mapToLong(each -> firstJudged(each, plan.judged())).min().orElse(Long.MAX_VALUE);
        boolean overlaps = first <= report.getTo().toEpochMilli() && plan.to().orElse(Long.MAX_VALUE) > report.getFrom()
                .toEpochMilli();
        if (overlaps) {
            output.warn("the model has learned from %s, from %s to %s; if these are the same series, part of what is"
                    + " judged was known to it: begin later with --from", report.getData(), report.getFrom(),
                    report.getTo());
        }
    }

    private static long firstJudged(Series series, Judged judged) {
        return switch (judged) {
            case Judged.From from -> from.timestamp();
            case Judged.Last last -> series.timestamps()[Math.max(0, series.length() - last.steps())];
        };
    }

    private static void write(Path file, BacktestResult result) throws IOException {
        WholeCsv.write(file, csv -> {
            csv.writeRecord("series", "forecaster", "origins", "mase", "smape", "rmse", "wql", "pinball", "msis",
                    "coverage", "width", "inner_coverage", "inner_width");
            for (int i = 0; i < result.contenders().size(); i++) {
                for (OfSeries each : result.bySeries(i)) {
                    Metrics m = each.metrics();
                    Interval none = new Interval(Double.NaN, Double.NaN, Double.NaN);
                    Interval outer = m.intervals().isEmpty() ? none : m.intervals().getFirst();
                    Interval inner = m.intervals().size() < 2 ? none : m.intervals().getLast();
                    csv.writeRecord(each.id(), result.contenders().get(i), String.valueOf(each.origins()),
                            number(m.mase()), number(m.smape()), number(m.rmse()), number(m.wql()),
                            number(m.pinball()), number(m.msis()),
                            number(outer.coverage()), number(outer.width()), number(inner.coverage()),
                            number(inner.width()));
                }
            }
        });
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
    }

    private void answer(Model model, BacktestPlan plan, BacktestResult result) {
        List<Contender> contenders = IntStream.range(0, result.contenders().size())
                .mapToObj(i -> new Contender(result.contenders().get(i), result.metrics(i), result.bySteps(i),
                        result.bySeries(i)))
                .toList();
        output.result(new Answer(model.id(), model.version(), result.judgedSeries(), result.unjudged().size(),
                result.origins(), result.passedOver(), result.horizon(), plan.season(), contenders));
    }
}
