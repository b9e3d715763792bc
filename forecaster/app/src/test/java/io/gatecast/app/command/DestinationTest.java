package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTest {
    @TempDir
    Path folder;

    @Test
    void aNewFileAndOneThatIsThereAreFine() throws IOException {
        assertDoesNotThrow(() -> Destination.check(folder.resolve("new.avro")));
        Path there = Files.writeString(folder.resolve("there.avro"), "");
        assertDoesNotThrow(() -> Destination.check(there));
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("nowhere/m.avro");
        assertEquals(file + ": there is no folder " + file.getParent() + "; make it first", refusal(file));
    }

    @Test
    void aFolderIsNoFile() {
        assertEquals(folder + ": is a folder; name a file to write to", refusal(folder));
    }

    private static String refusal(Path file) {
        return String.valueOf(assertThrows(IOException.class, () -> Destination.check(file)).getMessage());
    }
}
