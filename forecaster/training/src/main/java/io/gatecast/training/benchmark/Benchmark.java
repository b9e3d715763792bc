package io.gatecast.training.benchmark;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.training.CovariateUnits;
import io.gatecast.training.Trainer;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.backtest.Backtest;
import io.gatecast.training.backtest.BacktestPlan;
import io.gatecast.training.backtest.BacktestPlan.Judged;
import io.gatecast.training.backtest.BacktestResult;
import io.gatecast.training.backtest.Metrics;
import io.gatecast.training.baseline.Baseline;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.SyntheticFleet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.DoubleConsumer;

/// A public data set, how it is learned and judged, and what is to be reached on it. A training is meant to take at most
/// ten minutes on two quiet cores; it has a fixed seed, and sees nothing of what is judged.
public enum Benchmark {
    /// The competition's protocol: 48 hours after the end of each series, once.
    M4_HOURLY {
        @Override
        Setting setting(PublicData data) throws IOException {
            List<Series> series = data.m4Hourly();
            FeatureSpec features = FeatureSpec.of(HOUR, 1, List.of(24, 168), 48);
            return new Setting(series, PublicData.withoutLast(series, 48),
                    plan(features, 128, 0.2, 0, 80).withMembers(5),
                    backtest(new Judged.Last(48), 48, 24,
                            Baseline.SEASONAL_NAIVE, Baseline.NAIVE2, Baseline.THETA));
        }

        @Override
        List<Row> rows(BacktestResult result) {
            Metrics model = of(result, BacktestResult.MODEL), season = of(result, Baseline.SEASONAL_NAIVE);
            Metrics naive2 = of(result, Baseline.NAIVE2), theta = of(result, Baseline.THETA);
            return List.of(
                    Row.known(this, "seasonal naive, MASE / sMAPE", text("%.3f / %.2f", season.mase(), season.smape())),
                    Row.known(this, "Naive2, MASE / sMAPE", text("%.3f / %.2f", naive2.mase(), naive2.smape())),
                    Row.known(this, "Theta, MASE / sMAPE", text("%.3f / %.2f", theta.mase(), theta.smape())),
                    Row.atMost(this, "MASE / seasonal naive", model.mase() / season.mase(), 0.66),
                    Row.atMost(this, "sMAPE / seasonal naive", model.smape() / season.smape(), 0.62),
                    Row.atMost(this, "MSIS, 95 % interval", model.msis(), 9),
                    Row.within(this, "coverage, 95 % interval", coverage(model, 0.95), 0.93, 0.97),
                    Row.within(this, "coverage, 80 % interval", coverage(model, 0.8), 0.78, 0.82));
        }
    },
    /// The last year, two days ahead, every day. It is told of the calendar and of public holidays.
    PJM_LOAD {
        @Override
        Setting setting(PublicData data) throws IOException {
            List<Series> series = data.pjm();
            long split = Instant.parse("2014-01-01T00:00:00Z").toEpochMilli();
            // The files tell local time without a zone, so it is read as if it were UTC.
            FeatureSpec features = FeatureSpec.of(HOUR, 1, List.of(24, 168), 48).withKnown(
                    new KnownInputs(Calendar.of(ZoneOffset.UTC, "us", HOUR, 48), List.of(), null));
            return new Setting(series, PublicData.before(series, split),
                    plan(features, 64, 0, 0.1, 20),
                    backtest(new Judged.From(split), 24, 168, Baseline.SEASONAL_NAIVE));
        }

        @Override
        List<Row> rows(BacktestResult result) {
            Metrics model = of(result, BacktestResult.MODEL), season = of(result, Baseline.SEASONAL_NAIVE);
            return List.of(Row.atMost(this, "MASE / seasonal naive 168", model.mase() / season.mase(), 0.6),
                    Row.told(this, "coverage, 95 % / 80 % interval", coverages(model)));
        }
    },
    /// The last three months, a day ahead, from the temperature alone: told of the rest, it learns it by heart.
    BEIJING_TEMPERATURE {
        @Override
        Setting setting(PublicData data) throws IOException {
            List<Series> alone = data.beijing("TEMP").stream()
                    .map(each -> new Series(each.id(), each.timestamps(), each.values())).toList();
            return beijing(alone, KnownInputs.NONE, 128, 0.1, 100);
        }

        @Override
        List<Row> rows(BacktestResult result) {
            return beijingRows(this, result);
        }
    },
    /// Likewise, but told of the other pollutants and the weather as they come, and of the calendar.
    BEIJING_PM25 {
        @Override
        Setting setting(PublicData data) throws IOException {
            List<Series> series = data.beijing("PM2.5");
            KnownInputs known = new KnownInputs(Calendar.of(ZoneOffset.UTC, null, HOUR, 24), CovariateUnits
                    .of(PublicData.beijingCovariates("PM2.5"), PublicData.before(series, BEIJING_SPLIT)));
            return beijing(series, known, 64, 0.2, 40);
        }

        @Override
        List<Row> rows(BacktestResult result) {
            return beijingRows(this, result);
        }
    },
    /// The protocol of Informer and its successors: 12, 4 and 4 months of 30 days, every origin, errors in standard
    /// deviations of the first twelve months.
    ETTH1 {
        @Override
        Setting setting(PublicData data) throws IOException {
            List<Series> series = data.etth1();
            long start = series.getFirst().timestamps()[0];
            long judged = start + 16 * 30 * 24 * HOUR;
            FeatureSpec features = FeatureSpec.of(HOUR, 1, List.of(24, 168), 96).withScalingWindow(504);
            BacktestPlan backtest = new BacktestPlan(new Judged.From(judged),
                    OptionalLong.of(start + 20 * 30 * 24 * HOUR), 1, 24, List.of(Baseline.SEASONAL_NAIVE),
                    OptionalLong.of(start + 12 * 30 * 24 * HOUR), SEED);
            return new Setting(series, PublicData.before(series, judged),
                    plan(features, 32, 0.4, 0.25, 100).withLevelWeight(0), backtest);
        }

        @Override
        List<Row> rows(BacktestResult result) {
            Metrics model = of(result, BacktestResult.MODEL), season = of(result, Baseline.SEASONAL_NAIVE);
            return List.of(
                    Row.known(this, "seasonal naive, MSE / MAE",
                            text("%.4f / %.4f", season.standardMse(), season.standardMae())),
                    Row.atMost(this, "MSE", model.standardMse(), 0.36),
                    Row.atMost(this, "MAE", model.standardMae(), 0.385));
        }
    },
    /// A random walk: the last fifth, 24 days ahead, where no structure must be found.
    EXCHANGE_RATE {
        @Override
        Setting setting(PublicData data) throws IOException {
            List<Series> series = data.exchangeRate();
            int judged = series.getFirst().length() / 5;
            FeatureSpec features = FeatureSpec.of(DAY, 1, List.of(), 24);
            return new Setting(series, PublicData.withoutLast(series, judged),
                    plan(features, 32, 0, 0.1, 20),
                    backtest(new Judged.Last(judged), 1, 1, Baseline.NAIVE));
        }

        @Override
        List<Row> rows(BacktestResult result) {
            Metrics model = of(result, BacktestResult.MODEL), last = of(result, Baseline.NAIVE);
            return List.of(Row.atMost(this, "RMSE / last value", model.rmse() / last.rmse(), 1.02),
                    Row.told(this, "coverage, 95 % / 80 % interval", coverages(model)));
        }
    },
    /// A made-up fleet that it has not seen, whose sensors' level and scale jump midway; the last third.
    JUMPING_FLEET {
        @Override
        Setting setting(PublicData data) {
            FeatureSpec features = FeatureSpec.of(HOUR, 1, List.of(24), 12);
            return new Setting(JumpingFleet.of(fleet(100, 1200, SEED + 1)),
                    fleet(100, 1200, SEED).stream().map(SyntheticFleet.Sensor::series).toList(),
                    plan(features, 32, 0, 0.1, 20),
                    backtest(new Judged.Last(400), 1, 24, Baseline.SEASONAL_NAIVE));
        }

        private static SyntheticFleet fleet(int sensors, int steps, long seed) {
            return new SyntheticFleet(sensors, Instant.EPOCH, Duration.ofMillis(HOUR), steps, seed);
        }

        @Override
        List<Row> rows(BacktestResult result) {
            Metrics model = of(result, BacktestResult.MODEL);
            return List.of(Row.within(this, "coverage, 80 % interval", coverage(model, 0.8), 0.77, 0.83));
        }
    };

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long SEED = 1;
    private static final long BEIJING_SPLIT = Instant.parse("2015-06-01T00:00:00Z").toEpochMilli();
    private static final List<Double> LEVELS = List.of(0.025, 0.1, 0.5, 0.9, 0.975);

