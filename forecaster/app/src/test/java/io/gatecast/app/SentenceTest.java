package io.gatecast.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.training.TrainingDiverged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceTest {
    @TempDir
    Path folder;

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("data.csv");
        assertEquals(file + ": no such file or folder", sentence(() -> Files.readString(file)));
    }

    @Test
    void aFileInPlaceOfAFolderIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("m.avro"), "");
        assertEquals(file + ": is no folder", sentence(() -> Files.list(file).close()));
    }

    @Test
    void wrappersAreTakenOff() {
        IOException told = new IOException("port 1 is in use");
        assertEquals("port 1 is in use",
                sentence(() -> CompletableFuture.failedFuture(new UncheckedIOException(told)).get()));
        assertEquals("port 1 is in use", Sentence.of(new ExecutionException(new UncheckedIOException(told))));
    }

    @Test
    void whatKafkaSaysIsMarkedAsKafkas() {
        assertEquals("Kafka: 2 MB", Sentence.of(new RecordTooLargeException("2 MB")));
    }

    @Test
    void aTrainingGoneAstrayIsNoFaultOfOurs() {
        assertEquals("update 3: the loss is not finite",
                Sentence.of(new ExecutionException(new TrainingDiverged("update 3: the loss is not finite"))));
    }

    @Test
    void aFaultOfOursIsOwnedUpTo() {
        assertEquals(
                "unexpected java.lang.IllegalStateException: odd: this is a fault in Gatecast; --debug shows where",
                Sentence.of(new IllegalStateException("odd")));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static String sentence(Work work) {
        try {
            work.run();
        } catch (Exception e) {
            return Sentence.of(e);
        }
        throw new AssertionError("nothing was thrown");
    }
}
