package io.gatecast.training.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a safetensors file says of itself, held against its length: every tensor's numbers are there, follow one another
/// without overlap or gap, and are as many as its shape says.
///
/// @param entries  in the order of the file
/// @param metadata texts
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";
    private static final long LARGEST = 100_000_000; // the format's own limit
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ObjectReader JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().readerFor(JsonNode.class);

    /// Where a tensor lies.
    ///
    /// @param begin its first byte in the file
    /// @param end   the byte after its last
    record Entry(String name, FloatFormat format, List<Integer> shape, long begin, long end) {
        int size() {
            return Math.toIntExact((end - begin) / format.bytes);
        }
    }

    /// @throws IOException if something does not hold; one sentence with file and tensor
    static SafetensorsHeader read(Path file, MemorySegment bytes) throws IOException {
        long size = bytes.byteSize();
        if (size < Long.BYTES) {
            throw new IOException(file + ": expected a safetensors file, found " + size
                    + " bytes, which hold no header; was it copied in full?");
        }
        long length = bytes.get(LENGTH, 0);
        long data = Long.BYTES + length;
        if (length < 0 || length > LARGEST || data > size) {
            throw new IOException(file + ": expected a safetensors header of at most "
                    + Math.min(LARGEST, size - Long.BYTES) + " bytes, found its length given as "
                    + Long.toUnsignedString(length) + "; is it a safetensors file, copied in full?");
        }
        JsonNode root = parse(file, bytes.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE));
        SafetensorsHeader header = new SafetensorsHeader(new ArrayList<>(), new LinkedHashMap<>());
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                header.addMetadata(file, field.getValue());
            } else {
                header.entries.add(entry(file, field.getKey(), field.getValue(), data, size));
            }
        }
        header.requireNoGaps(file, data, size);
        return header;
    }

    private static JsonNode parse(Path file, byte[] text) throws IOException {
        try {
            JsonNode root = JSON.readTree(text);
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": the safetensors header is not proper JSON: " + e.getOriginalMessage(), e);
        }
        throw new IOException(file + ": expected a JSON object as safetensors header, found something else");
    }

    private void addMetadata(Path file, JsonNode texts) throws IOException {
        for (Map.Entry<String, JsonNode> text : texts.properties()) {
            if (!text.getValue().isTextual()) {
                throw new IOException(file + ": metadata " + text.getKey() + ": expected a text, found "
                        + text.getValue().getNodeType());
            }
            metadata.put(text.getKey(), text.getValue().textValue());
        }
    }

    private static Entry entry(Path file, String name, JsonNode node, long data, long size) throws IOException {
        String tensor = file + ": tensor " + name + ": ";
        FloatFormat format = format(tensor, node.path("dtype"));
        List<Integer> shape = shape(tensor, node.path("shape"));
        JsonNode offsets = node.path("data_offsets");
        if (offsets.size() != 2 || !offsets.path(0).isIntegralNumber() || !offsets.path(1).isIntegralNumber()) {
            throw new IOException(tensor + "expected data_offsets [begin, end], found " + found(offsets));
        }
        long begin = offsets.path(0).longValue(), end = offsets.path(1).longValue();
        if (begin < 0 || end < begin || end > size - data) {
            throw new IOException(tensor + "expected data_offsets within the " + (size - data)
                    + " bytes of numbers, found " + offsets + "; was the file copied in full?");
        }
        if (bytes(tensor, shape, format) != end - begin) {
            throw new IOException(tensor + "expected " + bytes(tensor, shape, format) + " bytes for " + format
                    + shape + ", found " + (end - begin));
        }
        return new Entry(name, format, shape, data + begin, data + end);
    }

    private static FloatFormat format(String tensor, JsonNode node) throws IOException {
        for (FloatFormat format : FloatFormat.values()) {
            if (format.name().equals(node.textValue())) {
                return format;
            }
        }
        throw new IOException(tensor + "expected dtype F32 (or F64, F16, BF16), found " + found(node));
    }

    private static List<Integer> shape(String tensor, JsonNode node) throws IOException {
        List<Integer> shape = new ArrayList<>();
        for (JsonNode side : node) {
            if (side.isIntegralNumber() && side.canConvertToInt() && side.intValue() >= 0) {
                shape.add(side.intValue());
            }
        }
        if (!node.isArray() || shape.size() != node.size()) {
            throw new IOException(tensor + "expected a shape as in [64, 16], found " + found(node));
        }
        return shape;
    }

    private static long bytes(String tensor, List<Integer> shape, FloatFormat format) throws IOException {
        try {
            long numbers = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
            return Math.multiplyExact((long) Math.toIntExact(numbers), format.bytes);
        } catch (ArithmeticException e) {
            throw new IOException(tensor + "expected at most " + Integer.MAX_VALUE + " numbers, found shape " + shape,
                    e);
        }
    }

    private void requireNoGaps(Path file, long data, long size) throws IOException {
        List<Entry> inOrder = entries.stream().sorted(Comparator.comparingLong(Entry::begin).thenComparing(Entry::end))
                .toList();
        long next = data;
        for (Entry entry : inOrder) {
            if (entry.begin != next) {
                throw new IOException(file + ": tensor " + entry.name + ": expected its numbers to begin at byte "
                        + (next - data) + ", where those before it end, found them at " + (entry.begin - data));
            }
            next = entry.end;
        }
        if (next != size) {
            throw new IOException(file + ": expected the file to end with its last tensor's numbers, found "
                    + (size - next) + " bytes more");
        }
    }

    private static String found(JsonNode node) {
        return node.isMissingNode() ? "none" : node.toString();
    }
}
