package io.gatecast.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where an answer is to be written: looked at before the work, so that it is not done in vain.
final class Destination {
    private Destination() {}

    /// @throws IOException with a sentence, if a file cannot be written there
    static void check(Path file) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder; name a file to write to");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(file + ": there is no folder " + folder + "; make it first");
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(file + ": the folder " + folder + " cannot be written to; choose another");
        }
    }
}
