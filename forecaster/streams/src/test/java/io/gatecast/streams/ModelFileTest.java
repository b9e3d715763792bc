package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.avro.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFileTest {
    private static final String DAMAGED = "the file is damaged or was not written in full; copy or train the model again";
    private static final String FOREIGN = "expected a model file (an Avro object container), found something else";

    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsReadAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("m.avro");
        ModelFile.write(file, TestModels.record(1, 0));
        ModelFile.write(file, TestModels.record(2, 5));
        assertEquals(TestModels.record(2, 5), ModelFile.read(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        Path one = folder.resolve("1.avro"), two = folder.resolve("2.avro");
        ModelFile.write(one, TestModels.record(1, 0));
        ModelFile.write(two, TestModels.record(1, 0));
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
    }

    @Test
    void aFileCutAnywhereIsRefusedInOneSentence() throws IOException {
        Path whole = folder.resolve("m.avro"), cut = folder.resolve("cut.avro");
        ModelFile.write(whole, TestModels.record(1, 0));
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length < bytes.length; length += length < 8 ? 1 : 97) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertEquals(cut + ": " + DAMAGED, refusal(cut), "cut at " + length);
        }
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
        assertEquals(cut + ": " + DAMAGED, refusal(cut));
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        Path csv = Files.writeString(folder.resolve("data.csv"), "timestamp,value\n2026-01-01T00:00:00Z,1\n");
        assertEquals(csv + ": " + FOREIGN, refusal(csv));
        Path layers = folder.resolve("layers.avro");
        try (var writer = new DataFileWriter<>(new SpecificDatumWriter<>(Layer.class))) {
            writer.create(Layer.getClassSchema(), layers.toFile());
            writer.append(new Layer("lstm", 3, null, false, false));
        }
        assertEquals(layers + ": expected an Avro record io.gatecast.avro.Model, found io.gatecast.avro.Layer",
                refusal(layers));
    }

    @Test
    void aMissingFileIsRefusedWithARemedy() {
        Path none = folder.resolve("none.avro");
        assertEquals(none + ": there is no such file; `gatecast train --output` writes one", refusal(none));
    }

    private static String refusal(Path file) {
        return String.valueOf(assertThrows(ModelRefused.class, () -> ModelFile.read(file)).getMessage());
    }
}
