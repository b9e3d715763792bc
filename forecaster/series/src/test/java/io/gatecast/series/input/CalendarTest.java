package io.gatecast.series.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.series.input.Calendar.Cycle;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalendarTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = 24 * HOUR;
    private static final List<Cycle> ALL = List.of(Cycle.values());

    private static float[] columns(CalendarFeatures features, Calendar calendar, long time) {
        float[] x = new float[calendar.columns()];
        features.write(time, x, 0);
        return x;
    }

    /// By the clocks of the zone, as java.time tells them: over half a century, over single changes of clocks, on a whole
    /// day that Apia left out.
    @ParameterizedTest
    @CsvSource({"UTC, 1970-01-01, 20000", "Europe/Berlin, 1970-01-01, 20000", "America/New_York, 2026-03-07, 3",
            "America/New_York, 2026-10-31, 3", "Asia/Kathmandu, 1985-12-20, 30", "Australia/Lord_Howe, 2026-04-03, 4",
            "Pacific/Apia, 2011-12-28, 5", "+03:30, 2026-01-01, 366"})
    void cyclesAreThoseOfTheClocksThere(ZoneId zone, LocalDate from, int days) {
        Calendar calendar = new Calendar(zone, ALL, null, 0);
        CalendarFeatures features = new CalendarFeatures(calendar);
        SplittableRandom random = new SplittableRandom(days);
        long start = from.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        for (int i = 0; i < 3000; i++) {
            long time = start + random.nextLong(days * DAY);
            ZonedDateTime there = Instant.ofEpochMilli(time).atZone(zone);
            int minute = there.getHour() * 60 + there.getMinute();
            assertArrayEquals(new float[]{sine(minute, 1440), cosine(minute, 1440),
                    sine(there.getDayOfWeek().getValue() - 1, 7), cosine(there.getDayOfWeek().getValue() - 1, 7),
                    sine(there.getDayOfYear() - 1, 366), cosine(there.getDayOfYear() - 1, 366)},
                    columns(features, calendar, time), there.toString());
        }
    }

    private static float sine(int place, int places) {
        return (float) StrictMath.sin(2 * Math.PI * place / places);
    }

    private static float cosine(int place, int places) {
        return (float) StrictMath.cos(2 * Math.PI * place / places);
    }

    @Test
    void onlyCyclesLongerThanAStepAreTold() {
        assertEquals(ALL, of(HOUR, null, 1).cycles());
        assertEquals(List.of(Cycle.DAY_OF_WEEK, Cycle.DAY_OF_YEAR), of(DAY, null, 1).cycles());
        assertEquals(List.of(Cycle.DAY_OF_YEAR), of(7 * DAY, null, 1).cycles());
    }

    @Test
    void holidaysAreToldOfTheDaysThatTheHorizonReachesInto() {
        assertEquals(0, of(HOUR, null, 48).holidaysAhead());
        assertEquals(1, of(HOUR, "us", 1).holidaysAhead());
        assertEquals(2, of(HOUR, "us", 48).holidaysAhead());
        assertEquals(3, of(HOUR, "us", 49).holidaysAhead());
        assertEquals(14, of(DAY, "us", 30).holidaysAhead());
        assertEquals(6 + 3, of(HOUR, "us", 48).columns());
    }

    private static Calendar of(long interval, @Nullable String holidays, int horizon) {
        return Calendar.of(ZoneOffset.UTC, holidays, interval, horizon);
    }

    /// Flags of the step's own day and of two ahead, at any hour of it by the clocks of the place.
    @ParameterizedTest
    @CsvSource({"us, 2026-07-01, 001", "us, 2026-07-02, 011", "us, 2026-07-03, 110", "us, 2026-11-25, 010",
            "us, 2021-12-29, 001", "us, 2021-12-31, 110", "de, 2026-01-05, 000", "de-by, 2026-01-05, 010",
            "de-by, 2026-01-06, 100", "us-ca, 2026-03-31, 100", "us-ma-sc, 2026-03-17, 100", "gb, 2026-12-24, 011",
            "us, 2500-07-04, 000"})
    void aHolidayIsKnownDaysAhead(String region, LocalDate day, String expected) {
        ZoneId zone = ZoneId.of("America/New_York");
        Calendar calendar = new Calendar(zone, List.of(), region, 2);
        CalendarFeatures features = new CalendarFeatures(calendar);
        for (int hour = 0; hour < 24; hour++) {
            float[] flags = columns(features, calendar, day.atTime(hour, 59).atZone(zone).toInstant().toEpochMilli());
            assertEquals(expected, "%.0f%.0f%.0f".formatted(flags[0], flags[1], flags[2]), "hour " + hour);
        }
    }

    @ParameterizedTest
    @CsvSource({"uss, us", "de-byy, de-by", "nyes, nyse"})
    void anUnknownRegionIsRefusedWithTheNearest(String region, String nearest) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> of(HOUR, region, 1)).getMessage());
        assertEquals("holidays: expected a region as in us, us-ny or de-by, found " + region + "; did you mean "
                + nearest + "?", message);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 15})
    void onlySoManyDaysAheadAreTold(int ahead) {
        var e = assertThrows(IllegalArgumentException.class, () -> new Calendar(ZoneOffset.UTC, ALL, "us", ahead));
        assertEquals("calendar: expected holidays of 0 to 14 days ahead to be told, found " + ahead, e.getMessage());
    }

    @Test
    void aCalendarTellsSomething() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> new Calendar(ZoneOffset.UTC, List.of(), null, 0));
        assertEquals("calendar: expected a cycle or holidays to tell, found neither", e.getMessage());
    }
}
