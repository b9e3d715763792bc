package io.gatecast.training;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.SyntheticFleet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// One small global model, learned in seconds from a synthetic fleet of hourly sensors, and fleets that it has not seen.
final class FleetModel {
    static final Duration HOUR = Duration.ofHours(1);
    static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);
    static final int HORIZON = 12;

    private FleetModel() {}

    /// @param seed other than 1, from which the model has learned
    static List<Series> fleet(int sensors, int steps, long seed) {
        return new SyntheticFleet(sensors, Instant.EPOCH, HOUR, steps, seed).stream()
                .map(SyntheticFleet.Sensor::series).toList();
    }

    /// @return of the same, the sensors that no fault befell
    static List<Series> faultless(int sensors, int steps, long seed) {
        return new SyntheticFleet(sensors, Instant.EPOCH, HOUR, steps, seed).stream()
                .filter(sensor -> sensor.labels().isEmpty()).map(SyntheticFleet.Sensor::series).toList();
    }

    static Model train(FeatureSpec spec, int epochs) {
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 16)), LEVELS);
        TrainingPlan plan = new TrainingPlan(spec, architecture, new Sampling(120, 120, 32), Dropout.NONE,
                new Optimiser(5e-3, 1, 0), 1, 0.1,
                Limits.epochs(epochs), 1, 2);
        return Trainer.train(plan, fleet(60, 600, 1), (update, done, loss) -> {}).model("fleet", 1, 0);
    }

    static FeatureSpec spec() {
        return FeatureSpec.of(HOUR.toMillis(), 1, List.of(24), HORIZON);
    }
}
