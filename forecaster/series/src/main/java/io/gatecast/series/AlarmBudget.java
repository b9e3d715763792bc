package io.gatecast.series;

import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// How many alarms a person wants to see. Each series has its share and keeps to it by itself, from its own recent scores
/// ([io.gatecast.series.judge.Episodes]), so that what it does depends on nothing but its own observations.
///
/// @param perDay     alarms a day of a thousand series together; empty = one in 8,000 steps of each
/// @param exceptions the first that a series' id matches as a whole counts instead
public record AlarmBudget(OptionalDouble perDay, List<Other> exceptions) {
    private static final double USUAL = 1.0 / 8000; // alarms a step, the rate that was found on NAB
    private static final double SERIES = 1000;
    private static final double DAY = 86_400_000;

    /// One alarm in 8,000 steps of a series.
    public static final AlarmBudget DEFAULT = new AlarmBudget(OptionalDouble.empty(), List.of());

    /// Other alarms for some series.
    ///
    /// @param perDay of a thousand of them together; 0 = none at all
    public record Other(Pattern series, double perDay) {
        public Other {
            requireRate(perDay);
        }
    }

    public AlarmBudget {
        perDay.ifPresent(AlarmBudget::requireRate);
        exceptions = List.copyOf(exceptions);
    }

    /// @param perDay alarms a day of a thousand series together
    public static AlarmBudget of(double perDay) {
        return new AlarmBudget(OptionalDouble.of(perDay), List.of());
    }

    private static void requireRate(double perDay) {
        if (!(perDay >= 0 && perDay < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alarms a day: expected a number of at least 0, found " + perDay);
        }
    }

    /// @param intervalMillis length of a step
    /// @return alarms a step of a series, 0 to 1
    public double alarmsAStep(String seriesId, long intervalMillis) {
        for (Other exception : exceptions) {
            if (exception.series.matcher(seriesId).matches()) {
                return perStep(exception.perDay, intervalMillis);
            }
        }
        return perDay.isPresent() ? perStep(perDay.getAsDouble(), intervalMillis) : USUAL;
    }

    private static double perStep(double perDay, long intervalMillis) {
        return Math.min(1, perDay / SERIES * intervalMillis / DAY);
    }
}
