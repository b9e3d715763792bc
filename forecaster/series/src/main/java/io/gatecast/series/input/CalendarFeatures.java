package io.gatecast.series.input;

import io.gatecast.series.input.Calendar.Cycle;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The columns of a [Calendar] at a moment:
///
///     2 a cycle    sine and cosine of its phase by the clocks of the zone
///     1            1 where the step's day is a holiday, else 0; none without a region
///     1 a day      likewise of each of the days ahead
///
/// What holds for a whole day is worked out once a day and remembered, since the hot path is to allocate nothing: in a
/// table by time, which all threads share. Whoever finds another's day there works out their own, so what is written
/// depends on the moment alone.
final class CalendarFeatures {
    private static final long SLOT = 6 * 3_600_000L; // days begin at different hours
    private static final int SLOTS = 1024;
    private static final long MINUTE = 60_000;
    private static final int MILLIS = 1000;

    private final Calendar calendar;
    private final ZoneRules rules;
    private final @Nullable Holidays holidays;
    private final float[][] sines;
    private final float[][] cosines;
    private final AtomicReferenceArray<@Nullable Day> days = new AtomicReferenceArray<>(SLOTS);

    /// A day, or a part of it without a change of clocks.
    ///
    /// @param from     milliseconds since the epoch
    /// @param to       likewise, exclusive
    /// @param midnight when it would have begun by its clocks
    /// @param weekday  from 0, Monday
    /// @param yearday  from 0
    /// @param flags    its own holiday, then those ahead
    private record Day(long from, long to, long midnight, int weekday, int yearday, float[] flags) {}

    CalendarFeatures(Calendar calendar) {
        this.calendar = calendar;
        this.rules = calendar.zone().getRules();
        this.holidays = calendar.holidays() == null ? null : Holidays.of(calendar.holidays());
        this.sines = new float[calendar.cycles().size()][];
        this.cosines = new float[sines.length][];
        for (int i = 0; i < sines.length; i++) {
            int places = calendar.cycles().get(i).places;
            sines[i] = new float[places];
            cosines[i] = new float[places];
            for (int place = 0; place < places; place++) {
                double phase = 2 * Math.PI * place / places;
                sines[i][place] = (float) StrictMath.sin(phase);
                cosines[i][place] = (float) StrictMath.cos(phase);
            }
        }
    }

    /// @param time of the step, milliseconds since the epoch
    /// @param x    on return the columns, from `to`
    void write(long time, float[] x, int to) {
        Day day = dayOf(time);
        int column = to;
        for (int i = 0; i < sines.length; i++) {
            int place = placeOf(calendar.cycles().get(i), day, time);
            x[column++] = sines[i][place];
            x[column++] = cosines[i][place];
        }
        System.arraycopy(day.flags, 0, x, column, day.flags.length);
    }

    private static int placeOf(Cycle cycle, Day day, long time) {
        return switch (cycle) {
            case TIME_OF_DAY -> (int) ((time - day.midnight) / MINUTE);
            case DAY_OF_WEEK -> day.weekday;
            case DAY_OF_YEAR -> day.yearday;
        };
    }

    private Day dayOf(long time) {
        int slot = (int) Math.floorMod(Math.floorDiv(time, SLOT), (long) SLOTS);
        Day day = days.get(slot);
        if (day == null || time < day.from || time >= day.to) {
            day = workOut(time);
            days.set(slot, day);
        }
        return day;
    }

    private Day workOut(long time) {
        Instant instant = Instant.ofEpochMilli(time);
        ZoneOffset offset = rules.getOffset(instant);
        LocalDate date = LocalDate.ofInstant(instant, offset);
        long midnight = date.atStartOfDay().toEpochSecond(offset) * MILLIS;
        long next = date.plusDays(1).atStartOfDay().toEpochSecond(offset) * MILLIS;
        ZoneOffsetTransition before = rules.previousTransition(instant.plusMillis(1));
        ZoneOffsetTransition after = rules.nextTransition(instant);
        long from = before == null ? midnight : Math.max(midnight, before.toEpochSecond() * MILLIS);
        long to = after == null ? next : Math.min(next, after.toEpochSecond() * MILLIS);
        return new Day(from, to, midnight, date.getDayOfWeek().ordinal(), date.getDayOfYear() - 1, flags(date));
    }

    private float[] flags(LocalDate date) {
        if (holidays == null) {
            return new float[0];
        }
        float[] flags = new float[1 + calendar.holidaysAhead()];
        for (int ahead = 0; ahead < flags.length; ahead++) {
            flags[ahead] = holidays.contains(date.plusDays(ahead)) ? 1 : 0;
        }
        return flags;
    }
}
