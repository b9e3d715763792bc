package io.gatecast.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an observation must be to be judged by a model, whatever its time and what came before.
final class ObservationRules {
    private final int channels;
    private final List<String> covariates;

    ObservationRules(FeatureSpec spec) {
        this.channels = spec.channels();
        this.covariates = spec.known().covariateNames();
    }

    /// @param first whether it would be the first of its series
    /// @return what is wrong, in a sentence; null where nothing is
    @Nullable
    String faultOf(Observation observation, boolean first) {
        double[] values = observation.values();
        if (values.length != channels) {
            return "expected " + channels + " values, one a channel, found " + values.length;
        }
        boolean known = false;
        for (int c = 0; c < values.length; c++) {
            if (Math.abs(values[c]) > Float.MAX_VALUE) {
                return "channel " + c + ": expected a finite value of at most 3.4e38, found " + values[c];
            }
            known |= !Double.isNaN(values[c]);
        }
        return known || !first
                ? faultOfCovariates(observation.covariates())
                : "the first observation of a series holds no value in any channel";
    }

    /// A model that takes none passes over those that come.
    private @Nullable String faultOfCovariates(double[] values) {
        if (covariates.isEmpty()) {
            return null;
        }
        if (values.length != covariates.size()) {
            return "expected " + covariates.size() + " covariates, " + String.join(", ", covariates) + ", found "
                    + values.length;
        }
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i]) > Float.MAX_VALUE) {
                return "covariate " + covariates.get(i) + ": expected a finite value of at most 3.4e38, found "
                        + values[i];
            }
        }
        return null;
    }
}
