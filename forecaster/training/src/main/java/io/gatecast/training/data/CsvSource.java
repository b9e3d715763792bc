package io.gatecast.training.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Series in a CSV file with a header line, in one of three layouts:
///
///     long   series,timestamp,value...    a row an observation; further columns are further channels
///            timestamp,value              the same, of one series named after the file
///     wide   timestamp,NAME,NAME...       a row a moment, a column a series
///     rows   id,v1,v2,...                 a row a series, without timestamps: steps lie an interval apart from 1970 on;
///                                         empty cells at the end of a row are not part of it
///
/// Columns can be named that hold covariates: they are no channels, and in the wide layout they belong to every series.
/// An empty cell is a missing value. Observations of a series may stand in any order; they are sorted by time, and of
/// those with the same timestamp the first stands first. Unless it is said which layout a file has, its header tells. A name
/// that ends in `.gz` is unpacked.
public final class CsvSource implements SeriesSource {
    private static final Set<String> TIME_NAMES = Set.of("timestamp", "time", "date", "datetime", "ts", "epoch");
    private static final Set<String> VALUE_NAMES = Set.of("value", "y");

    /// How a file is laid out.
    public enum Layout {
        LONG, WIDE, ROWS
    }

    private final Path file;
    private final @Nullable Layout layout;
    private final long intervalMillis;
    private final List<String> covariates;

    /// Without covariates.
    ///
    /// @param layout         null = told by the header
    /// @param intervalMillis between the steps of layout rows
    public CsvSource(Path file, @Nullable Layout layout, long intervalMillis) {
        this(file, layout, intervalMillis, List.of());
    }

    /// @param covariates names of the columns that hold covariates
    public CsvSource(Path file, @Nullable Layout layout, long intervalMillis, List<String> covariates) {
        this.file = file;
        this.layout = layout;
        this.intervalMillis = intervalMillis;
        this.covariates = List.copyOf(covariates);
    }

    @Override
    public List<Series> read() throws IOException {
        try (InputStream bytes = open()) {
            return read(bytes);
        }
    }

    /// Reads what does not lie in a file.
    ///
    /// @param name for messages
    static List<Series> read(String name, InputStream bytes, long intervalMillis) throws IOException {
        return new CsvSource(Path.of(name), null, intervalMillis).read(bytes);
    }

