package io.gatecast.app.command.mixin;

import io.gatecast.training.data.CsvSource;
import io.gatecast.training.data.CsvSource.Layout;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Recorded series from a file.
public final class DataOptions {
    @Option(names = "--data", required = true, paramLabel = "FILE", description = "Series as CSV, with a header line; .gz is unpacked.")
    private Path file;

    @Option(names = "--format", paramLabel = "LAYOUT", description = "${COMPLETION-CANDIDATES} (default: told by the header). LONG: series,timestamp,value...; "
            + "WIDE: timestamp, then a column a series; ROWS: id,v1,v2,...")
    private @Nullable Layout layout;

    /// @return the file's name, for people
    public String name() {
        return String.valueOf(file.getFileName());
    }

    /// @param interval length of a step, for a file without timestamps; null if not given
    /// @throws IOException with a sentence that names file and line, if it cannot be read
    public List<Series> load(@Nullable Duration interval) throws IOException {
        return load(interval, List.of());
    }

    /// @param covariates names of the columns that hold covariates
    public List<Series> load(@Nullable Duration interval, List<String> covariates) throws IOException {
        List<Series> series = new CsvSource(file, layout, interval == null ? 0 : interval.toMillis(), covariates)
                .read();
        if (interval == null && series.stream().anyMatch(DataOptions::hasNoTimestamps)) {
            throw new IOException(file + ": rows have no timestamps; say how long a step is, as in --interval 1h");
        }
        return series;
    }

    private static boolean hasNoTimestamps(Series series) {
        return series.length() > 1 && series.timestamps()[series.length() - 1] == 0;
    }
}
