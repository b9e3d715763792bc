package io.gatecast.app.command.mixin;

import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.training.CovariateUnits;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the network is told beside the values.
public final class KnownOptions {
    @Option(names = "--calendar", description = "Tell the network where in the day, the week and the year a step lies.")
    private boolean calendar;

    @Option(names = "--time-zone", paramLabel = "ZONE", description = "Whose clocks --calendar goes by, as in Europe/Berlin (default: UTC).")
    private @Nullable ZoneId zone;

    @Option(names = "--holidays", paramLabel = "REGION", description = "Let --calendar tell holidays, too, those ahead included: of a country or a part of it, as in us, us-ny or de-by.")
    private @Nullable String holidays;

    @Mixin
    private CovariateOptions covariates = new CovariateOptions();

    @Option(names = "--category", paramLabel = "REGEX", description = "Let the network learn a few numbers of each category of series, which this regular expression finds in a series' id, as in '^([^/]+)/': its first group, or the whole match.")
    private @Nullable String category;

    @Option(names = "--embedding", paramLabel = "N", description = "How many numbers of each --category (default: one more than the root of how many categories there are, at most 8).")
    private @Nullable Integer embedding;

    /// @return names of the columns that hold covariates
    List<String> covariates() {
        return covariates.names();
    }

    /// @param interval length of a step
    /// @param horizon  steps ahead
    /// @throws IllegalArgumentException if there is nothing of what is to be told
    KnownInputs inputs(Duration interval, int horizon, List<Series> series) {
        if (!calendar && (zone != null || holidays != null)) {
            throw new IllegalArgumentException(
                    (zone != null ? "--time-zone" : "--holidays") + ": expected --calendar beside it, found none");
        }
        if (category == null && embedding != null) {
            throw new IllegalArgumentException("--embedding: expected --category REGEX beside it, found none");
        }
        return new KnownInputs(
                calendar
                        ? Calendar.of(zone == null ? ZoneOffset.UTC : zone, holidays, interval.toMillis(), horizon)
                        : null,
                CovariateUnits.of(covariates(), series), category == null
                        ? null
                        : Categories.of(category, series.stream().map(Series::id).toList(),
                                embedding == null ? OptionalInt.empty() : OptionalInt.of(embedding)));
    }
}
