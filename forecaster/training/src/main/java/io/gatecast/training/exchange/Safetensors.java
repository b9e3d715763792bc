package io.gatecast.training.exchange;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Named tensors in a file, as <https://huggingface.co/docs/safetensors> lays them out: the header's length (8 bytes,
/// little-endian), the header (JSON: each tensor's type, shape and place), the numbers, row-major, without gaps.
///
/// @param tensors  by name, in the order of the file
/// @param metadata texts that go with them
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {

    public Safetensors {
        tensors = new LinkedHashMap<>(tensors); // Map.copyOf would lose the order
        metadata = Map.copyOf(metadata);
    }

    /// One tensor, row-major.
    ///
    /// @param shape   its sides; empty for a single number
    /// @param numbers as many as the shape says
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody; a List of boxes would be four times its size
    public record Tensor(List<Integer> shape, float[] numbers) {
        public Tensor {
            shape = List.copyOf(shape);
            long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
            if (size != numbers.length) {
                throw new IllegalArgumentException(
                        "expected " + size + " numbers for shape " + shape + ", found " + numbers.length);
            }
        }

        static Tensor of(float[] numbers, Integer... shape) {
            return new Tensor(Arrays.asList(shape), numbers);
        }
    }

    /// Reads a whole file: F32 as it is; F64, F16 and BF16 where float32 holds each of their numbers exactly.
    ///
    /// @throws IOException if the file is damaged or holds anything else; the sentence names file and tensor
    public static Safetensors read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + ": expected a file, found a folder or a device");
            }
            MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            SafetensorsHeader header = SafetensorsHeader.read(file, bytes);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (SafetensorsHeader.Entry entry : header.entries()) {
                tensors.put(entry.name(), tensor(file, entry, bytes));
            }
            return new Safetensors(tensors, header.metadata());
        }
    }

    private static Tensor tensor(Path file, SafetensorsHeader.Entry entry, MemorySegment bytes) throws IOException {
        float[] numbers = new float[entry.size()];
        try {
            entry.format().read(bytes.asSlice(entry.begin(), entry.end() - entry.begin()), numbers);
        } catch (ArithmeticException e) {
            throw new IOException(file + ": tensor " + entry.name() + ": " + e.getMessage()
                    + "; expected F32: write it again as such, in PyTorch with .float()", e);
        }
        return new Tensor(entry.shape(), numbers);
    }

    /// Writes aside and then moves, so that a reader sees the whole file or none. The same tensors give the same bytes.
    public void write(Path file) throws IOException {
        byte[] header = header();
        WholeFile.write(file, out -> {
            try (OutputStream bytes = new BufferedOutputStream(out)) {
                bytes.write(littleEndian(Long.BYTES).putLong(header.length).array());
                bytes.write(header);
                for (Tensor tensor : tensors.values()) {
                    ByteBuffer numbers = littleEndian(Math.multiplyExact(Float.BYTES, tensor.numbers.length));
                    numbers.asFloatBuffer().put(tensor.numbers);
                    bytes.write(numbers.array());
                }
            }
        });
    }

    private byte[] header() throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        root.set(SafetensorsHeader.METADATA, json.valueToTree(new TreeMap<>(metadata)));
        long[] place = {0};
        tensors.forEach((name, tensor) -> {
            ObjectNode entry = root.putObject(name).put("dtype", FloatFormat.F32.name());
            entry.set("shape", json.valueToTree(tensor.shape));
            long begin = place[0];
            place[0] += (long) Float.BYTES * tensor.numbers.length;
            entry.putArray("data_offsets").add(begin).add(place[0]);
        });
        byte[] text = json.writeValueAsBytes(root);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8); // the numbers begin at a multiple of 8
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
