package io.gatecast.series.input;

import de.focus_shift.jollyday.core.CalendarHierarchy;
import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import java.time.LocalDate;
import java.time.Year;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/// The public and bank holidays of a region, as the library Jollyday knows them: a country by its ISO 3166-1 code or a
/// stock exchange, and parts of it after hyphens, as in `us`, `us-ny`, `de-by`, `nyse`. For any number of threads.
final class Holidays {
    private static final Map<String, Holidays> KNOWN = new ConcurrentHashMap<>();

    /// Years of which holidays are known; the tables of moons end there.
    private static final int FIRST = 1900;
    private static final int LAST = 2170;

    private final HolidayManager manager;
    private final String[] parts;
    private final Map<Integer, BitSet> years = new ConcurrentHashMap<>();

    private Holidays(HolidayManager manager, String[] parts) {
        this.manager = manager;
        this.parts = parts;
    }

    /// @throws IllegalArgumentException with the nearest known region, if there is none of that name
    static Holidays of(String region) {
        return KNOWN.computeIfAbsent(region, Holidays::find);
    }

    private static Holidays find(String region) {
        String[] names = region.split("-", -1);
        if (!countries().contains(names[0])) {
            throw unknown(region, countries());
        }
        HolidayManager manager = HolidayManager.getInstance(ManagerParameters.create(names[0]));
        CalendarHierarchy place = manager.getCalendarHierarchy();
        String path = names[0];
        for (String name : Arrays.asList(names).subList(1, names.length)) {
            Map<String, CalendarHierarchy> inside = place.getChildren();
            CalendarHierarchy next = inside.get(name);
            if (next == null) {
                Set<String> near = new TreeSet<>(Set.of(path));
                for (String each : inside.keySet()) {
                    near.add(path + "-" + each);
                }
                throw unknown(region, near);
            }
            place = next;
            path += "-" + name;
        }
        return new Holidays(manager, Arrays.copyOfRange(names, 1, names.length));
    }

    private static Set<String> countries() {
        Set<String> codes = new TreeSet<>();
        for (String code : HolidayManager.getSupportedCalendarCodes()) {
            codes.add(code.toLowerCase(Locale.ROOT));
        }
        return codes;
    }

    private static IllegalArgumentException unknown(String region, Set<String> known) {
        JaroWinklerSimilarity similarity = new JaroWinklerSimilarity();
        String nearest = known.stream().max(Comparator.comparingDouble(each -> similarity.apply(region, each)))
                .orElseThrow();
        return new IllegalArgumentException("holidays: expected a region as in us, us-ny or de-by, found " + region
                + "; did you mean " + nearest + "?");
    }

    boolean contains(LocalDate day) {
        return day.getYear() >= FIRST && day.getYear() <= LAST
                && years.computeIfAbsent(day.getYear(), this::daysOf).get(day.getDayOfYear());
    }

    /// Where a holiday on a weekend is kept on a working day, too, both count; that may lie in the year before.
    private BitSet daysOf(int year) {
        BitSet days = new BitSet();
        for (int of = Math.max(FIRST, year - 1); of <= Math.min(LAST, year + 1); of++) {
            for (Holiday holiday : manager.getHolidays(Year.of(of), parts)) {
                if (holiday.getType() != HolidayType.OBSERVANCE) {
                    mark(holiday.getActualDate(), year, days);
                    holiday.getObservedDate().ifPresent(date -> mark(date, year, days));
                }
            }
        }
        return days;
    }

    private static void mark(LocalDate date, int year, BitSet days) {
        if (date.getYear() == year) {
            days.set(date.getDayOfYear());
        }
    }
}
