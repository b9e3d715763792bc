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
import java.util.function.Function;
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
    private static final List<String> BEIJING = List.of("PM2.5", "PM10", "SO2", "NO2", "CO", "O3", "TEMP", "PRES",
            "DEWP",
            "RAIN", "WSPM");
    private static final List<String> COMPASS = List.of("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW",
            "SW",
            "WSW", "W", "WNW", "NW", "NNW");

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
        return stations("pjm", "mw", row -> new double[0]);
    }

    /// @return one column of each station, the others as covariates, in the order of [#beijingCovariates]
    List<Series> beijing(String column) throws IOException {
        List<String> others = BEIJING.stream().filter(other -> !other.equals(column)).toList();
        return stations("beijing", column, row -> beijingCovariates(row, others));
    }

    /// @return names of what is known beside a column
    static List<String> beijingCovariates(String column) {
        return Stream.concat(BEIJING.stream().filter(other -> !other.equals(column)), Stream.of("north", "east"))
                .toList();
    }

    /// The wind, a direction of sixteen and a speed, becomes how fast it blows from the north and from the east: north by
    /// north-east is as near to north as to north-east.
    private static double[] beijingCovariates(Row row, List<String> others) {
        double[] covariates = Arrays.copyOf(others.stream().mapToDouble(row::number).toArray(), others.size() + 2);
        int point = COMPASS.indexOf(row.text("wd"));
        double from = point < 0 ? Double.NaN : 2 * Math.PI * point / COMPASS.size();
        double speed = row.number("WSPM");
        covariates[others.size()] = speed * StrictMath.cos(from);
        covariates[others.size() + 1] = speed * StrictMath.sin(from);
        return covariates;
    }

    /// A line of a file.
    private record Row(Path file, NamedCsvRecord cells) {
        String text(String column) {
            return cells.getField(column);
        }

        double number(String column) {
            return PublicData.number(file, cells, text(column));
        }

        long timestamp() {
            return Timestamps.parse(text("timestamp"))
                    .orElseThrow(() -> refused(file, cells, Timestamps.expected(), text("timestamp")));
        }
    }

    private List<Series> stations(String name, String column, Function<Row, double[]> covariates) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.resolve(name))) {
            files = all.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
        } catch (NoSuchFileException e) {
            throw new IOException(folder.resolve(name) + ": no such folder; check the path", e);
        }
        List<Series> series = new ArrayList<>();
        for (Path file : files) {
            series.add(station(file, column, covariates));
        }
        return series;
    }

    private static Series station(Path file, String column, Function<Row, double[]> covariates) throws IOException {
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
            List<Long> timestamps = new ArrayList<>();
            List<double[]> rows = new ArrayList<>();
            csv.forEach(cells -> {
                Row row = new Row(file, cells);
                double[] besides = covariates.apply(row);
                double[] numbers = Arrays.copyOf(besides, besides.length + 1);
                numbers[besides.length] = row.number(column);
                timestamps.add(row.timestamp());
                rows.add(numbers);
            });
            double[][] columns = IntStream.range(0, rows.getFirst().length)
                    .mapToObj(c -> rows.stream().mapToDouble(row -> row[c]).toArray()).toArray(double[][]::new);
            int last = columns.length - 1;
            return new Series(file.getFileName().toString().replace(".csv", ""),
                    timestamps.stream().mapToLong(Long::longValue).toArray(), new double[][]{columns[last]},
                    Arrays.copyOf(columns, last));
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
