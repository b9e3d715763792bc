package io.gatecast.benchmarks.pipeline;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// Observations and the model that judges them. The same settings give the same load in every process.
///
/// @param keys    series
/// @param warm    observations before the measured ones, while the JVM compiles
/// @param events  measured ones
/// @param hidden  units of a layer
/// @param layers  of LSTM
public record Load(int keys, int warm, int events, int hidden, int layers) {
    static final String MODEL = "bench";
    /// Steps that a series has behind it when the first observation comes: its window is full then.
    static final int BEHIND = 700;
    private static final long START = 1_700_000_000_000L / 3_600_000 * 3_600_000;
    private static final long HOUR = 3_600_000;
    private static final int HORIZON = 24;
    private static final List<Integer> SEASONS = List.of(24, 168);
    private static final List<Double> QUANTILES = List.of(0.1, 0.5, 0.9);
    private static final int SEED = 1;
    /// Different states; more would only take longer to make.
    private static final int STATES = 64;

    /// An untrained one: it costs what a trained one costs.
    public Model model() {
        FeatureSpec features = features();
        var architecture = features.architecture(
                Collections.nCopies(layers, new RecurrentLayer(CellKind.LSTM, hidden)), QUANTILES);
        return new Model(MODEL, 1, 0, features,
                Network.compile(architecture, Network.initialise(architecture, SEED)).prepare());
    }

    static FeatureSpec features() {
        return FeatureSpec.of(HOUR, 1, SEASONS, HORIZON);
    }

    static String key(int series) {
        return "sensor-" + (1_000_000 + series);
    }

    /// @param index from 0, the series in turn
    public Observation observation(int index) {
        return at(index % keys, BEHIND + index / keys);
    }

    /// @return the same as it travels
    public io.gatecast.avro.Observation record(int index) {
        Observation observation = observation(index);
        return new io.gatecast.avro.Observation(Instant.ofEpochMilli(observation.timestamp()),
                List.of(observation.values()[0]), List.of());
    }

    /// A day, a week and noise. Those series have the same past that begin from the same state, and another noise each from
    /// then on: with a past that is not its own, a series would begin with an anomaly.
    private static Observation at(int series, int step) {
        int kin = series % STATES;
        double noise = new SplittableRandom((step < BEHIND ? kin : series) * 1_000_003L + step).nextDouble();
        return new Observation(START + step * HOUR, 20 + kin % 7 + 5 * StrictMath.sin(2 * StrictMath.PI * step / 24)
                + 2 * StrictMath.sin(2 * StrictMath.PI * (step + kin) / 168) + noise);
    }

    /// @return which step an event time is
    static int stepAt(long timestamp) {
        return (int) ((timestamp - START) / HOUR);
    }

    /// What series hold that have all [#BEHIND] them, as it lies in a store, and what was forecast last.
    public record Warmed(List<SeriesState> states, List<StoredSeries> stored, List<Forecast> forecasts) {}

    public Warmed warmed() {
        SeriesForecaster forecaster = new SeriesForecaster(model());
        List<SeriesState> states = new ArrayList<>();
        List<StoredSeries> stored = new ArrayList<>();
        List<Forecast> forecasts = new ArrayList<>();
        for (int series = 0; series < Math.min(STATES, keys); series++) {
            SeriesState state = forecaster.open(key(series), null);
            int windowAt = BEHIND - 1 - series % SeriesState.LONGEST_TAIL; // not all at the same time
            byte[] window = null;
            for (int step = 0; step < BEHIND; step++) {
                if (forecaster.observe(state, at(series, step)) instanceof Outcome.Forecasted forecasted
                        && step == BEHIND - 1) {
                    forecasts.add(forecasted.forecast());
                }
                if (step == windowAt) {
                    window = state.toStore().window();
                }
            }
            states.add(state);
            stored.add(new StoredSeries(state.toStore().state(), window));
        }
        return new Warmed(states, stored, forecasts);
    }
}
