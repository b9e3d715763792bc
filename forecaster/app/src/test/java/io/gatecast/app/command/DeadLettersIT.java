package io.gatecast.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of bad input against a real broker, then what a person can do with what was set aside.
@Timeout(120)
class DeadLettersIT {
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;
    /// More than a producer of the topology sends at once.
    private static final int HUGE = 10 << 20;

    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static Path config;
    private static StreamsSettings settings;
    private static TopicSerdes serdes;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        config = Files.writeString(folder.resolve("poison.properties"), """
                bootstrap.servers=%s
                schema.registry.url=mock://poison
                application.id=poison
                state.dir=%s
                commit.interval.ms=100
                """.formatted(broker.bootstrapServers(), folder.resolve("state")));
        settings = StreamsSettings.load(config);
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation("observations", 2)
                    .configs(Map.of("max.message.bytes", Integer.toString(2 * HUGE)))));
        }
        serdes = TopicSerdes.register(Registry.connect(settings.registry()), settings);
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            rows.append("pump,").append(START + t * STEP).append(',').append(10 + Math.sin(t)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows.toString());
        Path model = folder.resolve("m.avro");
        run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4", "--hidden",
                "4", "--epochs", "1", "--output", model.toString(), "--id", "default");
        run("models", "publish", model.toString(), "--config", config.toString());
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    @Test
    void badInputIsSetAsideListedAndSentAgainOnce() throws Exception {
        Map<String, Long> sent = new TreeMap<>(Map.of("unreadable", 2L, "unknown-schema", 2L, "wrong-schema", 1L,
                "no-key", 1L, "empty-key", 1L, "key-too-long", 1L, "not-finite", 2L, "wrong-channels", 1L));
        try (StreamsRunner runner = StreamsRunner.start(settings)) {
            poison();
            await(() -> runner.metrics().accepted() == 10 && runner.metrics().deadLetters() == 11);
            assertEquals(sent, runner.metrics().reasons());
            assertEquals(1, runner.metrics().tombstones());
            await(() -> letters().size() == 11);

            JsonNode huge = letters("--reason", "unknown-schema").get(1);
            assertTrue(huge.get("omitted").asBoolean());
            assertEquals(HUGE + 4, huge.get("bytes").asLong());
            assertTrue(huge.get("origin").asText().matches("observations-[01]@[0-9]+"), huge.toString());
            assertEquals(List.of(), letters("--to", "2020-01-01"));
            assertEquals(3, letters("--limit", "3").size());

            Run dry = command("replay", "--reason", "wrong-channels", "--dry-run");
            assertEquals("Would send again: 1.", dry.out().getLast());
            assertEquals("Sent again: 1.", command("replay", "--reason", "wrong-channels").out().getLast());
            await(() -> runner.metrics().deadLetters() == 12); // the model is still the same
            await(() -> letters("--reason", "wrong-channels").size() == 2);
            List<JsonNode> again = letters("--reason", "wrong-channels");
            assertTrue(again.get(0).get("replayed").asBoolean());
            assertFalse(again.get(1).get("replayed").asBoolean());

            // All that can be: neither what was sent before nor what the letter does not hold.
            assertEquals("Sent again: 10.", command("replay").out().getLast());
            await(() -> runner.metrics().deadLetters() == 22);
            assertEquals(10, runner.metrics().accepted());
        }
    }

    @Test
    void anUnknownReasonIsRefusedWithThoseThereAre() {
        Run run = Gatecasts.run("dead-letters", "list", "--config", config.toString(), "--reason", "bad");
        assertEquals(2, run.status());
        assertTrue(run.err().contains("'bad': expected one of unreadable, unknown-schema, wrong-schema, no-key, "),
                run.err());
    }

    private static void poison() {
        Map<String, Object> properties = new HashMap<>(settings.producerProperties());
        properties.put("max.request.size", 2 * HUGE);
        properties.put("compression.type", "none");
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] longKey = new byte[1 << 20];
            Arrays.fill(longKey, (byte) 'k');
            byte[] sound = observation(20, 1.0);
            List<Sent> records = new ArrayList<>();
            for (int t = 0; t < 10; t++) {
                records.add(record("pump", observation(t, 10.0)));
            }
            records.add(record("pump", "not avro".getBytes(UTF_8)));
            records.add(record("pump", Arrays.copyOf(sound, sound.length - 1)));
            byte[] unknown = sound.clone();
            unknown[1] = 0x70;
            records.add(record("pump", unknown));
            records.add(record("pump", new byte[HUGE]));
            records.add(record("pump", serdes.forecasts().serializer().serialize("forecasts", forecast())));
            records.add(new Sent(null, sound));
            records.add(record("", sound));
            records.add(new Sent(longKey, sound));
            records.add(record("pump", observation(20, Double.NaN)));
            records.add(record("pump", observation(20, Double.POSITIVE_INFINITY)));
            records.add(record("pump", observation(20, 1.0, 2.0)));
            records.add(record("pump", null));
            for (Sent record : records) {
                producer.send(new ProducerRecord<>("observations", record.key(), record.value()));
            }
        }
    }

    /// One record.
    private record Sent(byte @Nullable [] key, byte @Nullable [] value) {}

    private static Sent record(String key, byte @Nullable [] value) {
        return new Sent(key.getBytes(UTF_8), value);
    }

    private static byte[] observation(int t, @Nullable Double... values) {
        return serdes.observations().serializer().serialize("observations",
                new Observation(Instant.ofEpochMilli(START + t * STEP), Arrays.asList(values), List.of()));
    }

    private static io.gatecast.avro.Forecast forecast() {
        return new io.gatecast.avro.Forecast(Instant.EPOCH, STEP, 1, 1, List.of(0.5f), List.of(1f), "default", 1, true);
    }

    private static List<JsonNode> letters(String... options) {
        List<String> arguments = new ArrayList<>(List.of("list"));
        arguments.addAll(List.of(options));
        Run run = command(arguments.toArray(String[]::new));
        List<JsonNode> letters = new ArrayList<>();
        try {
            new ObjectMapper().readTree(run.out().getLast()).get("letters").forEach(letters::add);
        } catch (IOException e) {
            throw new AssertionError(run.out().toString(), e);
        }
        return letters;
    }

    private static Run command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        if (arguments[0].equals("list")) {
            all.add("--json");
        }
        return run(all.toArray(String[]::new));
    }

    private static Run run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
        return run;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
