package io.gatecast.training;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Ensemble;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Categories;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/// Every choice that a training takes. The defaults of [#of] are the recipe that was probed on M4 Hourly: forking
/// sequences (Wen et al. 2017, arXiv:1711.11053) over stretches of 200 steps, 64 at a time, Adam at 2e-3 decaying.
///
/// @param features     what the network is fed
/// @param architecture what is built; it takes what the features give
/// @param sampling     what an update is taken of
/// @param dropout      what is left out by chance
/// @param optimiser    how far an update goes
/// @param levelWeight  what an error relative to the series' level counts beside one relative to its seasonal
///                     difference: the first is what sMAPE sees, the second what MASE sees
/// @param heldOut      share of each series, its end, that is not learned from but judges what was learned; 0 = nothing is
///                     held out, and the last weights are kept
/// @param limits       when to stop
/// @param seed         fixes the first weights and every choice of stretches
/// @param threads      that share an update; their number does not change the result
/// @param members      networks that are trained one after the other, from different seeds, and forecast together as an
///                     [Ensemble]
public record TrainingPlan(FeatureSpec features, Architecture architecture, Sampling sampling, Dropout dropout,
        Optimiser optimiser, double levelWeight, double heldOut, Limits limits, long seed, int threads, int members) {
    private static final int STRETCH = 200;
    private static final int BATCH = 64;
    private static final double LEARNING_RATE = 2e-3;
    private static final double CLIP = 1;
    private static final double LEVEL_WEIGHT = 3;
    private static final double HELD_OUT = 0.1;

    public TrainingPlan {
        Architecture fed = features.architecture(architecture.layers(), architecture.head().kind(),
                architecture.head().quantiles());
        require(architecture.equals(fed), "architecture: expected " + fed + ", as the features say, found "
                + architecture);
        require(sampling.stretch > features.warmUp(), "stretch: expected more than the " + features.warmUp()
                + " steps of the warm-up, found " + sampling.stretch);
        require(levelWeight >= 0, "level weight: expected at least 0, found " + levelWeight);
        require(heldOut >= 0 && heldOut < 1, "held out: expected a share from 0 to below 1, found " + heldOut);
        require(limits.patience().isEmpty() || heldOut > 0,
                "patience: expected a share to hold out, by which to see that nothing gets better, found 0");
        require(threads > 0, "threads: expected at least 1, found " + threads);
        new Ensemble(architecture, members).architecture();
    }

    /// Of one network.
    public TrainingPlan(FeatureSpec features, Architecture architecture, Sampling sampling, Dropout dropout,
            Optimiser optimiser, double levelWeight, double heldOut, Limits limits, long seed, int threads) {
        this(features, architecture, sampling, dropout, optimiser, levelWeight, heldOut, limits, seed, threads, 1);
    }

    /// What an update is taken of.
    ///
    /// @param stretch     steps in a stretch; a network that does not stream is trained on windows of the warm-up's length,
    ///                    of which only the last step is judged
    /// @param truncation  steps that the gradient goes back at most; the stretch or more for all of them
    /// @param batch       stretches to an update
    /// @param seriesAlike whether every series is drawn as often as any other, instead of every step: a short series then
    ///                    counts as much as a long one
    public record Sampling(int stretch, int truncation, int batch, boolean seriesAlike) {
        public Sampling {
            require(truncation > 0, "truncation: expected at least 1 step, found " + truncation);
            require(batch > 0, "batch: expected at least 1, found " + batch);
        }

        /// Every step is drawn as often as any other.
        public Sampling(int stretch, int truncation, int batch) {
            this(stretch, truncation, batch, false);
        }
    }

    /// How far an update goes.
    ///
    /// @param learningRate the longest step
    /// @param clip         longest gradient, Euclidean norm
    /// @param weightDecay  share of a weight that is lost in an update, in units of the step: AdamW's λ; 0 = none
    /// @param memory       of the moving average of the weights, which is judged and kept in their place
    ///                     ([io.gatecast.network.optimise.WeightAverage]): β, as in 0.999; 0 = the weights themselves
    public record Optimiser(double learningRate, double clip, double weightDecay, double memory) {
        public Optimiser {
            require(learningRate > 0, "learning rate: expected more than 0, found " + learningRate);
            require(clip > 0, "clip: expected more than 0, found " + clip);
            require(weightDecay >= 0, "weight decay: expected at least 0, found " + weightDecay);
            require(memory >= 0 && memory < 1,
                    "average of the weights: expected a memory from 0 to below 1, found " + memory);
        }

        /// The weights are not averaged.
        public Optimiser(double learningRate, double clip, double weightDecay) {
            this(learningRate, clip, weightDecay, 0);
        }
    }

    /// When a training stops; the learning rate decays towards it.
    ///
    /// @param epochs  passes over the data, each of as many steps as the data has; empty = no limit
    /// @param maxTime wall time
    /// @param patience how many of the [Trainer#CHECKS] looks at what is held out may bring nothing better, before it stops
    ///                 early; empty = it does not
    public record Limits(OptionalInt epochs, Duration maxTime, OptionalInt patience) {
        private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);

        public Limits {
            require(epochs.orElse(1) > 0, "epochs: expected at least 1, found " + epochs.orElse(1));
            require(patience.orElse(1) > 0, "patience: expected at least 1, found " + patience.orElse(1));
            require(maxTime.isPositive(), "max time: expected more than 0, found " + maxTime);
        }

        /// After so many passes, however long they take.
        public static Limits epochs(int epochs) {
            return new Limits(OptionalInt.of(epochs), AS_LONG_AS_IT_TAKES, OptionalInt.empty());
        }

        /// After so much time.
        public static Limits time(Duration time) {
            return new Limits(OptionalInt.empty(), time, OptionalInt.empty());
        }
    }

    /// Which numbers are left out by chance while it learns.
    ///
    /// @param rate        share that is left out, 0 to below 1
    /// @param variational whether whole units are left out for the length of a sequence, between layers and from step to
    ///                    step ([io.gatecast.network.VariationalDropout]), instead of single numbers between layers
    public record Dropout(double rate, boolean variational) {
        public static final Dropout NONE = new Dropout(0, false);

        public Dropout {
            require(rate >= 0 && rate < 1, "dropout: expected a share from 0 to below 1, found " + rate);
        }

        /// @return whether single numbers between the layers are left out
        boolean betweenLayers() {
            return rate > 0 && !variational;
        }

        /// @return whether units are left out of the weights
        boolean ofUnits() {
            return rate > 0 && variational;
        }
    }

    /// The probed recipe.
    public static TrainingPlan of(FeatureSpec features, Architecture architecture, Limits limits, long seed) {
        return new TrainingPlan(features, architecture, new Sampling(STRETCH, STRETCH, BATCH), Dropout.NONE,
                new Optimiser(LEARNING_RATE, CLIP, 0), LEVEL_WEIGHT, HELD_OUT, limits, seed,
                Runtime.getRuntime().availableProcessors());
    }

    /// @param length steps of a series
    /// @return how many of them, the last, are held out: a horizon at least
    int heldOut(int length) {
        return heldOut == 0 ? 0 : Math.max(features.horizon(), (int) (length * heldOut));
    }

    /// The same, but for what is built, and how it is learned.
    TrainingPlan with(Architecture other, Dropout leftOut, double rate) {
        return new TrainingPlan(features, other, sampling, leftOut,
                new Optimiser(rate, optimiser.clip, optimiser.weightDecay, optimiser.memory), levelWeight, heldOut,
                limits, seed, threads, members);
    }

    /// The same, but for what an error relative to the level counts.
    public TrainingPlan withLevelWeight(double weight) {
        return new TrainingPlan(features, architecture, sampling, dropout, optimiser, weight, heldOut, limits, seed,
                threads, members);
    }

    /// The same, but for how long.
    TrainingPlan within(Duration maxTime) {
        return new TrainingPlan(features, architecture, sampling, dropout, optimiser, levelWeight, heldOut,
                new Limits(limits.epochs(), maxTime, limits.patience()), seed, threads, members);
    }

    /// The same, but for how many networks.
    public TrainingPlan withMembers(int count) {
        return new TrainingPlan(features, architecture, sampling, dropout, optimiser, levelWeight, heldOut, limits,
                seed,
                threads, count);
    }

    /// The plan of one network among them: with a seed of its own, in its share of the time.
    ///
    /// @param index from 0, which keeps the plan's seed
    TrainingPlan member(int index) {
        long own = index == 0 ? seed : new SplittableRandom(seed + index).nextLong();
        Limits share = new Limits(limits.epochs, limits.maxTime.dividedBy(members), limits.patience);
        return new TrainingPlan(features, architecture, sampling, dropout, optimiser, levelWeight, heldOut, share, own,
                threads);
    }

    /// @return what they are fed together: each has numbers of its own for a category
    FeatureSpec featuresOfAll() {
        Categories categories = features.known().categories();
        return categories == null
                ? features
                : features.withKnown(features.known().withCategories(new Categories(categories.pattern(),
                        categories.vocabulary(), members * categories.dimensions())));
    }

    /// @return every choice in words, by name, to be kept with what was learned
    public Map<String, String> choices() {
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("stretch", steps() + " steps");
        choices.put("truncation", Math.min(sampling.truncation, steps()) + " steps");
        choices.put("batch", String.valueOf(sampling.batch));
        choices.put("drawn alike", sampling.seriesAlike ? "series" : "steps");
        choices.put("learning rate", String.valueOf(optimiser.learningRate));
        choices.put("longest gradient", String.valueOf(optimiser.clip));
        choices.put("weight decay", String.valueOf(optimiser.weightDecay));
        choices.put("average of the weights",
                optimiser.memory == 0 ? "none" : String.valueOf(optimiser.memory));
        choices.put("dropout", dropout.rate() + (dropout.ofUnits() ? ", variational" : ""));
        choices.put("level weight", String.valueOf(levelWeight));
        choices.put("held out", String.valueOf(heldOut));
        limits.epochs().ifPresent(epochs -> choices.put("epochs", String.valueOf(epochs)));
        if (!limits.maxTime().equals(Limits.AS_LONG_AS_IT_TAKES)) {
            choices.put("longest time", limits.maxTime().toSeconds() + " s");
        }
        limits.patience().ifPresent(patience -> choices.put("patience", patience + " of " + Trainer.CHECKS + " looks"));
        choices.put("seed", String.valueOf(seed));
        if (members > 1) {
            choices.put("members", String.valueOf(members));
        }
        Calendar calendar = features.known().calendar();
        if (calendar != null) {
            choices.put("calendar", calendar.inWords());
        }
        if (!features.known().covariates().isEmpty()) {
            choices.put("covariates", String.join(", ", features.known().covariateNames()));
        }
        Categories categories = features.known().categories();
        if (categories != null) {
            choices.put("categories", categories.vocabulary().size() + " by " + categories.pattern() + ", "
                    + categories.dimensions() + " numbers each");
        }
        return choices;
    }

    /// @return steps that pass before the first judged one in each sequence of a batch
    int warmUp() {
        return architecture.streams() ? 0 : features.warmUp() - 1;
    }

    /// @return steps in each sequence of a batch
    int steps() {
        return architecture.streams() ? sampling.stretch : features.warmUp();
    }

    /// @return steps that are judged in an update
    long judged() {
        return (long) sampling.batch * (steps() - warmUp());
    }

    /// @return numbers that an update's loss is the sum of
    double answers() {
        HeadShape head = architecture.head();
        return (double) judged() * head.channels() * head.horizon() * head.lossTerms();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
