package io.gatecast.training;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// Every choice that a training takes. The defaults of [#of] are the recipe that was probed on M4 Hourly: forking
/// sequences (Wen et al. 2017, arXiv:1711.11053) over stretches of 200 steps, 128 at a time, Adam at 2e-3 decaying.
///
/// @param features     what the network is fed
/// @param layers       recurrent layers, from the first to the last
/// @param quantiles    levels, rising, the median among them
/// @param stretch      steps that the error is carried back through time
/// @param batch        stretches to an update
/// @param learningRate the longest step of the optimiser
/// @param clip         longest gradient, Euclidean norm
/// @param levelWeight  what an error relative to the series' level counts beside one relative to its seasonal
///                     difference: the first is what sMAPE sees, the second what MASE sees
/// @param limits       when to stop
/// @param seed         fixes the first weights and every choice of stretches
/// @param threads      that share an update; their number does not change the result
public record TrainingPlan(FeatureSpec features, List<RecurrentLayer> layers, List<Double> quantiles, int stretch,
        int batch, double learningRate, double clip, double levelWeight, Limits limits, long seed, int threads) {
    private static final int STRETCH = 200;
    private static final int BATCH = 128;
    private static final double LEARNING_RATE = 2e-3;
    private static final double CLIP = 1;
    private static final double LEVEL_WEIGHT = 3;

    public TrainingPlan {
        layers = List.copyOf(layers);
        quantiles = List.copyOf(quantiles);
        features.architecture(layers, quantiles); // refuses what cannot be built
        require(stretch > features.warmUp(),
                "stretch: expected more than the " + features.warmUp() + " steps of the warm-up, found " + stretch);
        require(batch > 0, "batch: expected at least 1, found " + batch);
        require(learningRate > 0, "learning rate: expected more than 0, found " + learningRate);
        require(clip > 0, "clip: expected more than 0, found " + clip);
        require(levelWeight >= 0, "level weight: expected at least 0, found " + levelWeight);
        require(threads > 0, "threads: expected at least 1, found " + threads);
    }

    /// When a training stops; the learning rate decays towards it.
    ///
    /// @param epochs  passes over the data, each of as many steps as the data has; empty = no limit
    /// @param maxTime wall time
    public record Limits(OptionalInt epochs, Duration maxTime) {
        public Limits {
            require(epochs.isEmpty() || epochs.getAsInt() > 0, "epochs: expected at least 1, found " + epochs);
            require(maxTime.isPositive(), "max time: expected more than 0, found " + maxTime);
        }
    }

    /// The probed recipe.
    public static TrainingPlan of(FeatureSpec features, List<RecurrentLayer> layers, List<Double> quantiles,
            Limits limits, long seed) {
        return new TrainingPlan(features, layers, quantiles, STRETCH, BATCH, LEARNING_RATE, CLIP, LEVEL_WEIGHT, limits,
                seed, Runtime.getRuntime().availableProcessors());
    }

    public Architecture architecture() {
        return features.architecture(layers, quantiles);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
