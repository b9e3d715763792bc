package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.app.command.QuantileTable.Entry;
import io.gatecast.series.Forecast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantileTableTest {
    @TempDir
    Path folder;

    @Test
    void aSeriesIsARowOfTheChosenQuantile() throws IOException {
        Path file = folder.resolve("out.csv");
        QuantileTable.write(file, 2, 1, List.of(new Entry("H1", forecast(1, 1, 2, 3, 4, 5, 6)),
                new Entry("with, comma", forecast(1, 1, Float.NaN, 3, 4, 5.25f, 6))));
        assertEquals(List.of("id,h1,h2", "H1,2.0,5.0", "\"with, comma\",,5.25"), Files.readAllLines(file));
    }

    @Test
    void eachChannelHasItsRow() throws IOException {
        Path file = folder.resolve("out.csv");
        QuantileTable.write(file, 1, 0, List.of(new Entry("mote", forecast(2, 1, 2, 3, 4, 5, 6))));
        assertEquals(List.of("id,h1", "mote[0],1.0", "mote[1],4.0"), Files.readAllLines(file));
    }

    @Test
    void aFileThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("no such folder/out.csv");
        assertThrows(NoSuchFileException.class, () -> QuantileTable.write(file, 1, 0, List.of()));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    /// Of three quantiles.
    private static Forecast forecast(int channels, float... values) {
        return new Forecast(0, 1, values.length / 3 / channels, channels, new float[]{0.1f, 0.5f, 0.9f}, values, "m", 1,
                true);
    }
}
