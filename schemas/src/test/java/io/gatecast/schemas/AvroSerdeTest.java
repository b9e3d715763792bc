package io.gatecast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.BadValue.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdeTest {
    private final Registry registry = Registry.connect(Map.of(Registry.URL, "mock://" + UUID.randomUUID()));
    private final AvroSerde<Observation> observations = new AvroSerde<>(registry, "observations", Observation.class);
    private final AvroSerde<Forecast> forecasts = new AvroSerde<>(registry, "forecasts", Forecast.class);

    @AfterEach
    void close() {
        registry.close();
    }

    private static Observation observation() {
        return new Observation(Instant.ofEpochMilli(1_700_000_000_000L), Arrays.asList(1.5, null), List.of());
    }

    private static Forecast forecast() {
        List<Float> values = new ArrayList<>();
        for (int i = 0; i < 48 * 5; i++) {
            values.add(i == 7 ? Float.NaN : i * 0.1f);
        }
        return new Forecast(Instant.ofEpochMilli(3_600_000), 3_600_000L, 48, 1,
                List.of(0.025f, 0.1f, 0.5f, 0.9f, 0.975f),
                values, "fleet", 3, true);
    }

    private byte[] write(Observation observation) {
        return observations.serializer().serialize("observations", observation);
    }

    private SerializationException refused(byte[] bytes) {
        return assertThrows(SerializationException.class,
                () -> observations.deserializer().deserialize("observations", bytes));
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = forecasts.serializer().serialize("forecasts", forecast());

        assertEquals(forecast(), forecasts.deserializer().deserialize("forecasts", bytes));
        assertEquals(observation(), observations.deserializer().deserialize("observations", write(observation())));
    }

    /// Made by hand after the Avro 1.12 specification: zig-zag varints, a block of two values of which the second is
    /// null, an end; no covariates.
    @Test
    void theBytesAreConfluentsWireFormat() {
        String timestamp = "80a0abfef962"; // zig-zag of 1,700,000,000,000
        int id = registry.register("observations", Observation.getClassSchema());

        assertEquals("00" + "%08x".formatted(id) + timestamp + "0402000000000000f83f0000" + "00",
                HexFormat.of().formatHex(write(observation())));
    }

    @Test
    void floatsWrittenAtOnceAreAvrosOwnBytes() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(Forecast.class).write(forecast(), encoder);
        encoder.flush();
        byte[] written = forecasts.serializer().serialize("forecasts", forecast());

        assertArrayEquals(bytes.toByteArray(), Arrays.copyOfRange(written, 5, written.length));
    }

    @Test
    void anEmptyArrayOfFloatsIsAvrosOwnBytesToo() {
        Forecast empty = forecast();
        empty.setValues(List.of());

        assertEquals(empty, forecasts.deserializer().deserialize("forecasts",
                forecasts.serializer().serialize("forecasts", empty)));
    }

    @Test
    void aTombstoneStaysOne() {
        assertNull(observations.serializer().serialize("observations", null));
        assertNull(observations.deserializer().deserialize("observations", (byte[]) null));
    }

    @Test
    void whatALaterVersionWroteIsResolvedToThisOne() throws Exception {
        Schema later = new Schema.Parser().parse("""
                {"type": "record", "name": "Observation", "namespace": "io.gatecast.avro", "fields": [
                  {"name": "station", "type": "string", "default": ""},
                  {"name": "timestamp", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "values", "type": {"type": "array", "items": ["null", "double"]}}]}""");
        GenericData.Record record = new GenericData.Record(later);
        record.put("station", "roof");
        record.put("timestamp", 1_700_000_000_000L);
        record.put("values", Arrays.asList(1.5, null));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5).putInt(1, registry.register("elsewhere", later)).array());
        var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(later).write(record, encoder);
        encoder.flush();

        assertEquals(observation(), observations.deserializer().deserialize("observations", bytes.toByteArray()));
    }

    @Test
    void theRegisteredSchemaSpeaksOfNoLanguage() {
        int id = registry.register("forecasts", Forecast.getClassSchema());

        assertEquals(false, registry.schema(id).toString().contains("avro.java"), registry.schema(id).toString());
    }

    @Test
    void aValueThatIsTooShortSaysSo() {
        assertEquals("a value of topic observations is no Observation: at least 5 bytes were expected, 2 found",
                refused(new byte[2]).getMessage());
    }

    @Test
    void aValueWithoutTheMagicByteSaysSo() {
        assertEquals(
                "a value of topic observations is no Observation: it was expected to begin with byte 0 and a schema id, "
                        + "it begins with byte 123",
                refused("{\"timestamp\": 1}".getBytes(UTF_8)).getMessage());
    }

    @Test
    void anUnknownSchemaIsTheValuesFault() {
        byte[] bytes = write(observation());
        ByteBuffer.wrap(bytes).putInt(1, 4711);

        String message = String.valueOf(refused(bytes).getMessage());
        assertTrue(message.contains("cannot look up schema 4711"), message);
    }

    @Test
    void bytesLeftOverAreRefused() {
        byte[] bytes = write(observation());

        assertEquals("a value of topic observations is no Observation: bytes are left over behind it",
                refused(Arrays.copyOf(bytes, bytes.length + 1)).getMessage());
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] bytes = write(observation());
        for (int length = 0; length < bytes.length; length++) {
            refused(Arrays.copyOf(bytes, length));
        }
    }

    @Test
    void aRegistryThatCannotBeReachedIsNotTheValuesFault() throws IOException {
        byte[] bytes = write(observation());
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "{\"id\":7}".getBytes(UTF_8);
            exchange.sendResponseHeaders(asked.incrementAndGet() == 1 ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (Registry failing = Registry.connect(
                Map.of(Registry.URL, "http://127.0.0.1:" + server.getAddress().getPort()),
                Duration.ofMillis(600))) {
            var serde = new AvroSerde<>(failing, "observations", Observation.class);
            RegistryException e = assertThrows(RegistryException.class,
                    () -> serde.deserializer().deserialize("observations", bytes));

            assertTrue(e.isUnreachable(), e.getMessage());
        } finally {
            server.stop(0);
        }
    }

    /// Damage may still be some observation, but it is never another exception.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void damageIsNothingWorseThanASerializationException(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sound = forecasts.serializer().serialize("forecasts", forecast());
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            byte[] bytes = sound.clone();
            for (int hit = 0; hit < 3; hit++) {
                bytes[5 + random.nextInt(40)] = (byte) random.nextInt(256);
            }
            try {
                forecasts.deserializer().deserialize("forecasts", bytes);
            } catch (SerializationException e) {
                refused++;
            }
        }
        assertTrue(refused > 100, "expected most to be refused, found " + refused + " of 200");
    }

    @Test
    void whatIsWrongWithAValueIsToldApart() {
        byte[] sound = write(observation());
        assertEquals(Fault.UNREADABLE, faultOf(new byte[]{1, 2, 3, 4, 5, 6}));
        assertEquals(Fault.UNREADABLE, faultOf(Arrays.copyOf(sound, sound.length - 1)));
        byte[] unknown = sound.clone();
        unknown[1] = 0x7f;
        assertEquals(Fault.UNKNOWN_SCHEMA, faultOf(unknown));
        byte[] another = forecasts.serializer().serialize("forecasts", forecast());
        assertEquals(Fault.WRONG_SCHEMA, faultOf(another));
    }

    private Fault faultOf(byte[] bytes) {
        return assertInstanceOf(BadValue.class, refused(bytes)).fault();
    }

    /// Credentials that have run out are no reason to set every observation aside.
    @Test
    void aRegistryThatDoesNotLetUsInIsNotTheValuesFault() throws IOException {
        byte[] bytes = write(observation());
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "{\"id\":7}".getBytes(UTF_8);
            exchange.sendResponseHeaders(asked.incrementAndGet() == 1 ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (Registry refusing = Registry.connect(
                Map.of(Registry.URL, "http://127.0.0.1:" + server.getAddress().getPort()))) {
            var serde = new AvroSerde<>(refusing, "observations", Observation.class);
            RegistryException e = assertThrows(RegistryException.class,
                    () -> serde.deserializer().deserialize("observations", bytes));

            assertTrue(!e.isUnreachable() && !e.isUnknownSchema(), e.getMessage());
        } finally {
            server.stop(0);
        }
    }

    /// Ten bytes that claim two thousand million readings.
    @Test
    void aClaimedLengthSetsNoMemoryAside() {
        byte[] sound = write(observation());
        byte[] claim = Arrays.copyOf(sound, 5 + 1 + 5);
        claim[5] = 0;
        Arrays.fill(claim, 6, 10, (byte) 0xfe);
        claim[10] = 0x0e;
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        refused(claim); // loads classes
        long before = thread.getCurrentThreadAllocatedBytes();
        refused(claim);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1 << 20, "allocated " + allocated + " bytes");
    }

    @Test
    void oneSerdeServesManyThreads() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Forecast>> tasks = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                Forecast forecast = forecast();
                forecast.setModelVersion(i);
                tasks.add(() -> forecasts.deserializer().deserialize("forecasts",
                        forecasts.serializer().serialize("forecasts", forecast)));
            }
            List<Future<Forecast>> answers = threads.invokeAll(tasks);
            for (int i = 0; i < answers.size(); i++) {
                assertEquals(i, answers.get(i).get().getModelVersion());
            }
        }
    }
}
