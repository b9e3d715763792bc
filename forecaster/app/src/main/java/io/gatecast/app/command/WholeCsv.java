package io.gatecast.app.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.gatecast.training.exchange.WholeFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Writes a CSV file so that a reader sees the whole of it or none.
final class WholeCsv {
    private WholeCsv() {}

    /// What goes into the file.
    @FunctionalInterface
    interface Content {
        void writeTo(CsvWriter csv) throws IOException;
    }

    static void write(Path file, Content content) throws IOException {
        WholeFile.write(file, out -> {
            try (CsvWriter csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
                content.writeTo(csv);
            }
        });
    }
}