    /// What is learned and judged.
    ///
    /// @param series  with what is judged
    /// @param learned without it
    record Setting(List<Series> series, List<Series> learned, TrainingPlan plan, BacktestPlan backtest) {}

    /// One figure.
    ///
    /// @param goal what is to be reached, or where it is only told, what it is
    public record Row(String data, String measure, String figure, String goal) {
        private static Row known(Benchmark data, String measure, String figure) {
            return new Row(data.label(), measure, figure, "reproduces what is published");
        }

        private static Row told(Benchmark data, String measure, String figure) {
            return new Row(data.label(), measure, figure, "");
        }

        private static Row atMost(Benchmark data, String measure, double figure, double most) {
            return new Row(data.label(), measure, text("%.4f", figure),
                    text("<= %s%s", most, figure <= most ? "" : ", missed"));
        }

        private static Row within(Benchmark data, String measure, double figure, double least, double most) {
            return new Row(data.label(), measure, text("%.4f", figure),
                    text("%s to %s%s", least, most, figure >= least && figure <= most ? "" : ", missed"));
        }
    }

    abstract Setting setting(PublicData data) throws IOException;

    abstract List<Row> rows(BacktestResult result);

    /// @return as people name it
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Learns and judges.
    ///
    /// @param folder   that holds the public data, see the README
    /// @param progress hears the share of the training that is done, 0 to 1
    /// @throws IOException with a sentence, if the data cannot be read
    public List<Row> run(Path folder, DoubleConsumer progress) throws IOException {
        Setting setting = setting(new PublicData(folder));
        Trained trained = Trainer.train(setting.plan, setting.learned, (update, done, loss) -> progress.accept(done));
        Model model = trained.model(label(), 1, 0);
        List<Row> rows = new ArrayList<>(rows(Backtest.run(model, setting.series, setting.backtest, () -> {})));
        rows.add(Row.told(this, "time of training", text("%,d s", trained.took().toSeconds())));
        return rows;
    }

