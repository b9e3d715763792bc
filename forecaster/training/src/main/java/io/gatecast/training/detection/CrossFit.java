package io.gatecast.training.detection;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.series.AlarmBudget;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.training.Interval;
import io.gatecast.training.Trainer;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/// Judges series by models that have not seen them: each fold is held against a model that learned from the others. One
/// network serves every interval, with a day and a week as its seasons wherever the series are long enough for them, or
/// none where they are not; it learns from the series of the commonest interval. Every setting is the same for all.
///
/// @param folds parts, at least 2
/// @param seed  fixes the first weights and every choice of stretches
/// @param budget how many alarms are wanted
/// @param threads that share the work; their number does not change the result
public record CrossFit(int folds, long seed, AlarmBudget budget, int threads) {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int WEEK = 7;
    private static final int LEAST_STEPS_A_DAY = 6;
    private static final int DAYS_TO_KNOW_ONE_BY = 4;
    private static final int HORIZON = 12;
    private static final int RECENT_LAGS = 24;
    private static final int WARM_UP = 40;
    private static final int SCALING_WITHOUT_SEASON = 64;
    private static final int MEMORY_WITHOUT_SEASON = 504;
    private static final double SPIKE_LIMIT = 20;
    private static final int UNITS = 64;
    private static final double HELD_OUT = 0.1;
    private static final long STEPS = 1_500_000; // that are learned from, however many there are
    private static final int MOST_EPOCHS = 20;
    private static final List<Double> LEVELS = List.of(0.01, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.99);

    public CrossFit {
        if (folds < 2) {
            throw new IllegalArgumentException("folds: expected at least 2, found " + folds);
        }
    }

    /// @param progress hears the share that is done, 0 to 1
    /// @return what was said of each, in their order
    public List<Alarms> detect(List<Labelled> labelled, DoubleConsumer progress) {
        if (labelled.size() < folds) {
            throw new IllegalArgumentException(
                    "folds: expected at most as many as there are series, " + labelled.size() + ", found " + folds);
        }
        boolean seasonal = seasonal(labelled);
        Alarms[] alarms = new Alarms[labelled.size()];
        for (int fold = 0; fold < folds; fold++) {
            int held = fold;
            Network network = learn(
                    IntStream.range(0, alarms.length).filter(i -> i % folds != held).mapToObj(labelled::get).toList(),
                    seasonal, done -> progress.accept((held + done) / folds));
            IntStream.range(0, alarms.length).filter(i -> i % folds == held).parallel().forEach(i -> {
                Series series = labelled.get(i).series();
                Model model = new Model("cross-fit", 1, 0,
                        features(intervalOf(series), series.channels(), seasonal), network);
                alarms[i] = new Alarms(labelled.get(i), new ModelDetector(model, budget).alarms(series));
            });
        }
        return List.of(alarms);
    }

    private Network learn(List<Labelled> others, boolean seasonal, DoubleConsumer progress) {
        Map<Long, List<Series>> byInterval = new TreeMap<>();
        others.forEach(each -> byInterval.computeIfAbsent(intervalOf(each.series()), interval -> new ArrayList<>())
                .add(each.series()));
        var commonest = byInterval.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size())).orElseThrow();
        List<Series> series = commonest.getValue();
        FeatureSpec features = features(commonest.getKey(), series.getFirst().channels(), seasonal);
        Architecture architecture = features.architecture(List.of(new RecurrentLayer(CellKind.LSTM, UNITS)),
                HeadKind.QUANTILES, LEVELS);
        long steps = series.stream().mapToLong(Series::length).sum();
        Limits limits = Limits.epochs((int) Math.clamp(STEPS / steps, 1, MOST_EPOCHS));
        TrainingPlan recipe = TrainingPlan.of(features, architecture, limits, seed);
        TrainingPlan plan = new TrainingPlan(features, architecture, recipe.sampling(), Dropout.NONE,
                recipe.optimiser(), 0, HELD_OUT, limits, seed, threads);
        return Trainer.train(plan, series, (update, done, loss) -> progress.accept(done))
                .model("cross-fit", 1, 0).network();
    }

    /// As many inputs and bases at any interval, so that one network fits all.
    private static FeatureSpec features(long interval, int channels, boolean seasonal) {
        int day = (int) (DAY / interval);
        return seasonal
                ? new FeatureSpec(interval, channels, List.of(day, WEEK * day), HORIZON, RECENT_LAGS, 3 * day, WARM_UP,
                        0, SPIKE_LIMIT, List.of())
                : new FeatureSpec(interval, channels, List.of(), HORIZON, RECENT_LAGS, SCALING_WITHOUT_SEASON, WARM_UP,
                        MEMORY_WITHOUT_SEASON, SPIKE_LIMIT, List.of());
    }

    /// @return whether every series has steps enough to a day, and days enough
    private static boolean seasonal(List<Labelled> labelled) {
        return labelled.stream().map(Labelled::series).allMatch(series -> {
            long interval = intervalOf(series);
            long[] timestamps = series.timestamps();
            return DAY / interval >= LEAST_STEPS_A_DAY
                    && timestamps[timestamps.length - 1] - timestamps[0] >= DAYS_TO_KNOW_ONE_BY * DAY;
        });
    }

    private static long intervalOf(Series series) {
        return Interval.of(List.of(series)).toMillis();
    }
}
