package io.gatecast.series.input;

import static io.gatecast.network.kernel.Activations.asinh;

import org.jspecify.annotations.Nullable;

/// The network's inputs that are the same for all channels of a step, behind those of the channels:
///
///     [CalendarFeatures]   the moment
///     1 a covariate        (value - location) / scale, squashed by asinh; 0 where it is unknown
///     1 a covariate        1 where it is unknown, else 0
///
/// For any number of threads.
public final class KnownFeatures {
    private final KnownInputs inputs;
    private final @Nullable CalendarFeatures calendar;
    private final int calendarColumns;
    private final Covariate[] covariates;
    private final int names;

    public KnownFeatures(KnownInputs inputs) {
        this.inputs = inputs;
        this.calendar = inputs.calendar() == null ? null : new CalendarFeatures(inputs.calendar());
        this.calendarColumns = inputs.calendar() == null ? 0 : inputs.calendar().columns();
        this.covariates = inputs.covariates().toArray(Covariate[]::new);
        this.names = inputs.covariateNames().hashCode();
    }

    /// @return memory for the covariates of the last steps, all unknown; none where there are no covariates
    public KnownValues values(int steps) {
        return new KnownValues(covariates.length, covariates.length == 0 ? 0 : steps, names);
    }

    /// @return numbers for each step
    public int columns() {
        return inputs.columns();
    }

    /// Writes the inputs of one step.
    ///
    /// @param time   of the step, milliseconds since the epoch
    /// @param values of the covariates, from `at`, in their own units; NaN = unknown
    /// @param x      on return the inputs, from `to`
    public void write(long time, float[] values, int at, float[] x, int to) {
        if (calendar != null) {
            calendar.write(time, x, to);
        }
        int column = to + calendarColumns;
        for (int i = 0; i < covariates.length; i++) {
            float units = covariates[i].toUnits(values[at + i]);
            boolean unknown = Float.isNaN(units);
            x[column + i] = unknown ? 0 : asinh(units);
            x[column + covariates.length + i] = unknown ? 1 : 0;
        }
    }
}
