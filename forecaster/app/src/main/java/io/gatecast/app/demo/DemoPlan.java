package io.gatecast.app.demo;

import io.gatecast.app.replay.Replay;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.BundledData;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.List;

/// What the demo does when. The first part of the data is learned from; the rest is replayed and judged, after as many
/// observations from before it as a state looks back on. On the way a second model is learned for longer, from all that has
/// come by then, and takes over half way.
///
/// @param data     what is shown
/// @param all      its series
/// @param duration how long everything but the building takes, about
public record DemoPlan(BundledData data, List<Series> all, Duration duration) {
    private static final double LEARNED = 0.4;
    private static final double FIRST_TRAINING = 0.06;
    private static final double SECOND_TRAINING = 0.25;
    private static final double REPLAY = 0.6;
    private static final double UNTIL_SECOND_TRAINING = 0.2;
    private static final double UNTIL_SWAP = 0.5;
    private static final int UNITS = 32;
    private static final List<Double> QUANTILES = List.of(0.025, 0.1, 0.5, 0.9, 0.975);
    private static final int STRETCH = 100;
    private static final int BATCH = 64;
    private static final double LEARNING_RATE = 2e-3;

    public static DemoPlan of(BundledData data, Duration duration) {
        return new DemoPlan(data, data.read(), duration);
    }

    FeatureSpec features() {
        return FeatureSpec.of(data.interval().toMillis(), all.getFirst().channels(), data.seasons(), data.horizon());
    }

    /// @return where the part that is learned from ends, event time, milliseconds since the epoch
    long split() {
        return first() + (long) (LEARNED * (last() - first()));
    }

    /// @return event time at which the second training begins, with all that came before
    long secondTrainingBegins() {
        return onTheWay(UNTIL_SECOND_TRAINING);
    }

    /// @return event time from which the second model counts
    long swap() {
        return onTheWay(UNTIL_SWAP);
    }

    private long onTheWay(double share) {
        return split() + (long) (share * (last() - split()));
    }

    /// @return how much recorded time is replayed
    Duration replayed() {
        return Duration.ofMillis(last() - split());
    }

    private long first() {
        return all.stream().mapToLong(series -> series.timestamps()[0]).min().orElseThrow();
    }

    private long last() {
        return all.stream().mapToLong(series -> series.timestamps()[series.length() - 1]).max().orElseThrow();
    }

    /// @return what was recorded before a moment
    List<Series> before(long moment) {
        return between(Long.MIN_VALUE, moment);
    }

    /// @return what warms the states up: replayed first, not judged
    Replay history() {
        return new Replay(between(split() - features().context() * data.interval().toMillis(), split()));
    }

    /// @return what is replayed and judged
    Replay replay() {
        return new Replay(between(split(), Long.MAX_VALUE));
    }

    /// @return how long that takes
    Duration replayTime() {
        return Duration.ofMillis((long) (REPLAY * duration.toMillis()));
    }

    TrainingPlan firstTraining() {
        return training(FIRST_TRAINING, 1, Runtime.getRuntime().availableProcessors());
    }

    /// Leaves a processor to the stream that runs meanwhile.
    TrainingPlan secondTraining() {
        return training(SECOND_TRAINING, 2, Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
    }

    private TrainingPlan training(double share, long seed, int threads) {
        Limits limits = Limits.time(Duration.ofMillis((long) (share * duration.toMillis())));
        Architecture architecture = features().architecture(List.of(new RecurrentLayer(CellKind.LSTM, UNITS)),
                QUANTILES);
        return new TrainingPlan(features(), architecture, new Sampling(STRETCH, STRETCH, BATCH), Dropout.NONE,
                new Optimiser(LEARNING_RATE, 1, 0), 0, 0.1, limits, seed, threads);
    }

    private List<Series> between(long from, long to) {
        return all.stream().map(series -> series.between(from, to)).filter(series -> series.length() > 0).toList();
    }
}
