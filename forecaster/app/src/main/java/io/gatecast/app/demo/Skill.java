package io.gatecast.app.demo;

import io.gatecast.avro.Evaluation;
import java.util.Locale;

/// How much better than the two simplest forecasts the next steps were forecast, over all windows so far.
final class Skill {
    private double error;
    private double lastError;
    private double seasonalError;
    private double errorBesideSeason;

    /// Counts a window for as many errors as it has targets, each in units of the series' own seasonal difference.
    void add(Evaluation window) {
        Double mase = window.getMase(), overLast = window.getSkillOverLastValue();
        if (mase == null || overLast == null || overLast >= 1) {
            return; // it has no unit, or nothing to compare with
        }
        double errors = mase * window.getTargets();
        error += errors;
        lastError += errors / (1 - overLast);
        Double season = window.getSkillOverSeasonalNaive();
        if (season != null && season < 1) {
            errorBesideSeason += errors;
            seasonalError += errors / (1 - season);
        }
    }

    /// @return 1 - error / error of the last value; NaN where nothing was judged
    double overLastValue() {
        return 1 - error / lastError;
    }

    /// @return 1 - error / error of the value a season before; NaN where nothing was judged or there is no season
    double overSeasonalNaive() {
        return 1 - errorBesideSeason / seasonalError;
    }

    @Override
    public String toString() {
        return than(overLastValue(), "last value")
                + (Double.isNaN(overSeasonalNaive()) ? "" : ", " + than(overSeasonalNaive(), "seasonal naive"));
    }

    private static String than(double skill, String other) {
        return Double.isNaN(skill)
                ? "not yet held against " + other
                : String.format(Locale.ROOT, "%.0f %% %s than %s", 100 * Math.abs(skill),
                        skill < 0 ? "worse" : "better",
                        other);
    }
}
