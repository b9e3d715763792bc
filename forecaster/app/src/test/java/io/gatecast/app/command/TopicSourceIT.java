package io.gatecast.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.gatecast.training.data.TopicRange;
import io.gatecast.training.data.TopicRange.Offsets;
import io.gatecast.training.data.TopicSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Series learned from and judged on come from a topic of three partitions, of a real broker: 40 sensors a minute apart, an
/// aborted transaction amid, poison.
@Timeout(120)
class TopicSourceIT {
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;
    private static final int SENSORS = 40;
    private static final int STEPS = 150;
    private static final int PARTITIONS = 3;
    private static final String TOPIC = "history";

    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static Path config;
    private static StreamsSettings settings;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        config = Files.writeString(folder.resolve("kafka.properties"), "bootstrap.servers=" + broker.bootstrapServers()
                + "\nschema.registry.url=mock://topic-source-it\n");
        settings = StreamsSettings.load(config);
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1),
                    new NewTopic("by-append-time", 1, (short) 1)
                            .configs(Map.of("message.timestamp.type", "LogAppendTime")),
                    new NewTopic("empty", 1, (short) 1)));
        }
        write();
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    private static double value(int sensor, int t) {
        return 20 + sensor + 5 * Math.sin(2 * Math.PI * t / 12) + Math.cos(sensor + 0.7 * t);
    }

    private static void write() {
        Map<String, Object> properties = new HashMap<>(settings.producerProperties());
        properties.put("transactional.id", "topic-source-it");
        try (Registry registry = Registry.connect(settings.registry());
                AvroSerde<Observation> serde = new AvroSerde<>(registry, TOPIC, Observation.class);
                var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int t = 0; t < STEPS; t++) {
                if (t == STEPS / 2) {
                    producer.commitTransaction();
                    producer.beginTransaction();
                    send(producer, serde, TOPIC, 1, t, 1e6);
                    send(producer, serde, TOPIC, 2, t, 1e6);
                    producer.abortTransaction();
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>(TOPIC, 1, "s1", "poison".getBytes(UTF_8)));
                }
                for (int sensor = 0; sensor < SENSORS; sensor++) {
                    send(producer, serde, TOPIC, sensor, t, value(sensor, t));
                }
                send(producer, serde, "by-append-time", 7, t, value(7, t));
            }
            producer.commitTransaction();
        }
    }

    private static void send(KafkaProducer<String, byte[]> producer, AvroSerde<Observation> serde, String topic,
            int sensor, int t, double value) {
        Observation observation = new Observation(Instant.ofEpochMilli(START + t * STEP), List.of(value), List.of());
        producer.send(new ProducerRecord<>(topic, topic.equals(TOPIC) ? sensor % PARTITIONS : 0, START + t * STEP,
                "s" + sensor, serde.serializer().serialize(topic, observation)));
    }

    private static List<Series> read(String topic, TopicRange range) throws IOException {
        return source(topic, range, OptionalLong.empty()).read();
    }

    private static TopicSource source(String topic, TopicRange range, OptionalLong most) {
        return new TopicSource(settings.consumerProperties(), settings.registry(), topic, range, List.of(), most);
    }

    /// Sorted by id, whole, without what was aborted and what cannot be read; twice the same.
    @Test
    void everythingThatIsCommittedIsRead() throws IOException {
        List<Series> series = read(TOPIC, TopicRange.ALL), again = read(TOPIC, TopicRange.ALL);
        assertEquals(IntStream.range(0, SENSORS).mapToObj(sensor -> "s" + sensor).sorted().toList(),
                series.stream().map(Series::id).toList());
        for (int i = 0; i < SENSORS; i++) {
            int sensor = Integer.parseInt(series.get(i).id().substring(1));
            assertArrayEquals(IntStream.range(0, STEPS).mapToLong(t -> START + t * STEP).toArray(),
                    series.get(i).timestamps(), series.get(i).id());
            assertArrayEquals(IntStream.range(0, STEPS).mapToDouble(t -> value(sensor, t)).toArray(),
                    series.get(i).values()[0], series.get(i).id());
            assertArrayEquals(series.get(i).values()[0], again.get(i).values()[0]);
        }
    }

    @Test
    void aStretchOfTimeIsReadWhicheverTimeTheTopicKeeps() throws IOException {
        TopicRange hours = new TopicRange(START + 100 * STEP, START + 130 * STEP, List.of());
        for (String topic : List.of(TOPIC, "by-append-time")) {
            Series series = read(topic, hours).stream().filter(each -> each.id().equals("s7")).findFirst()
                    .orElseThrow();
            assertEquals(30, series.length(), topic);
            assertEquals(START + 100 * STEP, series.timestamps()[0], topic);
        }
    }

    @Test
    void aStretchOfOffsetsIsReadAndWhatWasReadCanBeReadAgain() throws IOException {
        int inPartition = Math.ceilDiv(SENSORS, PARTITIONS); // of partition 0
        List<Offsets> asked = List.of(new Offsets(0, 2L * inPartition, 7L * inPartition));
        List<Series> some = read(TOPIC, new TopicRange(Long.MIN_VALUE, Long.MAX_VALUE, asked));
        assertEquals(inPartition, some.size());
        for (Series series : some) {
            assertArrayEquals(IntStream.range(2, 7).mapToLong(t -> START + t * STEP).toArray(), series.timestamps());
        }
        List<Offsets> all = source(TOPIC, TopicRange.ALL, OptionalLong.empty()).locate();
        assertEquals(PARTITIONS, all.size());
        assertEquals(SENSORS, read(TOPIC, new TopicRange(Long.MIN_VALUE, Long.MAX_VALUE, all)).size());
    }

    @Test
    void whatIsNotThereIsOneSentence() {
        assertEquals("topic empty: holds no observations; produce some first", refusal("empty", TopicRange.ALL));
        assertEquals("topic by-append-time: holds no observations in what is to be read of it; widen --from, --to or"
                + " --offsets", refusal("by-append-time", new TopicRange(0, 1000, List.of())));
        assertEquals(
                "history-9: expected records, as --offsets 9:0- asks for, found none; check the partition's number",
                refusal(TOPIC, offsets(new Offsets(9, 0, Offsets.END))));
        String beyond = refusal(TOPIC, offsets(new Offsets(0, 5, 1_000_000)));
        assertTrue(beyond.startsWith("history-0: expected offsets between 0, before which records were deleted, and ")
                && beyond.endsWith(", where it ends now, found --offsets 0:5-1000000"), beyond);
        assertEquals("topic history: holds more than the 100 observations that --max-observations allows; read less of"
                + " it, between --from and --to or by --offsets, or allow more",
                assertThrows(IOException.class, () -> source(TOPIC, TopicRange.ALL, OptionalLong.of(100)).read())
                        .getMessage());
    }

    private static TopicRange offsets(Offsets offsets) {
        return new TopicRange(Long.MIN_VALUE, Long.MAX_VALUE, List.of(offsets));
    }

    private static String refusal(String topic, TopicRange range) {
        return String.valueOf(assertThrows(IOException.class, () -> read(topic, range)).getMessage());
    }

    /// The record says which offsets were learned from; a backtest leads the model through the rest of the topic.
    @Test
    void aModelIsLearnedFromOnePartOfATopicAndJudgedOnTheRest() {
        String model = folder.resolve("m.avro").toString(), end = String.valueOf(START + 120 * STEP);
        Run train = Gatecasts.run("train", "--topic", TOPIC, "--config", config.toString(), "--to", end,
                "--seasonality",
                "12", "--horizon", "4", "--hidden", "4", "--epochs", "1", "--output", model);
        assertEquals(0, train.status(), train.err());
        assertTrue(train.out().contains("Learned default from 4,320 steps of 40 series."), train.out().toString());
        Run show = Gatecasts.run("models", "show", model);
        assertTrue(show.out().stream().anyMatch(line -> line.contains("topic history at 0:0-")), show.out().toString());
        Run backtest = Gatecasts.run("backtest", "--model", model, "--topic", TOPIC, "--config", config.toString(),
                "--from", end, "--json");
        assertEquals(0, backtest.status(), backtest.err());
        assertTrue(backtest.out().getFirst().startsWith("default/1 at 1,080 origins of 40 series, 4 steps ahead"),
                backtest.out().getFirst());
        assertTrue(!backtest.err().contains("has learned from"), backtest.err());
        Path medians = folder.resolve("next.csv");
        Run forecast = Gatecasts.run("forecast", "--model", model, "--topic", TOPIC, "--offsets", "2:0-", "--config",
                config.toString(), "--output", medians.toString());
        assertEquals(0, forecast.status(), forecast.err());
        assertEquals("Forecast the next 4 steps of 13 series by default/1: " + medians, forecast.out().getFirst());
    }

    @Test
    void offsetsThatAreNoneAreOneSentence() {
        Run run = Gatecasts.run("train", "--topic", TOPIC, "--offsets", "all", "--config", config.toString(),
                "--horizon",
                "4", "--output", folder.resolve("n.avro").toString());
        assertEquals(2, run.status());
        assertTrue(run.err().contains("'all': expected a partition and its offsets, as in 0:100-2000, which ends before"
                + " 2000, or 0:100-, which goes on to the end"), run.err());
    }
}
