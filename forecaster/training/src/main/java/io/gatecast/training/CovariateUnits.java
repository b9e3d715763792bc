package io.gatecast.training;

import io.gatecast.series.input.Covariate;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.List;

/// The unit in which a network sees a covariate: how far it lies from its mean over all series, in mean distances from it.
/// A covariate is the same for a whole fleet, as a temperature, or at least means the same in all of it, so unlike a value
/// it is not scaled by its own series.
public final class CovariateUnits {

    private CovariateUnits() {}

    /// @param names  of the covariates, in the order of the series
    /// @param series that are learned from
    /// @throws IllegalArgumentException if one is known nowhere
    public static List<Covariate> of(List<String> names, List<Series> series) {
        List<Covariate> covariates = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            covariates.add(of(names.get(i), i, series));
        }
        return covariates;
    }

    private static Covariate of(String name, int index, List<Series> series) {
        double location = meanDistance(index, series, 0, false);
        if (!Double.isFinite(location)) {
            throw new IllegalArgumentException("covariate " + name
                    + ": expected finite values to learn from, found none, or infinite ones; leave it out of --covariates");
        }
        double scale = meanDistance(index, series, location, true);
        return new Covariate(name, location, scale > 0 ? scale : 1);
    }

    private static double meanDistance(int index, List<Series> series, double from, boolean absolute) {
        double sum = 0;
        long known = 0;
        for (Series each : series) {
            for (double value : each.covariates()[index]) {
                if (!Double.isNaN(value)) {
                    sum += absolute ? Math.abs(value - from) : value - from;
                    known++;
                }
            }
        }
        return sum / known;
    }
}
