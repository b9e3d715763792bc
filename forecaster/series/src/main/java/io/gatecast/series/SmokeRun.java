package io.gatecast.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A model's forecasts of a few built-in series, before it goes live: whatever else they are, they must be finite. The series
/// are a wave with gaps, one that stands still, one that leaps, and the wave a billion times as high; all of them plain
/// arithmetic, the same on every machine.
public final class SmokeRun {
    private static final int STEPS = 30;
    private static final int WAVE = 12;
    private static final float LARGE = 1e9f;

    /// Whoever alarms asks why, which takes a second of a start while nothing is compiled.
    private static final SeriesForecaster.Settings UNALARMED = SeriesForecaster.Settings.DEFAULT
            .withAlarms(AlarmBudget.of(0));

    private SmokeRun() {}

    private interface Shape {
        double at(int step, int channel);
    }

    /// @return what is wrong, in a sentence; null where nothing is
    public static @Nullable String faultOf(Model model) {
        Shape wave = (step, channel) -> (step + channel) % 17 == 5
                ? Double.NaN
                : 20 + Math.abs((step + channel) % WAVE - WAVE / 2);
        String fault = faultOf(model, "a wave", wave);
        fault = fault == null ? faultOf(model, "a constant", (step, channel) -> 3) : fault;
        fault = fault == null
                ? faultOf(model, "leaps", (step, channel) -> step % 20 < 10 ? 0 : -1000.0 * (channel + 1))
                : fault;
        return fault == null ? faultOf(model, "a high wave", (step, channel) -> LARGE * wave.at(step, channel)) : fault;
    }

    private static @Nullable String faultOf(Model model, String name, Shape shape) {
        FeatureSpec features = model.features();
        SeriesForecaster forecaster = new SeriesForecaster(model, UNALARMED);
        SeriesState state = forecaster.open("smoke", null);
        double[] covariates = new double[features.known().covariates().size()];
        for (int step = 0; step < Math.max(STEPS, features.warmUp() + 2); step++) {
            double[] values = new double[features.channels()];
            for (int c = 0; c < values.length; c++) {
                values[c] = shape.at(step, c);
            }
            Arrays.fill(covariates, step % 3);
            Outcome outcome = forecaster.observe(state,
                    new Observation(step * features.intervalMillis(), values, covariates));
            if (outcome instanceof Outcome.Forecasted made && !isFinite(made.forecast().values())) {
                return "forecasts of the built-in series '" + name + "' are not finite after " + (step + 1)
                        + " steps: the weights are of no use; train the model again";
            }
        }
        return null;
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
