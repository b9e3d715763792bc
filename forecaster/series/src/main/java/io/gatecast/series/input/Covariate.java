package io.gatecast.series.input;

/// A number that is known at the event beside the values, as a temperature or a price: its name, and the unit in which the
/// network sees it.
///
/// @param name     as the column of a file has it
/// @param location mean over what was learned from, in its own units
/// @param scale    mean distance from it, more than 0
public record Covariate(String name, double location, double scale) {
    public Covariate {
        if (name.isBlank() || !Double.isFinite(location) || !(scale > 0) || !Double.isFinite(scale)) {
            throw new IllegalArgumentException("covariates: expected a name, a finite location and a finite scale of"
                    + " more than 0, found " + name + ", " + location + ", " + scale);
        }
    }

    /// @return a value in units of the scale; NaN stays NaN
    float toUnits(float value) {
        return (float) ((value - location) / scale);
    }
}
