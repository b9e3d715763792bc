package io.gatecast.training.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// When something was wrong, as people have said: what was measured then is not learned. It becomes missing before anything
/// else is made of a series, so that no target, no input, no scale and no cost of an error rests on it, and a training with
/// labels is the training of series that lack these steps.
///
/// @param anomalies in any order; they may overlap
public record LabelledTimes(List<Anomaly> anomalies) {
    private static final List<String> COLUMNS = List.of("series", "from", "to");
    private static final String VERDICT = "verdict";
    private static final String TRUE = "true alarm";
    private static final String FALSE = "false alarm";

    /// @param series whose
    /// @param from   event time of its first step, milliseconds since the epoch
    /// @param to     likewise of the last, inclusive
    public record Anomaly(String series, long from, long to) {}

    public LabelledTimes {
        anomalies = List.copyOf(anomalies);
    }

    /// Reads a CSV file with the header `series,from,to` and perhaps `verdict`, of whose rows those that say `false alarm`
    /// are passed over: nothing was wrong then.
    ///
    /// @throws IOException with a sentence that names file and line, if it cannot be read
    public static LabelledTimes read(Path file) throws IOException {
        List<Anomaly> anomalies = new ArrayList<>();
        try (CsvReader<CsvRecord> records = CsvReader.builder().skipEmptyLines(true).ofCsvRecord(file)) {
            boolean header = true;
            for (CsvRecord row : records) {
                if (header) {
                    requireHeader(file, row);
                    header = false;
                } else if (row.getFieldCount() == COLUMNS.size() || isTrue(file, row)) {
                    anomalies.add(anomaly(file, row));
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file; check the path", e);
        } catch (CsvParseException e) {
            throw new IOException(file + ": not a CSV file: " + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        }
        return new LabelledTimes(anomalies);
    }

    private static void requireHeader(Path file, CsvRecord row) throws IOException {
        List<String> names = row.getFields().stream().map(name -> name.replace("\uFEFF", "").strip()).toList();
        boolean known = names.equals(COLUMNS)
                || names.size() == 4 && names.subList(0, 3).equals(COLUMNS) && names.get(3).equals(VERDICT);
        if (!known) {
            throw at(file, row, "expected the header series,from,to or series,from,to,verdict, found "
                    + String.join(",", names));
        }
    }

    private static boolean isTrue(Path file, CsvRecord row) throws IOException {
        String verdict = row.getField(3).strip().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (!verdict.equals(TRUE) && !verdict.equals(FALSE)) {
            throw at(file, row, "verdict: expected " + TRUE + " or " + FALSE + ", found '" + row.getField(3) + "'");
        }
        return verdict.equals(TRUE);
    }

    private static Anomaly anomaly(Path file, CsvRecord row) throws IOException {
        long from = moment(file, row, 1), to = moment(file, row, 2);
        if (to < from) {
            throw at(file, row, "to: expected a time not before from, found " + row.getField(2));
        }
        return new Anomaly(row.getField(0).strip(), from, to);
    }

    private static long moment(Path file, CsvRecord row, int column) throws IOException {
        OptionalLong moment = Timestamps.parse(row.getField(column).strip());
        if (moment.isEmpty()) {
            throw at(file, row,
                    COLUMNS.get(column) + ": " + Timestamps.expected() + ", found '" + row.getField(column) + "'");
        }
        return moment.getAsLong();
    }

    private static IOException at(Path file, CsvRecord row, String fault) {
        return new IOException(file + ":" + row.getStartingLineNumber() + ": " + fault);
    }

    /// @param interval length of a step, milliseconds: a step is left out as a whole
    /// @return the same series without what was measured in these times; covariates stay
    public List<Series> leftOutOf(List<Series> series, long interval) {
        return series.stream().map(each -> leftOutOf(each, interval)).toList();
    }

    private Series leftOutOf(Series series, long interval) {
        List<Anomaly> own = anomalies.stream().filter(anomaly -> anomaly.series().equals(series.id())).toList();
        if (own.isEmpty()) {
            return series;
        }
        double[][] values = Arrays.stream(series.values()).map(double[]::clone).toArray(double[][]::new);
        for (int i = 0; i < series.length(); i++) {
            long step = Math.floorDiv(series.timestamps()[i], interval);
            boolean wrong = own.stream().anyMatch(anomaly -> step >= Math.floorDiv(anomaly.from(), interval)
                    && step <= Math.floorDiv(anomaly.to(), interval));
            for (int c = 0; wrong && c < values.length; c++) {
                values[c][i] = Double.NaN;
            }
        }
        return new Series(series.id(), series.timestamps(), values, series.covariates());
    }

    /// @return how many of them lie in series that are there
    public long within(List<Series> series) {
        return anomalies.stream().filter(anomaly -> series.stream().anyMatch(each -> each.id().equals(anomaly.series())
                && each.between(anomaly.from(), anomaly.to() + 1).length() > 0)).count();
    }
}
