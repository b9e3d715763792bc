package io.gatecast.series.input;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the network is told of the moment of a step, beside the values: where in the day, the week and the year it lies by
/// the clocks of a place, and whether its day and those ahead are holidays there.
///
/// @param zone          whose clocks count
/// @param cycles        which of them, each as sine and cosine of its phase
/// @param holidays      region as in `us`, `us-ny` or `de-by`, see [Holidays]; null = none are told
/// @param holidaysAhead of how many days after the step's own it is told, too; 0 without a region
public record Calendar(ZoneId zone, List<Cycle> cycles, @Nullable String holidays, int holidaysAhead) {
    /// Of holidays farther ahead nothing is told: each day is a column.
    private static final int MOST_AHEAD = 14;

    /// What comes round again.
    public enum Cycle {
        /// Minute of the day.
        TIME_OF_DAY(24 * 60, Duration.ofDays(1)),
        /// Day of the week, from Monday.
        DAY_OF_WEEK(7, Duration.ofDays(7)),
        /// Day of the year; each year as long as a leap year.
        DAY_OF_YEAR(366, Duration.ofDays(366));

        final int places;
        private final Duration length;

        Cycle(int places, Duration length) {
            this.places = places;
            this.length = length;
        }

        /// @return as people and files name it
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// @throws IllegalArgumentException with the nearest known region, if there is none of that name
    public Calendar {
        cycles = List.copyOf(cycles);
        if (holidays != null) {
            Holidays.of(holidays);
        }
        require(holidaysAhead >= 0 && holidaysAhead <= (holidays == null ? 0 : MOST_AHEAD),
                "calendar: expected holidays of 0 to " + (holidays == null ? 0 : MOST_AHEAD)
                        + " days ahead to be told, found " + holidaysAhead);
        require(!cycles.isEmpty() || holidays != null, "calendar: expected a cycle or holidays to tell, found neither");
    }

    /// With the cycles that are longer than a step, and the holidays that the horizon reaches into.
    ///
    /// @param intervalMillis length of a step
    /// @param horizon        steps ahead
    public static Calendar of(ZoneId zone, @Nullable String holidays, long intervalMillis, int horizon) {
        List<Cycle> cycles = new ArrayList<>();
        for (Cycle cycle : Cycle.values()) {
            if (intervalMillis < cycle.length.toMillis()) {
                cycles.add(cycle);
            }
        }
        double days = (double) intervalMillis * horizon / Duration.ofDays(1).toMillis();
        return new Calendar(zone, cycles, holidays, holidays == null ? 0 : (int) Math.min(MOST_AHEAD, Math.ceil(days)));
    }

    /// @return numbers for each step
    public int columns() {
        return 2 * cycles.size() + (holidays == null ? 0 : 1 + holidaysAhead);
    }

    /// @return in words, as in `time-of-day, day-of-week in Europe/Berlin, holidays of de-by 2 days ahead`
    public String inWords() {
        return cycles.stream().map(Cycle::label).collect(Collectors.joining(", ")) + " in " + zone
                + (holidays == null ? "" : ", holidays of " + holidays + " " + holidaysAhead + " days ahead");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
