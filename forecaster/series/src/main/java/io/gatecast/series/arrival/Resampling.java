package io.gatecast.series.arrival;

import io.gatecast.series.Observation;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/// How the observations that fall into one step become one. Sums run in the order of event time, so the result does not
/// depend on the order of arrival. Covariates are the latest's, whatever becomes of the values, but with the earliest its own.
public enum Resampling {
    /// The earliest, as it is.
    FIRST,
    /// The latest, as it is.
    LAST,
    /// The mean of each channel's known values.
    MEAN,
    /// Their sum: of counts, of rain.
    SUM,
    /// The lowest of them.
    MIN,
    /// The highest of them.
    MAX;

    /// @return as people and files name it
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Makes one observation of those of a step.
    ///
    /// @param step   its beginning, milliseconds since the epoch
    /// @param inStep at least one, rising in time, all with as many channels
    /// @return at the time of the one taken, or, where it is made of all, of the step's beginning
    public Observation merge(long step, List<Observation> inStep) {
        return switch (this) {
            case FIRST -> inStep.getFirst();
            case LAST -> inStep.getLast();
            case SUM -> folded(step, inStep, Double::sum);
            case MIN -> folded(step, inStep, Math::min);
            case MAX -> folded(step, inStep, Math::max);
            case MEAN -> mean(step, inStep);
        };
    }

    private static Observation folded(long step, List<Observation> inStep, DoubleBinaryOperator fold) {
        double[] values = inStep.getFirst().values().clone();
        for (Observation next : inStep.subList(1, inStep.size())) {
            for (int c = 0; c < values.length; c++) {
                double value = next.values()[c];
                if (!Double.isNaN(value)) {
                    values[c] = Double.isNaN(values[c]) ? value : fold.applyAsDouble(values[c], value);
                }
            }
        }
        return new Observation(step, values, inStep.getLast().covariates());
    }

    private static Observation mean(long step, List<Observation> inStep) {
        double[] values = folded(step, inStep, Double::sum).values();
        for (int c = 0; c < values.length; c++) {
            int known = 0;
            for (Observation each : inStep) {
                known += Double.isNaN(each.values()[c]) ? 0 : 1;
            }
            values[c] /= Math.max(1, known); // NaN where none is
        }
        return new Observation(step, values, inStep.getLast().covariates());
    }
}
