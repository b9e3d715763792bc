package io.gatecast.app.command.mixin;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.arrival.Resampling;
import io.gatecast.training.Seasonality;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What to learn and for how long. [TrainingPlan] says what is allowed.
public final class TrainingOptions {
    private static final Duration WITHOUT_A_LIMIT = Duration.ofMinutes(5);
    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);
    private static final List<Double> QUANTILES = List.of(0.025, 0.1, 0.5, 0.9, 0.975);

    @Option(names = "--seasonality", paramLabel = "STEPS", converter = Seasons.Reader.class, description = "Season lengths in steps, rising, as in 24,168 for hours; none; or auto, which finds them in the data (default: auto).")
    private @Nullable Seasons seasons;

    @Option(names = "--horizon", required = true, paramLabel = "STEPS", description = "Steps ahead to forecast.")
    private int horizon;

    @Option(names = "--quantiles", split = ",", paramLabel = "LEVELS", description = "Levels, rising, 0.5 among them (default: 0.025,0.1,0.5,0.9,0.975; of a point, 0.5).")
    private @Nullable List<Double> quantiles;

    @Option(names = "--head", defaultValue = "quantiles", paramLabel = "HEAD", converter = HeadKinds.class, completionCandidates = HeadKinds.class, description = "What a forecast is made of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). A point has no interval, and raises no anomaly.")
    private HeadKind head;

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Mixin
    private KnownOptions known = new KnownOptions();

    @Option(names = "--dropout", defaultValue = "0", paramLabel = "SHARE", description = "Share of the numbers between layers that is left out by chance in training (default: ${DEFAULT-VALUE}).")
    private double dropout;

    @Option(names = "--variational", description = "Let --dropout leave out whole units for the length of a sequence, between layers and from step to step.")
    private boolean variational;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Longest step of the optimiser (default: 0.002).")
    private @Nullable Double learningRate;

    @Option(names = "--clip", paramLabel = "NORM", description = "Longest gradient, Euclidean norm; a longer one is shortened and counted (default: 1).")
    private @Nullable Double clip;

    @Option(names = "--weight-decay", paramLabel = "RATE", description = "AdamW's decay of the weights (default: 0).")
    private @Nullable Double weightDecay;

    @Option(names = "--ema", paramLabel = "MEMORY", description = "Judge and keep a moving average of the weights, as in 0.999, which remembers about a thousand updates (default: the weights themselves; with a learning rate that decays, as here, the average has brought nothing where it was measured).")
    private @Nullable Double memory;

    @Option(names = "--level-weight", paramLabel = "W", description = "What an error relative to the usual value at its phase counts beside one relative to the seasonal difference: the first is what sMAPE sees, the second what MASE sees (default: 3). A series that goes below 0 has no level to be relative to.")
    private @Nullable Double levelWeight;

    @Option(names = "--patience", paramLabel = "N", description = "Stop when so many of 25 looks at what is held out have brought nothing better (default: go on to the end; the best weights are kept either way).")
    private @Nullable Integer patience;

    @Option(names = "--batch", paramLabel = "N", description = "Sequences to an update (default: 64).")
    private @Nullable Integer batch;

    @Option(names = "--series-alike", description = "Draw every series as often as any other, however short, instead of every step.")
    private boolean seriesAlike;

    @Option(names = "--held-out", paramLabel = "SHARE", description = "Share of each series, its end, that is not learned from but chooses the best weights; 0 learns from everything and keeps the last (default: 0.1).")
    private @Nullable Double heldOut;

    @Option(names = "--scaling-window", paramLabel = "STEPS", description = "How many of the last values give the location and scale of a series: more are steadier, fewer follow a shift sooner (default: the longest season, or three of the shortest).")
    private @Nullable Integer scalingWindow;

    @Option(names = "--truncate", paramLabel = "STEPS", description = "Steps that the gradient goes back at most (default: all of a stretch).")
    private @Nullable Integer truncation;

    @Option(names = "--epochs", paramLabel = "N", description = "Stop after so many passes over the data.")
    private @Nullable Integer epochs;

    @Option(names = "--max-time", paramLabel = "TIME", converter = Durations.class, description = "Stop after this time (default: 5m, or none with --epochs).")
    private @Nullable Duration maxTime;

    @Option(names = "--resample", paramLabel = "HOW", defaultValue = "first", converter = Resamplings.class, completionCandidates = Resamplings.class, description = "How several observations of a step become one: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). But for first, a step is forecast when the next one begins.")
    private Resampling resampling;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Fixes every choice by chance (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--members", defaultValue = "1", paramLabel = "N", description = "Train so many networks, one after the other within the same --max-time, each from another seed, and let them forecast together, as one network of N times the units that do not see each other: they err less than one (default: ${DEFAULT-VALUE}).")
    private int members;

    /// @param interval length of a step
    /// @throws IllegalArgumentException if this cannot be learned
    public TrainingPlan plan(Duration interval, List<Series> series) {
        int channels = series.getFirst().channels();
        List<Integer> lengths = seasons == null
                ? Seasonality.of(series.stream().map(each -> each.resampled(resampling, interval.toMillis())).toList(),
                        interval)
                : seasons.steps();
        FeatureSpec features = features(interval, channels, lengths)
                .withKnown(known.inputs(interval, horizon, series)).withResampling(resampling);
        Architecture architecture = features.architecture(layers.layers(channels), head, levels());
        requireDropoutToBeUsed(architecture);
        TrainingPlan recipe = TrainingPlan.of(features, architecture, limits(), seed);
        return new TrainingPlan(features, architecture, sampling(recipe.sampling()), new Dropout(dropout, variational),
                optimiser(recipe.optimiser()), levelWeight == null ? recipe.levelWeight() : levelWeight,
                heldOut == null ? recipe.heldOut() : heldOut, recipe.limits(), seed, recipe.threads(), members);
    }

    private Sampling sampling(Sampling recipe) {
        return new Sampling(recipe.stretch(), truncation == null ? recipe.truncation() : truncation,
                batch == null ? recipe.batch() : batch, seriesAlike);
    }

    private Optimiser optimiser(Optimiser recipe) {
        return new Optimiser(learningRate == null ? recipe.learningRate() : learningRate,
                clip == null ? recipe.clip() : clip, weightDecay == null ? recipe.weightDecay() : weightDecay,
                memory == null ? recipe.memory() : memory);
    }

    private FeatureSpec features(Duration interval, int channels, List<Integer> seasons) {
        FeatureSpec features = FeatureSpec.of(interval.toMillis(), channels, seasons, horizon);
        return scalingWindow == null ? features : features.withScalingWindow(scalingWindow);
    }

    /// A rate that leaves nothing out would be believed to have done something.
    private void requireDropoutToBeUsed(Architecture architecture) {
        if (variational && dropout == 0) {
            throw new IllegalArgumentException(
                    "--variational: expected a share to leave out beside it, as in --dropout 0.2, found none");
        }
        if (dropout > 0 && !variational && architecture.layers().size() == 1) {
            throw new IllegalArgumentException("--dropout: expected several layers, between which it leaves numbers"
                    + " out, found one; add --layers 2, or --variational, which leaves units out within a layer, too");
        }
    }

    /// @return names of the columns that hold covariates
    public List<String> covariates() {
        return known.covariates();
    }

    /// @return what fixed the first weights and every choice of stretches
    public long seed() {
        return seed;
    }

    private List<Double> levels() {
        if (quantiles != null) {
            return quantiles;
        }
        return head == HeadKind.POINT ? List.of(0.5) : QUANTILES;
    }

    private Limits limits() {
        Duration time = epochs == null ? WITHOUT_A_LIMIT : AS_LONG_AS_IT_TAKES;
        return new Limits(epochs == null ? OptionalInt.empty() : OptionalInt.of(epochs),
                maxTime == null ? time : maxTime,
                patience == null ? OptionalInt.empty() : OptionalInt.of(patience));
    }
}
