package io.gatecast.streams;

import io.gatecast.avro.Features;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Calendar.Cycle;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.KnownInputs;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a network is told beside the values, as it travels within a model's features.
final class KnownRecords {

    private KnownRecords() {}

    /// @throws IllegalArgumentException with a sentence
    static KnownInputs toKnown(Features features) {
        return new KnownInputs(calendar(features.getCalendar()), features.getCovariates().stream()
                .map(each -> new Covariate(each.getName(), each.getLocation(), each.getScale())).toList(),
                categories(features.getCategories()));
    }

    private static @Nullable Categories categories(io.gatecast.avro.@Nullable Categories categories) {
        return categories == null
                ? null
                : new Categories(categories.getPattern(), categories.getVocabulary(), categories.getDimensions());
    }

    static io.gatecast.avro.@Nullable Categories toRecord(@Nullable Categories categories) {
        return categories == null
                ? null
                : new io.gatecast.avro.Categories(categories.pattern(), categories.vocabulary(),
                        categories.dimensions());
    }

    private static @Nullable Calendar calendar(io.gatecast.avro.@Nullable Calendar calendar) {
        return calendar == null
                ? null
                : new Calendar(zone(calendar.getZone()),
                        calendar.getCycles().stream().map(KnownRecords::cycle).toList(),
                        calendar.getHolidays(), calendar.getHolidaysAhead());
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "features.calendar.zone: expected a time zone that this Java knows, found "
                            + name,
                    e);
        }
    }

    private static Cycle cycle(String label) {
        return Arrays.stream(Cycle.values()).filter(cycle -> cycle.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("features.calendar.cycles: expected some of "
                        + Arrays.stream(Cycle.values()).map(Cycle::label).collect(Collectors.joining(", ")) + ", found "
                        + label));
    }

    static io.gatecast.avro.@Nullable Calendar toRecord(@Nullable Calendar calendar) {
        return calendar == null
                ? null
                : new io.gatecast.avro.Calendar(calendar.zone().getId(),
                        calendar.cycles().stream().map(Cycle::label).toList(), calendar.holidays(),
                        calendar.holidaysAhead());
    }

    static List<io.gatecast.avro.Covariate> toRecord(List<Covariate> covariates) {
        return covariates.stream()
                .map(each -> new io.gatecast.avro.Covariate(each.name(), each.location(), each.scale())).toList();
    }
}
