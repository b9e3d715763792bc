package io.gatecast.training.detection;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.Timestamps;
import io.gatecast.training.detection.Labelled.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// How labelled series lie in a folder, as they are published.
public enum Layout {
    /// `data/KIND/FILE.csv` of `timestamp,value`, and `labels/combined_windows.json`: numenta/NAB.
    NAB {
        @Override
        public List<Labelled> read(Path folder) throws IOException {
            Path labels = folder.resolve("labels/combined_windows.json");
            Map<String, List<List<String>>> windows = windows(labels);
            Path data = folder.resolve("data");
            List<Labelled> all = new ArrayList<>();
            for (Path file : files(data)) {
                String name = nameOf(data, file);
                List<List<String>> its = windows.get(name);
                if (its == null) {
                    throw new IOException(labels + ": no windows for " + name + ", which " + data + " has");
                }
                Table table = table(file, ',', List.of("value"), List.of());
                Series series = series(name, table);
                all.add(new Labelled(series, within(labels, series, its)));
            }
            return all;
        }
    },
    /// `FILE.csv` of `timestamp,value,label`: the KPI challenge, NetManAIOps/KPI-Anomaly-Detection, a file a KPI.
    KPI {
        @Override
        public List<Labelled> read(Path folder) throws IOException {
            List<Labelled> all = new ArrayList<>();
            for (Path file : files(folder)) {
                Table table = table(file, ',', List.of("value"), List.of("label"));
                all.add(new Labelled(series(nameOf(folder, file), table), Labelled.runs(table.labels.getFirst())));
            }
            return all;
        }
    },
    /// `KIND/FILE.csv` of `datetime;SENSOR...;anomaly;changepoint`: waico/SKAB. A file without the last two holds nothing wrong and
    /// is passed over.
    SKAB {
        @Override
        public List<Labelled> read(Path folder) throws IOException {
            List<Labelled> all = new ArrayList<>();
            for (Path file : files(folder)) {
                List<String> header = header(file, ';');
                if (header.contains("anomaly")) {
                    List<String> sensors = header.subList(1, header.indexOf("anomaly"));
                    Table table = table(file, ';', sensors, List.of("anomaly"));
                    all.add(new Labelled(series(nameOf(folder, file), table), Labelled.runs(table.labels.getFirst())));
                }
            }
            return all;
        }
    };

    /// @return the series in the order of their names
    /// @throws IOException with a sentence, if a file is missing or holds something else
    public abstract List<Labelled> read(Path folder) throws IOException;

    /// Columns of a file.
    ///
    /// @param values `[channel][row]`
    /// @param labels `[label][row]`
    private record Table(long[] timestamps, double[][] values, List<int[]> labels) {}

    private static Series series(String name, Table table) {
        return new Series(name, table.timestamps, table.values);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
            if (files.isEmpty()) {
                throw new IOException(folder + ": expected CSV files, found none");
            }
            return files;
        } catch (NoSuchFileException e) {
            throw new IOException(folder + ": no such folder; check the path", e);
        }
    }

    private static String nameOf(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static Map<String, List<List<String>>> windows(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return JsonMapper.builder().build().readValue(in, new TypeReference<>() {
            });
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file; check the path", e);
        }
    }

    /// Windows are told by the timestamps of their first and last rows.
    private static List<Window> within(Path labels, Series series, List<List<String>> windows) throws IOException {
        List<Window> rows = new ArrayList<>();
        for (List<String> window : windows) {
            long from = moment(labels, window.getFirst()), to = moment(labels, window.getLast());
            int first = first(series, t -> t >= from), last = first(series, t -> t > to) - 1;
            if (last < first) {
                throw new IOException(labels + ": " + series.id() + " has no row in the window " + window);
            }
            rows.add(new Window(first, last));
        }
        return rows;
    }

    private static int first(Series series, Predicate<Long> holds) {
        int row = 0;
        while (row < series.length() && !holds.test(series.timestamps()[row])) {
            row++;
        }
        return row;
    }

    private static long moment(Path file, String text) throws IOException {
        return Timestamps.parse(text)
                .orElseThrow(() -> new IOException(file + ": " + Timestamps.expected() + ", found \"" + text + "\""));
    }

    private static List<String> header(Path file, char separator) throws IOException {
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().fieldSeparator(separator).ofNamedCsvRecord(file)) {
            return csv.stream().findFirst().map(NamedCsvRecord::getHeader).orElse(List.of());
        }
    }

    private static Table table(Path file, char separator, List<String> channels, List<String> labels)
            throws IOException {
        List<Long> timestamps = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();
        List<int[]> wrong = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().fieldSeparator(separator).ofNamedCsvRecord(file)) {
            csv.forEach(row -> {
                String when = row.getField(0);
                timestamps
                        .add(Timestamps.parse(when).orElseThrow(() -> refused(file, row, Timestamps.expected(), when)));
                rows.add(channels.stream().mapToDouble(name -> number(file, row, name)).toArray());
                wrong.add(labels.stream().mapToInt(name -> (int) number(file, row, name)).toArray());
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (timestamps.size() < 2) {
            throw new IOException(file + ": expected at least 2 rows, found " + timestamps.size());
        }
        double[][] values = new double[channels.size()][];
        for (int c = 0; c < values.length; c++) {
            int channel = c;
            values[c] = rows.stream().mapToDouble(row -> row[channel]).toArray();
        }
        List<int[]> columns = new ArrayList<>();
        for (int l = 0; l < labels.size(); l++) {
            int label = l;
            columns.add(wrong.stream().mapToInt(row -> row[label]).toArray());
        }
        return new Table(timestamps.stream().mapToLong(Long::longValue).toArray(), values, columns);
    }

    private static double number(Path file, NamedCsvRecord row, String column) {
        String cell = row.findField(column)
                .orElseThrow(
                        () -> refused(file, row, "expected a column " + column, String.join(",", row.getHeader())));
        try {
            return cell.isBlank() ? Double.NaN : Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw refused(file, row, column + ": expected a number", cell);
        }
    }

    private static UncheckedIOException refused(Path file, NamedCsvRecord row, String expected, String found) {
        return new UncheckedIOException(new IOException(
                file + ":" + row.getStartingLineNumber() + ": " + expected + ", found \"" + found + "\""));
    }
}
