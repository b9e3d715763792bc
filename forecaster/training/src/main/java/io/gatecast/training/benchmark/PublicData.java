package io.gatecast.training.benchmark;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.gatecast.training.data.CsvSource;
import io.gatecast.training.data.CsvSource.Layout;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.Timestamps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The files of public data sets, as they are published, in a folder each. None of them is part of the project.
///
///     m4/Hourly-train.csv, Hourly-test.csv    Mcompetitions/M4-methods
///     ett/ETTh1.csv                           zhouhaoyi/ETDataset
///     pjm/ZONE.csv                            timestamp,mw
///     beijing/STATION.csv                     UCI Beijing Multi-Site Air Quality, with a timestamp
///     exchange_rate/exchange_rate.csv         laiguokun/multivariate-time-series-data, 8 columns without a header
///
/// @param folder that holds them
record PublicData(Path folder) {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    /// @return each series of M4 Hourly, its 48 held-out values at its end
    List<Series> m4Hourly() throws IOException {
        Map<String, Series> tests = new LinkedHashMap<>();
        rows("m4/Hourly-test.csv").forEach(series -> tests.put(series.id(), series));
        List<Series> whole = new ArrayList<>();
        for (Series train : rows("m4/Hourly-train.csv")) {
            Series test = tests.get(train.id());
            if (test == null) {
                throw new IOException(
                        "m4/Hourly-test.csv: no row for " + train.id() + ", which m4/Hourly-train.csv has");
            }
            double[] values = concat(train.values()[0], test.values()[0]);
            whole.add(new Series(train.id(), grid(values.length, HOUR), new double[][]{values}));
        }
        return whole;
    }

    private List<Series> rows(String file) throws IOException {
        return new CsvSource(folder.resolve(file), Layout.ROWS, HOUR).read();
    }

    private static double[] concat(double[] first, double[] second) {
        double[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static long[] grid(int steps, long interval) {
        return IntStream.range(0, steps).mapToLong(t -> t * interval).toArray();
    }

    /// @return the seven columns
    List<Series> etth1() throws IOException {
        return new CsvSource(folder.resolve("ett/ETTh1.csv"), Layout.WIDE, HOUR).read();
    }

    /// @return the load of each zone
    List<Series> pjm() throws IOException {
        return columns("pjm", "mw");
    }

    /// @return one column of each station
    List<Series> beijing(String column) throws IOException {
        return columns("beijing", column);
    }

    private List<Series> columns(String name, String column) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.resolve(name))) {
            files = all.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
        } catch (NoSuchFileException e) {
            throw new IOException(folder.resolve(name) + ": no such folder; check the path", e);
        }
        List<Series> series = new ArrayList<>();
        for (Path file : files) {
            series.add(column(file, column));
        }
        return series;
    }

    private static Series column(Path file, String column) throws IOException {
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
            List<Long> timestamps = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            csv.forEach(row -> {
                timestamps.add(Timestamps.parse(row.getField("timestamp"))
                        .orElseThrow(() -> refused(file, row, Timestamps.expected(), row.getField("timestamp"))));
                values.add(number(file, row, row.getField(column)));
            });
            return new Series(file.getFileName().toString().replace(".csv", ""),
                    timestamps.stream().mapToLong(Long::longValue).toArray(), new double[][]{
                            values.stream().mapToDouble(Double::doubleValue).toArray()});
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static double number(Path file, CsvRecord row, String cell) {
        try {
            return cell.isBlank() ? Double.NaN : Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw refused(file, row, "expected a number", cell);
        }
    }

    private static UncheckedIOException refused(Path file, CsvRecord row, String expected, String found) {
        return new UncheckedIOException(new IOException(
                file + ":" + row.getStartingLineNumber() + ": " + expected + ", found \"" + found + "\""));
    }

    /// @return the eight currencies, a day a step
    List<Series> exchangeRate() throws IOException {
        Path file = folder.resolve("exchange_rate/exchange_rate.csv");
        List<double[]> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(file)) {
            csv.forEach(row -> rows.add(row.getFields().stream().mapToDouble(cell -> number(file, row, cell))
                    .toArray()));
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file; check the path", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return IntStream.range(0, rows.getFirst().length)
                .mapToObj(c -> new Series("currency-" + (c + 1), grid(rows.size(), DAY), new double[][]{
                        rows.stream().mapToDouble(row -> row[c]).toArray()}))
                .toList();
    }

    /// @return the values before a moment
    static List<Series> before(List<Series> series, long timestamp) {
        return series.stream().map(each -> each.between(Long.MIN_VALUE, timestamp)).toList();
    }

    /// @return all but the last steps
    static List<Series> withoutLast(List<Series> series, int steps) {
        return series.stream()
                .map(each -> each.between(Long.MIN_VALUE, each.timestamps()[each.length() - steps])).toList();
    }
}
