package io.gatecast.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.training.data.CsvSource.Layout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CsvSourceTest {
    private static final double NAN = Double.NaN;

    @TempDir
    private Path folder = Path.of("");

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), text);
    }

    private List<Series> read(String text, @Nullable Layout layout) throws IOException {
        return new io.gatecast.training.data.CsvSource(write(text), layout, 10).read();
    }

    @Test
    void longHasARowAnObservation() throws IOException {
        List<Series> series = read("""
                sensor,timestamp,temperature,humidity
                a,1970-01-01T00:00:01Z,1,10
                b,1970-01-01T00:00:01Z,5,
                a,1970-01-01T00:00:02Z,2,20
                """, null);
        assertEquals(List.of("a", "b"), series.stream().map(Series::id).toList());
        assertArrayEquals(new long[]{1000, 2000}, series.get(0).timestamps());
        assertArrayEquals(new double[]{10, 20}, series.get(0).values()[1]);
        assertArrayEquals(new double[]{NAN}, series.get(1).values()[1]);
    }

    private List<Series> readWithCovariates(String text, @Nullable Layout layout, String... names) throws IOException {
        return new io.gatecast.training.data.CsvSource(write(text), layout, 10, List.of(names)).read();
    }

    @Test
    void namedColumnsOfALongFileAreCovariatesInTheOrderOfTheirNames() throws IOException {
        List<Series> series = readWithCovariates("""
                price,sensor,timestamp,kw,heat,kvar
                7,a,1000,1,10,3
                8,b,1000,5,,4
                9,a,2000,2,20,5
                """, null, "heat", "price");
        assertArrayEquals(new double[][]{{1, 2}, {3, 5}}, series.get(0).values());
        assertArrayEquals(new double[][]{{10, 20}, {7, 9}}, series.get(0).covariates());
        assertArrayEquals(new double[][]{{NAN}, {8}}, series.get(1).covariates());
        Series alone = readWithCovariates("timestamp,value,heat\n1,5,6\n", null, "heat").getFirst();
        assertEquals("data", alone.id());
        assertArrayEquals(new double[][]{{6}}, alone.covariates());
    }

    @Test
    void namedColumnsOfAWideFileBelongToEverySeries() throws IOException {
        List<Series> series = readWithCovariates("date,north,heat,south\n1,1,5,2\n2,,6,4\n", null, "heat");
        assertEquals(List.of("north", "south"), series.stream().map(Series::id).toList());
        for (Series each : series) {
            assertArrayEquals(new double[][]{{5, 6}}, each.covariates());
        }
        assertArrayEquals(new double[][]{{2, 4}}, series.get(1).values());
    }

    @Test
    void aCovariateThatIsNotThereIsNamed() {
        IOException missing = assertThrows(IOException.class,
                () -> readWithCovariates("timestamp,value\n1,5\n", Layout.LONG, "heat"));
        assertEquals(folder.resolve("data.csv") + ":1: expected a column heat that holds a covariate, found"
                + " timestamp,value", missing.getMessage());
        IOException rows = assertThrows(IOException.class, () -> readWithCovariates("id,v1\na,5\n", null, "heat"));
        assertEquals(folder.resolve("data.csv") + ": expected layout long or wide for covariates, as in a column heat,"
                + " found layout rows, whose columns are steps", rows.getMessage());
    }

    @Test
    void oneSeriesIsNamedAfterItsFile() throws IOException {
        Series series = read("timestamp,value\n1970-01-01,1\n1970-01-02,2\n", null).getFirst();
        assertEquals("data", series.id());
        assertArrayEquals(new double[]{1, 2}, series.values()[0]);
    }

    @Test
    void wideHasAColumnASeries() throws IOException {
        List<Series> series = read("Date,north,south\n1970-01-01,1,2\n1970-01-02,,4\n", null);
        assertEquals(List.of("north", "south"), series.stream().map(Series::id).toList());
        assertArrayEquals(new double[]{1, NAN}, series.get(0).values()[0]);
        assertArrayEquals(new double[]{2, 4}, series.get(1).values()[0]);
    }

    @Test
    void rowsHaveARowASeriesAndEndWithTheirLastValue() throws IOException {
        List<Series> series = read("id,v1,v2,v3\nH1,1,,3\nH2,5,,\n\"H3\",7\n", null);
        assertArrayEquals(new double[]{1, NAN, 3}, series.get(0).values()[0]);
        assertArrayEquals(new long[]{0, 10, 20}, series.get(0).timestamps());
        assertArrayEquals(new double[]{5}, series.get(1).values()[0]);
        assertEquals("H3", series.get(2).id());
    }

    @Test
    void observationsAreSortedByTime() throws IOException {
        Series series = read("timestamp,value\n30,3\n10,1\n20,2\n10,9\n", null).getFirst();
        assertArrayEquals(new double[]{1, 9, 2, 3}, series.values()[0]);
    }

    @Test
    void aPackedFileWithAByteOrderMarkIsRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write("\uFEFFtimestamp,value\n10,1\n".getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(folder.resolve("boiler.csv.gz"), bytes.toByteArray());
        Series series = new io.gatecast.training.data.CsvSource(file, null, 10).read().getFirst();
        assertEquals("boiler", series.id());
        assertEquals(10_000, series.timestamps()[0]);
    }

    @ParameterizedTest
    @CsvSource({"2026-01-31T12:00:00Z, 1769860800000", "2026-01-31 12:00, 1769860800000",
            "2026-01-31T13:00:00.500+01:00, 1769860800500", "2026-01-31, 1769817600000", "1769860800, 1769860800000",
            "1769860800000, 1769860800000", "-5, -5000"})
    void momentsAreReadAsPeopleWriteThem(String text, long millis) {
        assertEquals(millis, Timestamps.parse(text).orElseThrow());
    }

    static List<List<String>> damaged() {
        return List.of(
                List.of("", ": the file is empty; expected a header line and data"),
                List.of("timestamp,value\n", ": no data after the header line"),
                List.of("timestamp,value\n10,1\n20,x\n",
                        ":3: column 2: expected a number, or nothing for a missing value, found 'x'"),
                List.of("timestamp,value\n10,Infinity\n",
                        ":2: column 2: expected a number, or nothing for a missing value, found 'Infinity'"),
                List.of("timestamp,value\nyesterday,1\n",
                        ":2: column 1: expected a timestamp, as in 2026-01-31T12:00:00Z, 2026-01-31 12:00 or"
                                + " milliseconds since 1970, found 'yesterday'"),
                List.of("timestamp,value\n10,1\n20\n", ":3: expected 2 cells, as the header has, found 1"),
                List.of("series,timestamp,value\n,10,1\n", ":2: column 1: expected the series' id, found nothing"),
                List.of("id,v1,v2\nH1,,\n", ":2: expected an id and values, found only 'H1'"),
                List.of("a,b,c\n1,2,3\n", ":1: expected a header of layout long (series,timestamp,value...), wide"
                        + " (timestamp, then a column a series) or rows (id,v1,v2,...), found a,b,c; rename the"
                        + " columns, or say which layout it is with --format"));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void whatIsWrongIsSaidWithFileAndLine(List<String> example) {
        IOException refusal = assertThrows(IOException.class, () -> read(example.get(0), null));
        assertEquals(folder.resolve("data.csv") + example.get(1), refusal.getMessage());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing.csv");
        IOException refusal = assertThrows(IOException.class,
                () -> new io.gatecast.training.data.CsvSource(missing, null, 10).read());
        assertEquals(missing + ": no such file; check the path", refusal.getMessage());
    }
}
