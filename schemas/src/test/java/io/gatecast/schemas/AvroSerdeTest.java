package io.gatecast.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Forecast;
import io.gatecast.avro.Observation;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdeTest {
    private Registry registry = Registry.of(Map.of("schema.registry.url", "mock://unused"));

    @BeforeEach
    void ownRegistry(TestInfo test) {
        registry = Registry.of(Map.of("schema.registry.url", "mock://" + test.getDisplayName()));
    }

    private AvroSerde<Observation> observations() {
        return new AvroSerde<>(registry, Observation.class, "observations");
    }

    private static Observation observation(long timestamp, @Nullable Double... values) {
        return new Observation(Instant.ofEpochMilli(timestamp), new ArrayList<>(Arrays.asList(values)), List.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatWasWrittenIsRead(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AvroSerde<Forecast> serde = new AvroSerde<>(registry, Forecast.class, "forecasts");
        for (int i = 0; i < 50; i++) {
            List<Float> values = new ArrayList<>();
            for (int n = random.nextInt(300); n > 0; n--) {
                values.add((float) random.nextGaussian());
            }
            Forecast forecast = new Forecast(Instant.ofEpochMilli(random.nextLong(1L << 42)), 1000L, 4, 2,
                    List.of(0.1f, 0.5f), values, "m" + i, i, i % 2 == 0);
            assertEquals(forecast, serde.deserialize("forecasts", serde.serialize("forecasts", forecast)));
        }
    }

    @Test
    void writesConfluentsWireFormat() throws IOException {
        AvroSerde<Observation> serde = observations();
        serde.register();
        int id = registry.idOf("observations-value", Observation.getClassSchema());
        byte[] bytes = serde.serialize("observations", observation(1, 0.5, null));
        String header = "00" + HexFormat.of().withUpperCase().toHexDigits(id);
        // timestamp 1 (zigzag 02); two values (04), 0.5 as branch 1 (02), null as branch 0 (00), end (00); no covariates
        assertEquals(header + "02" + "04" + "02000000000000E03F" + "00" + "00" + "00",
                HexFormat.of().withUpperCase().formatHex(bytes));
    }

    @Test
    void aTombstoneStaysATombstone() {
        assertNull(observations().serialize("observations", null));
        assertNull(observations().deserialize("observations", null));
    }

    @Test
    void manyThreadsShareOneSerde() {
        AvroSerde<Observation> serde = observations();
        List<Observation> written = IntStream.range(0, 2000).mapToObj(i -> observation(i, i / 3.0, null)).toList();
        List<Observation> read = written.parallelStream()
                .map(o -> serde.deserialize("observations", serde.serialize("observations", o))).toList();
        assertEquals(written, read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0000000001", "7B2261", "0100000001020000"})
    void damagedBytesAreNamed(String hex) {
        AvroSerde<Observation> serde = observations();
        serde.serialize("observations", observation(1, 2.0));
        byte[] bytes = HexFormat.of().parseHex(hex);
        String message = refusal(serde, bytes);
        assertTrue(message.startsWith("topic observations: expected Observation in Confluent's wire format, found "
                + bytes.length + (bytes.length == 1 ? " byte: " : " bytes: ")), message);
    }

    @Test
    void everyTruncationIsNoticed() {
        AvroSerde<Observation> serde = observations();
        byte[] bytes = Objects
                .requireNonNull(serde.serialize("observations", observation(123456789, 1.5, null, 2.5)));
        for (int length = 0; length < bytes.length; length++) {
            refusal(serde, Arrays.copyOf(bytes, length));
        }
        String trailing = refusal(serde, Arrays.copyOf(bytes, bytes.length + 1));
        assertTrue(trailing.endsWith("bytes are left after the record"), trailing);
    }

    @Test
    void anUnknownSchemaIdIsNamed() {
        String message = refusal(observations(), HexFormat.of().parseHex("0000ABCDEF00"));
        assertTrue(message.contains("has no schema id 11259375"), message);
    }

    private static String refusal(AvroSerde<Observation> serde, byte[] bytes) {
        return String.valueOf(
                assertThrows(SerializationException.class, () -> serde.deserialize("observations", bytes))
                        .getMessage());
    }

    @Test
    void arrayOrderSurvives() {
        AvroSerde<Observation> serde = observations();
        Observation observation = observation(5, 3.0, 1.0, null, 2.0);
        Observation read = serde.deserialize("observations", serde.serialize("observations", observation));
        assertArrayEquals(observation.getValues().toArray(), read == null ? null : read.getValues().toArray());
    }

    /// A record that could not be judged because the registry was away is not a bad record.
    @Test
    void anUnreachableRegistryIsNotTheRecordsFault() throws IOException {
        Registry away = Registry.of(Map.of("schema.registry.url", "http://127.0.0.1:" + closedPort()),
                Duration.ofMillis(500));
        AvroSerde<Observation> serde = new AvroSerde<>(away, Observation.class, "observations");
        KafkaException failure = assertThrows(KafkaException.class,
                () -> serde.deserialize("observations", new byte[]{0, 0, 0, 0, 1, 0, 0, 0}));
        assertTrue(!(failure instanceof SerializationException) && failure.getCause() instanceof RegistryUnavailable);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
