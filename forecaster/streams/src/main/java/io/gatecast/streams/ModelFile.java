package io.gatecast.streams;

import io.gatecast.avro.Model;
import io.gatecast.schemas.Topics;
import io.gatecast.schemas.TrustedClasses;
import io.gatecast.schemas.UntrustingReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.avro.InvalidAvroMagicException;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

/// A model in a file: one [Model] record in an Avro object container, so that any Avro tool can read it. The same model
/// gives the same bytes.
public final class ModelFile {
    private static final int SYNC_BYTES = 16;
    /// Eight times what can be published: there is no model that has more.
    private static final long MOST_BYTES = 8L * Topics.MODEL_BYTES;

    static {
        TrustedClasses.trust();
    }

    private ModelFile() {}

    /// Reads a record; [ModelRecords#toModel] then says whether it can be used.
    ///
    /// @throws ModelRefused if there is no such file, or if it is none of ours, or not all of it
    public static Model read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelRefused(file.toString(), "there is no such file; `gatecast train --output` writes one");
        }
        try {
            requireRoom(file);
            byte[] bytes = Files.readAllBytes(file);
            requireLengths(bytes);
            try (var reader = new DataFileReader<>(new SeekableByteArrayInput(bytes),
                    new UntrustingReader<>(Model.class))) {
                requireModel(file, reader);
                return reader.next();
            }
        } catch (InvalidAvroMagicException e) {
            throw new ModelRefused(file.toString(),
                    "expected a model file (an Avro object container), found something else", e);
        } catch (ModelRefused e) {
            throw e;
        } catch (IOException | RuntimeException e) { // damaged bytes make Avro throw what it likes
            throw new ModelRefused(file.toString(),
                    "the file is damaged or was not written in full; copy or train the model again", e);
        }
    }

    /// Writes aside and then moves, so that a reader sees the whole file or none.
    public static void write(Path file, Model record) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(aside);
                    var writer = new DataFileWriter<>(new SpecificDatumWriter<>(Model.class))) {
                writer.create(Model.getClassSchema(), out, syncOf(record));
                writer.append(record);
            }
            move(aside, file);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /// The container's marker is random by default; this one follows from the weights.
    private static byte[] syncOf(Model record) {
        return Arrays.copyOf(HexFormat.of().parseHex(record.getSha256()), SYNC_BYTES);
    }

    private static void move(Path aside, Path file) throws IOException {
        try {
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING); // a file system that knows no atomic move
        }
    }

    /// Of a container's metadata and its first block, Avro sets aside as much memory as they claim to need. Here a claim is
    /// held against the bytes that are there.
    private static void requireLengths(byte[] bytes) throws IOException {
        int magic = DataFileConstants.MAGIC.length;
        if (!Arrays.equals(Arrays.copyOf(bytes, magic), DataFileConstants.MAGIC)) {
            return; // the reader says so
        }
        BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, magic, bytes.length - magic, null);
        for (long entries = in.readMapStart(); entries != 0; entries = in.mapNext()) {
            for (long entry = 0; entry < entries; entry++) {
                in.skipString();
                in.skipBytes();
            }
        }
        in.skipFixed(SYNC_BYTES);
        in.readLong(); // records
        long block = in.readLong();
        if (block < 0 || block > in.inputStream().available()) {
            throw new EOFException("a block claims " + block + " bytes");
        }
    }

    private static void requireRoom(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new ModelRefused(file.toString(), "expected a model file of at most " + MOST_BYTES + " bytes, found "
                    + Files.size(file));
        }
    }

    private static void requireModel(Path file, DataFileReader<Model> reader) {
        String found = reader.getSchema().getFullName();
        String expected = Model.getClassSchema().getFullName();
        if (!expected.equals(found)) {
            throw new ModelRefused(file.toString(), "expected an Avro record " + expected + ", found " + found);
        }
    }
}
