package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.TopicSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProduceCommandIT {
    private static final String REGISTRY = "mock://produce-command-it";

    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static Path data;
    private Path config;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        data = Files.writeString(folder.resolve("rows.csv"), "id,v1,v2,v3\nA,1,2,3\nB,10,20,30\n");
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    @BeforeEach
    void configure() throws IOException {
        config = configuration(broker.bootstrapServers(), REGISTRY);
    }

    @Test
    void aFileBecomesAStreamInTheOrderOfItsTimes() throws Exception {
        createTopic("observations");

        Run run = Gatecasts.run("produce", "--data", data.toString(), "--interval", "1s", "--topic", "observations",
                "--config", config.toString(), "--json");

        assertEquals(0, run.status(), run.err());
        assertEquals("Wrote 6 observations of 2 series to observations.", run.out().getFirst());
        assertEquals(List.of("A@0=[1.0]", "B@0=[10.0]", "A@1000=[2.0]", "B@1000=[20.0]", "A@2000=[3.0]",
                "B@2000=[30.0]"), read("observations", 6));
    }

    @Test
    void covariatesGoThroughATopicAsTheyStandInTheFile() throws Exception {
        createTopic("heated");
        Path file = Files.writeString(folder.resolve("heated.csv"), "timestamp,a,heat,b\n1,1,5,2\n2,3,,4\n");
        Run run = Gatecasts.run("produce", "--data", file.toString(), "--covariates", "heat", "--topic", "heated",
                "--config", config.toString());
        assertEquals(0, run.status(), run.err());
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        Map<String, String> registry = Map.of("schema.registry.url", REGISTRY);
        List<Series> series = new TopicSource(kafka, registry, "heated", List.of("heat")).read();
        assertEquals(List.of("a", "b"), series.stream().map(Series::id).toList());
        for (Series each : series) {
            assertArrayEquals(new double[][]{{5, Double.NaN}}, each.covariates());
        }
        assertEquals(0, new TopicSource(kafka, registry, "heated", List.of()).read().getFirst().covariates().length);
        IOException more = assertThrows(IOException.class,
                () -> new TopicSource(kafka, registry, "heated", List.of("heat", "price")).read());
        assertEquals("topic heated: expected observations with 2 covariates, heat, price, found none",
                more.getMessage());
    }

    @Test
    void aTopicThatDoesNotExistIsOneSentence() {
        Run run = Gatecasts.run("produce", "--data", data.toString(), "--interval", "1s", "--topic", "nowhere",
                "--config", config.toString());
        assertEquals(1, run.status());
        assertEquals("gatecast: topic nowhere does not exist on " + broker.bootstrapServers()
                + ": create it, or check its name\n", run.err());
    }

    @Test
    @Timeout(25)
    void aRegistryThatDoesNotAnswerIsOneSentenceWithinSeconds() throws Exception {
        createTopic("unwritten");
        Path unreachable = configuration(broker.bootstrapServers(), "http://127.0.0.1:1");
        Run run = Gatecasts.run("produce", "--data", data.toString(), "--interval", "1s", "--topic", "unwritten",
                "--config", unreachable.toString());
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("gatecast: schema registry http://127.0.0.1:1: cannot register the schema of "
                + "subject unwritten-value: no answer within 15 s"), run.err());
    }

    @Test
    void aFileWithoutTimestampsNeedsAnInterval() {
        Run run = Gatecasts.run("produce", "--data", data.toString(), "--topic", "nowhere", "--config",
                config.toString());
        assertEquals(1, run.status());
        assertEquals("gatecast: " + data
                + ": rows have no timestamps; say how long a step is, as in --interval 1h\n", run.err());
    }

    private static Path configuration(String servers, String registry) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "kafka", ".properties"),
                "bootstrap.servers=" + servers + "\nschema.registry.url=" + registry + "\n");
    }

    private void createTopic(String name) throws IOException {
        try (Cluster cluster = Cluster.connect(StreamsSettings.load(config))) {
            cluster.createMissing(List.of(new NewTopic(name, 1, (short) 1)));
        }
    }

    private static List<String> read(String topic, int count) {
        Registry registry = Registry.connect(Map.of("schema.registry.url", REGISTRY));
        List<String> read = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers(), "group.id", "reader",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(), new AvroSerde<>(registry, topic, Observation.class).deserializer())) {
            consumer.subscribe(List.of(topic));
            while (read.size() < count) {
                for (ConsumerRecord<String, Observation> each : consumer.poll(Duration.ofMillis(200))) {
                    read.add(each.key() + "@" + each.value().getTimestamp().toEpochMilli() + "="
                            + each.value().getValues());
                }
            }
        }
        return read;
    }
}
