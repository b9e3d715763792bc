package io.gatecast.training.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.training.exchange.Safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("a.safetensors");
    }

    @Test
    void whatWasWrittenIsReadToTheBit() throws IOException {
        float[] odd = {-0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 1.1f, Float.MAX_VALUE};
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("z \"quoted\" ü", Tensor.of(odd, 2, 3));
        tensors.put("a", Tensor.of(new float[]{7}, new Integer[0]));
        tensors.put("empty", Tensor.of(new float[0], 0, 4));
        new Safetensors(tensors, Map.of("format", "pt", "by", "us")).write(file);

        Safetensors found = Safetensors.read(file);

        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(found.tensors().keySet()));
        assertEquals(Map.of("format", "pt", "by", "us"), found.metadata());
        tensors.forEach((name, tensor) -> {
            assertEquals(tensor.shape(), tensor(found, name).shape());
            assertArrayEquals(bits(tensor.numbers()), bits(tensor(found, name).numbers()));
        });
        assertEquals(List.of(file), listed(folder), "nothing is left aside");
    }

    @Test
    void theSameTensorsGiveTheSameBytesAndTheNumbersAreAligned() throws IOException {
        Safetensors tensors = new Safetensors(Map.of("a", Tensor.of(new float[]{1, 2}, 2)), Map.of("x", "1", "y", "2"));
        Path again = folder.resolve("b.safetensors");
        tensors.write(file);
        tensors.write(again);

        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
        assertEquals(0, ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
    }

    @Test
    void aFileThatCannotBeReplacedStaysAsItWas() throws IOException {
        Path place = Files.createDirectory(file);
        Files.writeString(place.resolve("inside"), "x");
        assertThrows(IOException.class, () -> new Safetensors(Map.of(), Map.of()).write(file));
        assertEquals(List.of(file), listed(folder));
    }

    @Test
    void halfAndDoubleNumbersAreReadWhereFloat32HoldsThem() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort(Float.floatToFloat16(-1.5f)).putShort((short) 0x3fc0).putDouble(0.1f).putDouble(-3);
        write("""
                {"half":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},
                 "brain":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]},
                 "double":{"dtype":"F64","shape":[2],"data_offsets":[4,20]}}""", data.array());

        Safetensors found = Safetensors.read(file);

        assertArrayEquals(new float[]{-1.5f}, tensor(found, "half").numbers());
        assertArrayEquals(new float[]{1.5f}, tensor(found, "brain").numbers());
        assertArrayEquals(new float[]{0.1f, -3}, tensor(found, "double").numbers());
    }

    @Test
    void aDoubleThatFloat32DoesNotHoldIsRefusedNotRounded() throws IOException {
        write("{'w':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.1).array());
        assertRefused("tensor w", "0.1", ".float()");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{'w':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}         | w | dtype F32 | I64",
            "{'w':{'shape':[2],'data_offsets':[0,8]}}                       | w | dtype F32 | found none",
            "{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}         | w | 12 bytes for F32[3] | 8",
            "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}        | w | a shape as in | [-2]",
            "{'w':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}       | w | a shape as in | [2.0]",
            "{'w':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}           | w | a shape as in | found 2",
            "{'w':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,8]}} | w | 2147483647 | [65536, 65536]",
            "{'w':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | w | a shape as in | 4294967296",
            "{'w':{'dtype':'F32','shape':[2]}}                              | w | data_offsets [begin, end] | found none",
            "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0]}}           | w | data_offsets [begin, end] | [0]",
            "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,'8']}}       | w | data_offsets [begin, end] | [0,\"8\"]",
            "{'w':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}        | w | within the 8 bytes | [4,12]",
            "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}        | w | within the 8 bytes | [-8,0]",
            "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}         | w | within the 8 bytes | [8,0]",
            "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}         | a | its last tensor | 4 bytes more",
            "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}         | w | byte 0 | at 4",
            "{'v':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | w | byte 8 | at 4",
            "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | a | Duplicate | 'w'",
            "{'w':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}}     | a | Duplicate | 'dtype'",
            "{'w':7}                                                        | w | dtype F32 | found none",
            "{'__metadata__':{'x':1}}                                       | a | metadata x | NUMBER",
            "[1]                                                            | a | JSON object | something else",
            "{'w'                                                           | a | not proper JSON | Unexpected",
            "{} {}                                                          | a | not proper JSON | Trailing"})
    void aHeaderThatDoesNotHoldIsRefusedByName(String header, String name, String expected, String found)
            throws IOException {
        write(header, new byte[8]);
        assertRefused(name.equals("a") ? file.toString() : "tensor " + name, expected, found);
    }

    @Test
    void aFileCutShortIsRefusedWhereverItWasCut() throws IOException {
        write("{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", new byte[8]);
        byte[] whole = Files.readAllBytes(file);
        for (int bytes = 0; bytes < whole.length; bytes++) {
            Files.write(file, Arrays.copyOf(whole, bytes));
            assertRefused(file, "copied in full");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 100_000_001, 1000})
    void aHeaderLongerThanTheFileOrTheLimitIsRefused(long length) throws IOException {
        Files.write(file, ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        assertRefused("header of at most 92 bytes", Long.toUnsignedString(length));
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertThrows(NoSuchFileException.class, () -> Safetensors.read(file));
        Refusal.assertRefused(IOException.class, () -> Safetensors.read(folder), folder, "found a folder");
    }

    /// @param header with ' for "
    private void write(String header, byte[] data) throws IOException {
        byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Files.write(file, ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).put(data).array());
    }

    private void assertRefused(Object... parts) {
        Refusal.assertRefused(IOException.class, () -> Safetensors.read(file), parts);
        Refusal.assertRefused(IOException.class, () -> Safetensors.read(file), file + ": ");
    }

    private static Tensor tensor(Safetensors tensors, String name) {
        return Objects.requireNonNull(tensors.tensors().get(name), name);
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
        return bits;
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