    private List<Series> read(InputStream bytes) throws IOException {
        try (Reader characters = new InputStreamReader(bytes, StandardCharsets.UTF_8);
                CsvReader<CsvRecord> records = csv(characters)) {
            return read(records.iterator());
        } catch (CsvParseException e) {
            throw new IOException(file + ": not a CSV file: " + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        }
    }

    private InputStream open() throws IOException {
        try {
            InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
            return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file; check the path", e);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static CsvReader<CsvRecord> csv(Reader characters) {
        return CsvReader.builder().skipEmptyLines(true).allowMissingFields(true).allowExtraFields(true)
                .ofCsvRecord(characters);
    }

    private List<Series> read(Iterator<CsvRecord> records) throws IOException {
        if (!records.hasNext()) {
            throw new IOException(file + ": the file is empty; expected a header line and data");
        }
        List<String> header = records.next().getFields().stream().map(name -> name.replace("\uFEFF", "").strip())
                .toList();
        int[] own = IntStream.range(0, header.size()).filter(i -> !covariates.contains(header.get(i))).toArray();
        List<String> ownHeader = Arrays.stream(own).mapToObj(header::get).toList();
        Table table = switch (layout == null ? layoutOf(ownHeader) : layout) {
            case LONG -> longTable(ownHeader, own, covariateColumns(header));
            case WIDE -> new WideTable(ownHeader, own, covariateColumns(header));
            case ROWS -> rowsTable();
        };
        while (records.hasNext()) {
            CsvRecord line = records.next();
            if (line.getFieldCount() != header.size() && !(table instanceof RowsTable)) {
                throw at(line,
                        "expected " + header.size() + " cells, as the header has, found " + line.getFieldCount());
            }
            table.add(line);
        }
        List<Series> series = table.series();
        if (series.isEmpty()) {
            throw new IOException(file + ": no data after the header line");
        }
        return series;
    }

    private Layout layoutOf(List<String> header) throws IOException {
        if (header.size() >= 2) {
            if (isTime(header.get(0))) {
                boolean oneSeries = header.size() == 2 && VALUE_NAMES.contains(lower(header.get(1)));
                return oneSeries ? Layout.LONG : Layout.WIDE;
            }
            if (header.size() >= 3 && isTime(header.get(1))) {
                return Layout.LONG;
            }
            if (header.stream().skip(1).allMatch(name -> name.matches("[vV]\\d+"))) {
                return Layout.ROWS;
            }
        }
        String found = String.join(",", header);
        throw new IOException(file + ":1: expected a header of layout long (series,timestamp,value...), wide"
                + " (timestamp, then a column a series) or rows (id,v1,v2,...), found "
                + (found.length() > 80 ? found.substring(0, 80) + "..." : found)
                + "; rename the columns, or say which layout it is with --format");
    }

    /// @return where the covariates stand, in their order
    private int[] covariateColumns(List<String> header) throws IOException {
        int[] columns = new int[covariates.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = header.indexOf(covariates.get(i));
            if (columns[i] < 0) {
                throw new IOException(file + ":1: expected a column " + covariates.get(i)
                        + " that holds a covariate, found " + String.join(",", header));
            }
        }
        return columns;
    }

    private double[] values(CsvRecord line, int[] columns) throws IOException {
        double[] values = new double[columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(line, columns[i]);
        }
        return values;
    }

    private Table rowsTable() throws IOException {
        if (!covariates.isEmpty()) {
            throw new IOException(file + ": expected layout long or wide for covariates, as in a column "
                    + covariates.getFirst() + ", found layout rows, whose columns are steps");
        }
        return new RowsTable();
    }

    private static boolean isTime(String name) {
        return TIME_NAMES.contains(lower(name));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private Table longTable(List<String> header, int[] own, int[] besides) throws IOException {
        boolean named = header.size() >= 3 && !isTime(header.get(0));
        if (!named && header.size() < 2) {
            throw new IOException(file + ":1: expected columns series,timestamp,value... or timestamp,value..., found "
                    + String.join(",", header));
        }
        int first = named ? 2 : 1;
        return new LongTable(named ? own[0] : -1, own[first - 1], Arrays.copyOfRange(own, first, own.length), besides);
    }

    private String nameOfFile() {
        String name = String.valueOf(file.getFileName());
        int dot = name.indexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private IOException at(CsvRecord line, String fault) {
        return new IOException(file + ":" + line.getStartingLineNumber() + ": " + fault);
    }

    private long timestamp(CsvRecord line, int column) throws IOException {
        String cell = line.getField(column).strip();
        return Timestamps.parse(cell).orElseThrow(
                () -> at(line, "column " + (column + 1) + ": " + Timestamps.expected() + ", found '" + cell + "'"));
    }

    private double value(CsvRecord line, int column) throws IOException {
        String cell = line.getField(column).strip();
        if (cell.isEmpty()) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(cell);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, as is infinity
        }
        throw at(line, "column " + (column + 1) + ": expected a number, or nothing for a missing value, found '" + cell
                + "'");
    }

    /// One layout's lines, as they come.
    private sealed interface Table {
        void add(CsvRecord line) throws IOException;

        List<Series> series();
    }

    private final class LongTable implements Table {
        private final int name;
        private final int time;
        private final int[] channels;
        private final int[] besides;
        private final Map<String, Column> columns = new LinkedHashMap<>();

        /// @param name     where the series' id stands; below 0 = nowhere
        /// @param time     where the timestamp stands
        /// @param channels where the values stand
        /// @param besides  where the covariates stand
        LongTable(int name, int time, int[] channels, int[] besides) {
            this.name = name;
            this.time = time;
            this.channels = channels;
            this.besides = besides;
        }

        @Override
        public void add(CsvRecord line) throws IOException {
            String id = name < 0 ? nameOfFile() : line.getField(name).strip();
            if (id.isEmpty()) {
                throw at(line, "column " + (name + 1) + ": expected the series' id, found nothing");
            }
            columns.computeIfAbsent(id, Column::new).add(timestamp(line, time), values(line, channels),
                    values(line, besides));
        }

        @Override
        public List<Series> series() {
            return columns.values().stream().map(column -> column.series(channels.length, besides.length)).toList();
        }
    }

    private final class WideTable implements Table {
        private final List<Column> columns;
        private final int[] own;
        private final int[] besides;

        /// @param header of the columns that hold no covariates
        /// @param own     where they stand, the timestamp first
        /// @param besides where the covariates stand
        WideTable(List<String> header, int[] own, int[] besides) {
            this.columns = header.stream().skip(1).map(Column::new).toList();
            this.own = own;
            this.besides = besides;
        }

        @Override
        public void add(CsvRecord line) throws IOException {
            long timestamp = timestamp(line, own[0]);
            double[] known = values(line, besides);
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).add(timestamp, new double[]{value(line, own[i + 1])}, known);
            }
        }

        @Override
        public List<Series> series() {
            return columns.stream().filter(column -> !column.isEmpty())
                    .map(column -> column.series(1, besides.length)).toList();
        }
    }

    private final class RowsTable implements Table {
        private final List<Series> series = new ArrayList<>();

        @Override
        public void add(CsvRecord line) throws IOException {
            int end = line.getFieldCount();
            while (end > 1 && line.getField(end - 1).isBlank()) {
                end--;
            }
            if (end == 1) {
                throw at(line, "expected an id and values, found only '" + line.getField(0) + "'");
            }
            long[] timestamps = new long[end - 1];
            double[] values = new double[end - 1];
            for (int i = 0; i < values.length; i++) {
                timestamps[i] = i * intervalMillis;
                values[i] = value(line, i + 1);
            }
            series.add(new Series(line.getField(0).strip(), timestamps, new double[][]{values}));
        }

        @Override
        public List<Series> series() {
            return series;
        }
    }

    /// One series, as its observations come.
    private static final class Column {
        private final String id;
        private final List<Row> rows = new ArrayList<>();

        private record Row(long timestamp, double[] values, double[] covariates) {}

        Column(String id) {
            this.id = id;
        }

        void add(long timestamp, double[] values, double[] covariates) {
            rows.add(new Row(timestamp, values, covariates));
        }

        boolean isEmpty() {
            return rows.isEmpty();
        }

        Series series(int channels, int besides) {
            rows.sort(Comparator.comparingLong(Row::timestamp)); // stable
            long[] timestamps = rows.stream().mapToLong(Row::timestamp).toArray();
            double[][] values = new double[channels][timestamps.length];
            double[][] covariates = new double[besides][timestamps.length];
            for (int i = 0; i < timestamps.length; i++) {
                put(rows.get(i).values(), values, i);
                put(rows.get(i).covariates(), covariates, i);
            }
            return new Series(id, timestamps, values, covariates);
        }

        private static void put(double[] numbers, double[][] columns, int step) {
            for (int column = 0; column < columns.length; column++) {
                columns[column][step] = numbers[column];
            }
        }
    }
}