    /// Judged by what errors amount to in µg/m³ and °C, so learned by that: levels count for nothing.
    private static Setting beijing(List<Series> series, KnownInputs known, int units, double dropout, int epochs) {
        FeatureSpec features = FeatureSpec.of(HOUR, 1, List.of(24), 24).withKnown(known);
        return new Setting(series, PublicData.before(series, BEIJING_SPLIT),
                plan(features, units, dropout, 0.1, epochs).withLevelWeight(0),
                backtest(new Judged.From(BEIJING_SPLIT), 5, 24, Baseline.SEASONAL_NAIVE, Baseline.RCF));
    }

    private static List<Row> beijingRows(Benchmark data, BacktestResult result) {
        Metrics model = of(result, BacktestResult.MODEL);
        double season = of(result, Baseline.SEASONAL_NAIVE).pinball(), forest = of(result, Baseline.RCF).pinball();
        return List.of(
                Row.atMost(data, "pinball / better of seasonal naive and RCFCaster",
                        model.pinball() / Math.min(season, forest), 0.75),
                Row.told(data, "pinball, ours / seasonal naive / RCFCaster",
                        text("%.3f / %.3f / %.3f", model.pinball(), season, forest)),
                Row.told(data, "coverage, 95 % / 80 % interval", coverages(model)));
    }

    /// So many passes, however long they take, so that the figures are the same on any machine.
    private static TrainingPlan plan(FeatureSpec features, int units, double dropout, double heldOut, int epochs) {
        Architecture architecture = features.architecture(List.of(new RecurrentLayer(CellKind.LSTM, units)), LEVELS);
        Limits limits = Limits.epochs(epochs);
        TrainingPlan recipe = TrainingPlan.of(features, architecture, limits, SEED);
        return new TrainingPlan(features, architecture, recipe.sampling(),
                dropout == 0 ? Dropout.NONE : new Dropout(dropout, true), recipe.optimiser(), recipe.levelWeight(),
                heldOut, limits, SEED, recipe.threads());
    }

    private static BacktestPlan backtest(Judged judged, int every, int season, Baseline... baselines) {
        return new BacktestPlan(judged, OptionalLong.empty(), every, season, List.of(baselines), OptionalLong.empty(),
                SEED);
    }

    private static Metrics of(BacktestResult result, Baseline baseline) {
        return of(result, baseline.label());
    }

    private static Metrics of(BacktestResult result, String contender) {
        return result.metrics(result.contenders().indexOf(contender));
    }

    private static double coverage(Metrics metrics, double stated) {
        return metrics.intervals().stream().filter(interval -> Math.abs(interval.stated() - stated) < 1e-6).findFirst()
                .orElseThrow().coverage();
    }

    private static String coverages(Metrics metrics) {
        return text("%.1f %% / %.1f %%", 100 * coverage(metrics, 0.95), 100 * coverage(metrics, 0.8));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
