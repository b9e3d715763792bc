package io.gatecast.training;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Tries several settings within the time of one plan: successive halving (Jamieson & Talwalkar 2016, arXiv:1502.07943).
/// All candidates are learned for a short time, the better half of them, by the loss on what is held out, for twice as
/// long, and so on; the last one standing has half of the time for itself. Each round begins anew, since a training's
/// step shrinks towards its own end. The plan itself is the first candidate; the others differ from it in units, layers,
/// learning rate and dropout, by chance from its seed. A candidate is tried as one network.
public final class Tuning {
    private static final List<Integer> UNITS = List.of(24, 32, 48, 64, 96, 128, 192);
    private static final List<Double> RATES = List.of(1e-3, 2e-3, 3e-3, 5e-3);
    private static final List<Double> DROPOUTS = List.of(0.0, 0.1, 0.2, 0.3);
    private static final int MOST_LAYERS = 2;

    /// One candidate, learned for a while.
    ///
    /// @param heldOut least loss on what is held out
    public record Trial(TrainingPlan plan, double heldOut) {}

    /// Hears how it goes.
    @FunctionalInterface
    public interface Listener {
        /// @param round  from 1
        /// @param rounds before the last training
        void onTrial(int round, int rounds, Trial trial);
    }

    private final List<Series> series;
    private final Listener listener;

    private Tuning(List<Series> series, Listener listener) {
        this.series = series;
        this.listener = listener;
    }

    /// @param plan       whose longest time is divided; it holds something out
    /// @param candidates at least 2
    /// @return the best candidate's plan, with what is left of the time
    /// @throws IllegalArgumentException if nothing is held out, which could choose, or there are too few candidates
    public static TrainingPlan tune(TrainingPlan plan, int candidates, List<Series> series, Listener listener) {
        require(candidates > 1, "tune: expected at least 2 settings to choose from, found " + candidates);
        require(plan.heldOut() > 0, "tune: expected a share to hold out, by which to choose, found 0");
        require(plan.limits().epochs().isEmpty(), "tune: expected a longest time to divide, found a number of epochs");
        Duration half = plan.limits().maxTime().dividedBy(2);
        return new Tuning(series, listener).best(candidates(plan.withMembers(1), candidates), half).within(half)
                .withMembers(plan.members());
    }

    private TrainingPlan best(List<TrainingPlan> all, Duration time) {
        List<TrainingPlan> left = all;
        int rounds = Integer.SIZE - Integer.numberOfLeadingZeros(all.size() - 1);
        for (int round = 1; round <= rounds; round++) {
            Duration each = time.dividedBy((long) rounds * left.size());
            List<Trial> trials = new ArrayList<>();
            for (TrainingPlan plan : left) {
                Trial trial = trial(plan.within(each));
                listener.onTrial(round, rounds, trial);
                trials.add(trial);
            }
            trials.sort(Comparator.comparingDouble(Trial::heldOut));
            left = trials.subList(0, Math.ceilDiv(trials.size(), 2)).stream().map(Trial::plan).toList();
        }
        return left.getFirst();
    }

    /// A candidate that diverges has lost.
    private Trial trial(TrainingPlan plan) {
        try {
            Trained trained = Trainer.train(plan, series, (update, done, loss) -> {});
            return new Trial(plan, trained.course().stream().mapToDouble(Trainer.Progress::heldOut).min()
                    .orElse(Double.POSITIVE_INFINITY));
        } catch (TrainingDiverged e) {
            return new Trial(plan, Double.POSITIVE_INFINITY);
        }
    }

    static List<TrainingPlan> candidates(TrainingPlan plan, int count) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        List<TrainingPlan> candidates = new ArrayList<>(List.of(plan));
        while (candidates.size() < count) {
            candidates.add(other(plan, random));
        }
        return candidates;
    }

    private static TrainingPlan other(TrainingPlan plan, SplittableRandom random) {
        RecurrentLayer first = plan.architecture().layers().getFirst();
        RecurrentLayer layer = new RecurrentLayer(first.cell(), one(UNITS, random), first.grid(), first.bidirectional(),
                first.residual());
        Architecture architecture = plan.features().architecture(
                Collections.nCopies(1 + random.nextInt(MOST_LAYERS), layer), plan.architecture().head().kind(),
                plan.architecture().head().quantiles());
        double rate = one(DROPOUTS, random);
        return plan.with(architecture, rate == 0 ? Dropout.NONE : new Dropout(rate, true), one(RATES, random));
    }

    private static <T> T one(List<T> choices, SplittableRandom random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
