package io.gatecast.series.input;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a network is told beside the values of its series. It is the same for all channels of a step.
///
/// @param calendar   of the moment; null = nothing
/// @param covariates of the event, in the order of an observation; empty = none
/// @param categories of the series; null = none
public record KnownInputs(@Nullable Calendar calendar, List<Covariate> covariates, @Nullable Categories categories) {
    public static final KnownInputs NONE = new KnownInputs(null, List.of(), null);
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

    /// Without categories.
    public KnownInputs(@Nullable Calendar calendar, List<Covariate> covariates) {
        this(calendar, covariates, null);
    }

    /// The same, but for the calendar.
    public KnownInputs withCalendar(@Nullable Calendar other) {
        return new KnownInputs(other, covariates, categories);
    }

    /// The same, but for the covariates.
    public KnownInputs withCovariates(List<Covariate> others) {
        return new KnownInputs(calendar, others, categories);
    }

    /// The same, but for the categories.
    public KnownInputs withCategories(@Nullable Categories others) {
        return new KnownInputs(calendar, covariates, others);
    }

    /// @return whether the network is told anything
    public boolean any() {
        return columns() > 0 || categories != null;
    }

    /// @return numbers at the end of each step's inputs that the network itself makes of the category
    public int embedded() {
        return categories == null ? 0 : categories.dimensions();
    }

    /// @return names of the covariates, in their order
    public List<String> covariateNames() {
        return covariates.stream().map(Covariate::name).toList();
    }

    /// @return numbers for each step, see [KnownFeatures]; those of the category are not among them
    public int columns() {
        return (calendar == null ? 0 : calendar.columns()) + 2 * covariates.size();
    }
}
