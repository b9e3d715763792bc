package io.gatecast.app.command.mixin;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Limits;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What to learn and for how long. [TrainingPlan] says what is allowed.
public final class TrainingOptions {
    private static final Duration WITHOUT_A_LIMIT = Duration.ofMinutes(5);
    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);

    @Option(names = "--seasonality", split = ",", paramLabel = "STEPS", description = "Season lengths in steps, rising, as in 24,168 for hours; none if left out.")
    private List<Integer> seasons = List.of();

    @Option(names = "--horizon", required = true, paramLabel = "STEPS", description = "Steps ahead to forecast.")
    private int horizon;

    @Option(names = "--quantiles", split = ",", paramLabel = "LEVELS", defaultValue = "0.025,0.1,0.5,0.9,0.975", description = "Levels, rising, 0.5 among them (default: ${DEFAULT-VALUE}).")
    private List<Double> quantiles;

    @Option(names = "--cell", defaultValue = "lstm", description = "Recurrent cell: ${COMPLETION-CANDIDATES}.")
    private CellKind cell;

    @Option(names = "--hidden", defaultValue = "128", paramLabel = "UNITS", description = "Size of a layer's hidden state (default: ${DEFAULT-VALUE}).")
    private int units;

    @Option(names = "--layers", defaultValue = "1", description = "Recurrent layers (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--epochs", paramLabel = "N", description = "Stop after so many passes over the data.")
    private @Nullable Integer epochs;

    @Option(names = "--max-time", paramLabel = "TIME", converter = Durations.class, description = "Stop after this time (default: 5m, or none with --epochs).")
    private @Nullable Duration maxTime;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Fixes every choice by chance (default: ${DEFAULT-VALUE}).")
    private long seed;

    /// @param interval length of a step
    /// @param channels values in an observation
    /// @throws IllegalArgumentException if this cannot be learned
    public TrainingPlan plan(Duration interval, int channels) {
        if (layers < 1) {
            throw new IllegalArgumentException("layers: expected at least 1, found " + layers);
        }
        FeatureSpec features = FeatureSpec.of(interval.toMillis(), channels, seasons, horizon);
        return TrainingPlan.of(features, Collections.nCopies(layers, new RecurrentLayer(cell, units)), quantiles,
                limits(), seed);
    }

    /// @return what fixed the first weights and every choice of stretches
    public long seed() {
        return seed;
    }

    private Limits limits() {
        Duration time = epochs == null ? WITHOUT_A_LIMIT : AS_LONG_AS_IT_TAKES;
        return new Limits(epochs == null ? OptionalInt.empty() : OptionalInt.of(epochs),
                maxTime == null ? time : maxTime);
    }
}
