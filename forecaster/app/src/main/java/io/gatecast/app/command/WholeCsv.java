package io.gatecast.app.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes a CSV file aside and then moves it, so that a reader sees the whole file or none.
final class WholeCsv {
    private WholeCsv() {}

    /// What goes into the file.
    interface Content {
        void writeTo(CsvWriter csv) throws IOException;
    }

    static void write(Path file, Content content) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (CsvWriter csv = CsvWriter.builder().build(aside)) {
                content.writeTo(csv);
            }
            move(aside, file);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void move(Path aside, Path file) throws IOException {
        try {
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING); // a file system that knows no atomic move
        }
    }
}
