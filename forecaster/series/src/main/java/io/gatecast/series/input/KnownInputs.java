package io.gatecast.series.input;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a network is told beside the values of its series. It is the same for all channels of a step.
///
/// @param calendar   of the moment; null = nothing
/// @param covariates of the event, in the order of an observation; empty = none
public record KnownInputs(@Nullable Calendar calendar, List<Covariate> covariates) {
    public static final KnownInputs NONE = new KnownInputs(null, List.of());
    private static final int MOST_COVARIATES = 1000;

    public KnownInputs {
        covariates = List.copyOf(covariates);
        Set<String> names = new HashSet<>();
        for (Covariate covariate : covariates) {
            if (!names.add(covariate.name())) {
                throw new IllegalArgumentException(
                        "covariates: expected each once, found " + covariate.name() + " twice");
            }
        }
        if (covariates.size() > MOST_COVARIATES) {
            throw new IllegalArgumentException(
                    "covariates: expected at most " + MOST_COVARIATES + ", found " + covariates.size());
        }
    }

    /// The same, but for the calendar.
    public KnownInputs withCalendar(@Nullable Calendar other) {
        return new KnownInputs(other, covariates);
    }

    /// The same, but for the covariates.
    public KnownInputs withCovariates(List<Covariate> others) {
        return new KnownInputs(calendar, others);
    }

    /// @return names of the covariates, in their order
    public List<String> covariateNames() {
        return covariates.stream().map(Covariate::name).toList();
    }

    /// @return numbers for each step, see [KnownFeatures]
    public int columns() {
        return (calendar == null ? 0 : calendar.columns()) + 2 * covariates.size();
    }
}
