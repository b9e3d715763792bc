package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.kernel.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamsSettingsTest {
    private static final Map<String, String> LEAST = Map.of("bootstrap.servers", "127.0.0.1:9092",
            "schema.registry.url", "mock://settings");

    @TempDir
    private Path folder;

    @Test
    void twoKeysAreEnough() {
        StreamsSettings settings = StreamsSettings.of(LEAST);
        assertEquals("gatecast", settings.kafka().get("application.id"));
        assertEquals("exactly_once_v2", settings.kafka().get("processing.guarantee"));
        assertEquals("default", settings.modelId());
        assertEquals(new StreamsSettings.TopicNames("observations", "forecasts", "anomalies", "evaluations",
                "models", "observations.dead-letters", "observations.late", "models.events", "audit"),
                settings.topics());
        assertEquals(Map.of("schema.registry.url", "mock://settings"), settings.registry());
        assertEquals(OptionalInt.empty(), settings.evaluationWindow());
    }

    @Test
    void anEvaluationsTopicAndWindowCanBeNamed() {
        Map<String, String> entries = new HashMap<>(LEAST);
        entries.put("gatecast.evaluations.topic", "skill");
        entries.put("gatecast.evaluations.window", "168");
        StreamsSettings settings = StreamsSettings.of(entries);
        assertEquals("skill", settings.topics().evaluations());
        assertEquals(OptionalInt.of(168), settings.evaluationWindow());
        for (String bad : new String[]{"0", "-1", "a day", "9999999999"}) {
            entries.put("gatecast.evaluations.window", bad);
            assertEquals(
                    "settings: gatecast.evaluations.window: expected auto or a number of steps of at least 1, found '"
                            + bad + "'",
                    assertThrows(IllegalArgumentException.class, () -> StreamsSettings.of(entries))
                            .getMessage());
        }
    }

    @Test
    void whatStoresKeepInMemoryIsBounded() {
        StreamsSettings settings = StreamsSettings.of(LEAST);
        assertEquals(256L << 20, settings.storeMemory());
        assertEquals("268435456", settings.streamsProperties().get("gatecast.store.memory.bytes"));
        assertEquals(StoreOptions.class.getName(), settings.kafka().get("rocksdb.config.setter"));
        Map<String, String> entries = new HashMap<>(LEAST);
        for (String bad : new String[]{"0", "-1", "256m", "16777215", "9999999999999999"}) {
            entries.put("gatecast.store.memory.bytes", bad);
            assertEquals(
                    "settings: gatecast.store.memory.bytes: expected a number of bytes of at least 16777216, found '"
                            + bad + "'",
                    assertThrows(IllegalArgumentException.class, () -> StreamsSettings.of(entries)).getMessage());
        }
    }

    @Test
    void weightsHaveOneOfThreePrecisions() {
        assertEquals(Precision.FLOAT32, StreamsSettings.of(LEAST).weights());
        Map<String, String> entries = new HashMap<>(LEAST);
        entries.put("gatecast.weights", "bf16");
        assertEquals(Precision.BFLOAT16, StreamsSettings.of(entries).weights());
        entries.put("gatecast.weights", "fp16");
        assertEquals("settings: gatecast.weights: expected one of f32, int16, bf16, found 'fp16'",
                assertThrows(IllegalArgumentException.class, () -> StreamsSettings.of(entries)).getMessage());
    }

    @Test
    void aFilesKeysGoWhereTheyBelong() throws IOException {
        Path file = write("""
                # a comment
                bootstrap.servers = 127.0.0.1:9092
                num.stream.threads = 3
                consumer.max.poll.records = 77
                topic.retention.ms = 5
                schema.registry.url = http://127.0.0.1:8081
                schema.registry.ssl.truststore.location = trust.jks
                basic.auth.user.info = me:secret
                gatecast.model.id = fleet
                gatecast.topic.observations = sensors
                """);
        StreamsSettings settings = StreamsSettings.load(file);
        assertEquals("3", settings.streamsProperties().get("num.stream.threads"));
        assertEquals("77", settings.kafka().get("consumer.max.poll.records"));
        assertEquals("me:secret", settings.registry().get("basic.auth.user.info"));
        assertEquals("trust.jks", settings.registry().get("schema.registry.ssl.truststore.location"));
        assertEquals("fleet", settings.modelId());
        assertEquals("sensors", settings.topics().observations());
        assertEquals("sensors.dead-letters", settings.topics().deadLetters());
    }

    @Test
    void whatTheFileSaysGoesBeforeTheDefaults() {
        StreamsSettings settings = with("processing.guarantee", "at_least_once");
        assertEquals("at_least_once", settings.kafka().get("processing.guarantee"));
        assertEquals("bad", with("errors.dead.letter.queue.topic.name", "bad").topics().deadLetters());
    }

    @ParameterizedTest
    @CsvSource({"gatecast.model.di, gatecast.model.id", "gatecast.topic.observation, gatecast.topic.observations",
            "num.stream.thread, num.stream.threads", "bootstrap.server, bootstrap.servers",
            "consumer.max.pol.records, consumer.max.poll.records", "schema.registry.uri, schema.registry.url",
            "basic.auth.userinfo, basic.auth.user.info", "sasl.jass.config, sasl.jaas.config"})
    void anUnknownKeyIsRefusedWithTheNearest(String unknown, String nearest) {
        assertEquals("settings: " + unknown + ": no such key; did you mean " + nearest + "?", refusal(unknown, "1"));
    }

    @Test
    void aRefusalNamesFileAndLine() throws IOException {
        Path file = write("bootstrap.servers=x:1\n\n  comit.interval.ms = 5\n");
        String message = assertThrows(IllegalArgumentException.class, () -> StreamsSettings.load(file)).getMessage();
        assertEquals(file + ":3: comit.interval.ms: no such key; did you mean commit.interval.ms?", message);
    }

    @Test
    void whatIsNeededIsAskedFor() {
        String message = assertThrows(IllegalArgumentException.class, () -> StreamsSettings.of(Map.of())).getMessage();
        assertEquals("settings: bootstrap.servers: expected a value, found none", message);
        assertEquals("settings: gatecast.model.id: expected a value, found none", refusal("gatecast.model.id", " "));
    }

    @Test
    void aKeyOfKafkaMayBeEmpty() {
        StreamsSettings settings = with("ssl.endpoint.identification.algorithm", "");
        assertEquals("", settings.adminProperties().get("ssl.endpoint.identification.algorithm"));
    }

    @Test
    void aValueThatKafkaRefusesIsRefusedAtOnce() {
        String message = refusal("num.stream.threads", "many");
        assertTrue(message.startsWith("settings: Invalid value many for configuration num.stream.threads"), message);
    }

    @Test
    void keysOfScalingOutGoToKafkaAsTheyAre() {
        Map<String, String> keys = Map.of("num.standby.replicas", "1", "group.instance.id", "rack-7", "state.dir",
                "/var/lib/gatecast", "consumer.session.timeout.ms", "20000", "group.protocol", "classic");
        Map<String, String> entries = new HashMap<>(LEAST);
        entries.putAll(keys);
        StreamsSettings settings = StreamsSettings.of(entries);
        keys.forEach((key, value) -> assertEquals(value, settings.streamsProperties().get(key)));
        assertTrue(settings.isStaticMember());
        assertFalse(settings.consumerProperties().containsKey("group.instance.id"));
        assertFalse(settings.consumerProperties().containsKey("group.protocol"));
        assertFalse(StreamsSettings.of(LEAST).isStaticMember());
    }

    @ParameterizedTest
    @CsvSource({
            "group.instance.id, group.protocol=streams knows no static members: remove it; or take group.protocol=classic",
            "num.standby.replicas, with group.protocol=streams the broker says it: remove it; and set the group's"
                    + " streams.num.standby.replicas with kafka-configs; or take group.protocol=classic",
            "consumer.session.timeout.ms, with group.protocol=streams the broker says it: remove it; and set the group's"
                    + " streams.session.timeout.ms with kafka-configs; or take group.protocol=classic",
            "heartbeat.interval.ms, with group.protocol=streams the broker says it: remove it; and set the group's"
                    + " streams.heartbeat.interval.ms with kafka-configs; or take group.protocol=classic"})
    void whatTheStreamsProtocolDoesNotKnowIsRefused(String key, String words) {
        Map<String, String> entries = new HashMap<>(LEAST);
        entries.put("group.protocol", "streams");
        entries.put(key, "1");
        String message = String
                .valueOf(assertThrows(IllegalArgumentException.class, () -> StreamsSettings.of(entries)).getMessage());
        assertEquals("settings: " + key + ": " + words.replace(';', ','), message);
    }

    @Test
    void aClientGetsOnlyWhatItKnows() {
        StreamsSettings settings = with("consumer.max.poll.records", "7");
        assertEquals(Map.of("bootstrap.servers", "127.0.0.1:9092", "compression.type", "lz4",
                "max.request.size", "8388608", "linger.ms", "5", "batch.size", "65536", "retry.backoff.ms", "25"),
                settings.producerProperties());
        assertEquals("7", settings.consumerProperties().get("max.poll.records"));
        assertEquals(Map.of("bootstrap.servers", "127.0.0.1:9092", "retry.backoff.ms", "25"),
                settings.adminProperties());
    }

    private static String refusal(String key, String value) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> with(key, value)).getMessage());
    }

    private static StreamsSettings with(String key, String value) {
        Map<String, String> entries = new HashMap<>(LEAST);
        entries.put(key, value);
        return StreamsSettings.of(entries);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("gatecast.properties"), text);
    }
}
