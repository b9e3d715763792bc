package io.gatecast.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.Observation;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.SeriesStore;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import io.gatecast.streams.query.Holdings;
import io.gatecast.streams.query.SeriesQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The main job, against a real broker: observations in, a model learned and published, forecasts out, a swap, a restart,
/// bad input.
@Timeout(120)
class MainJobIT {
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;
    private static final List<String> SENSORS = List.of("boiler", "pump", "valve");

    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static Path model;
    private static Path mixed;
    private static Path bothWays;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        model = folder.resolve("m.avro");
        Path data = folder.resolve("history.csv");
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            for (String sensor : SENSORS) {
                rows.append(sensor).append(',').append(START + t * STEP).append(',').append(value(sensor, t))
                        .append('\n');
            }
        }
        Files.writeString(data, rows.toString());
        train(data, model, "--cell", "lstm");
        mixed = train(data, folder.resolve("mixed.avro"), "--cell", "peephole,gru", "--head", "student-t");
        bothWays = train(data, folder.resolve("both-ways.avro"), "--cell", "gru", "--bidirectional");
    }

    private static Path train(Path data, Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--data", data.toString(), "--interval", "1m",
                "--seasonality", "12", "--horizon", "4", "--hidden", "6", "--epochs", "3", "--output",
                output.toString(), "--id", "default"));
        arguments.addAll(List.of(more));
        Run run = Gatecasts.run(arguments.toArray(String[]::new));
        assertEquals(0, run.status(), run.err());
        return output;
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    private static double value(String sensor, int t) {
        return 10 + sensor.length() + 3 * Math.sin(2 * Math.PI * t / 12) + Math.cos(sensor.hashCode() + 0.7 * t);
    }

    /// One application with topics of its own.
    private record Application(Path config, StreamsSettings settings, TopicSerdes serdes) {

        static Application create(String name) throws IOException {
            Path config = Files.writeString(folder.resolve(name + ".properties"), """
                    bootstrap.servers=%s
                    schema.registry.url=mock://%s
                    application.id=%s
                    state.dir=%s
                    commit.interval.ms=100
                    gatecast.topic.observations=%s-observations
                    gatecast.topic.forecasts=%s-forecasts
                    gatecast.topic.anomalies=%s-anomalies
                    gatecast.topic.models=%s-models
                    gatecast.evaluations.topic=%s-evaluations
                    """.formatted(broker.bootstrapServers(), name, name, folder.resolve(name + "-state"), name, name,
                    name, name, name));
            StreamsSettings settings = StreamsSettings.load(config);
            try (Cluster cluster = Cluster.connect(settings)) {
                cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), 2)));
            }
            return new Application(config, settings,
                    TopicSerdes.register(Registry.connect(settings.registry()), settings));
        }

        void publish(Path file, String... more) {
            List<String> arguments = new ArrayList<>(
                    List.of("models", "publish", file.toString(), "--config", config.toString()));
            arguments.addAll(List.of(more));
            Run run = Gatecasts.run(arguments.toArray(String[]::new));
            assertEquals(0, run.status(), run.err());
        }

        /// @return observations written
        int observe(int from, int to) throws IOException {
            List<Map.Entry<String, Observation>> all = IntStream.range(from, to).boxed()
                    .flatMap(t -> SENSORS.stream()
                            .map(sensor -> Map.entry(sensor, new Observation(START + t * STEP, value(sensor, t)))))
                    .toList();
            observe(all);
            return all.size();
        }

        void observe(List<Map.Entry<String, Observation>> all) throws IOException {
            try (ObservationWriter writer = ObservationWriter.open(settings, serdes.observations().serializer(),
                    settings.topics().observations())) {
                for (Map.Entry<String, Observation> each : all) {
                    writer.write(each.getKey(), each.getValue());
                }
                writer.flush();
            }
        }

        /// @return the topic's committed records by key and order, once there are so many, and no more
        Map<String, List<byte[]>> read(String topic, int count) {
            Map<String, List<byte[]>> records = readAtLeast(topic, count);
            assertEquals(count, records.values().stream().mapToInt(List::size).sum());
            return records;
        }

        /// As [#read], but there may be more.
        Map<String, List<byte[]>> readAtLeast(String topic, int count) {
            Map<String, Object> properties = new HashMap<>(settings.consumerProperties());
            properties.put("isolation.level", "read_committed");
            Map<String, List<byte[]>> records = new TreeMap<>();
            int[] read = {0};
            try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(),
                    new ByteArrayDeserializer())) {
                List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition())).toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                await(() -> {
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        records.computeIfAbsent(String.valueOf(record.key()), key -> new ArrayList<>())
                                .add(record.value());
                        read[0]++;
                    }
                    return read[0] >= count;
                });
            }
            return records;
        }

        /// @return what lies in the changelog of states, partition by partition, but for the tombstones that mark an end
        List<Map.Entry<String, byte[]>> changelog(String name) {
            List<Map.Entry<String, byte[]>> all = new ArrayList<>();
            try (var consumer = new KafkaConsumer<>(settings.consumerProperties(), new StringDeserializer(),
                    new ByteArrayDeserializer())) {
                List<TopicPartition> partitions = Stream.of(0, 1)
                        .map(partition -> new TopicPartition(name + "-series-changelog", partition))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                    consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                        if (record.value() != null) {
                            all.add(Map.entry(record.key(), record.value()));
                        }
                    });
                }
            }
            return all;
        }

        List<Forecast> forecasts(String sensor, int count) {
            String topic = settings.topics().forecasts();
            return read(topic, count).getOrDefault(sensor, List.of()).stream()
                    .map(bytes -> serdes.forecasts().deserializer().deserialize(topic, bytes)).toList();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(5_000_000);
        }
    }

    /// From an LSTM to a network that reads both ways.
    @Test
    void everyAcceptedObservationIsForecastAndASwapLosesNone() throws Exception {
        Application application = Application.create("swap");
        application.publish(model);
        int sent = application.observe(0, 60);
        try (StreamsRunner runner = StreamsRunner.start(application.settings())) {
            int before = sent;
            await(() -> runner.metrics().accepted() == before);
            application.publish(bothWays); // counts ten steps ahead of the stream, from step 69 on
            await(() -> runner.metrics().modelsApplied() == 2);
            sent += application.observe(60, 120);
            int all = sent;
            await(() -> runner.metrics().accepted() == all);
            List<Forecast> forecasts = application.forecasts("pump", all);
            assertEquals(120, forecasts.size());
            for (int t = 0; t < 120; t++) {
                assertEquals(START + t * STEP, forecasts.get(t).getOrigin().toEpochMilli());
                assertEquals(t < 69 ? 1 : 2, forecasts.get(t).getModelVersion(), "step " + t);
            }
            assertEquals(SENSORS.size(), runner.metrics().rewarmed());
            assertEquals(0, runner.metrics().lateModels());
        }
    }

    /// With ten minutes to the next commit, what is waited for is there in seconds.
    @Test
    void theFirstForecastAndAnAlarmDoNotWaitForTheNextCommit() throws Exception {
        Application application = Application.create("early");
        application.publish(model);
        application.observe(0, 100);
        Path config = Files.writeString(folder.resolve("early-2.properties"), Files.readString(application.config())
                .replace("commit.interval.ms=100\n",
                        "commit.interval.ms=600000\nproducer.transaction.timeout.ms=900000\n"));
        try (StreamsRunner started = StreamsRunner.start(StreamsSettings.load(config))) {
            application.readAtLeast(application.settings().topics().forecasts(), 1);
            application.observe(List.of(Map.entry("pump", new Observation(START + 100 * STEP, 1e6))));
            application.readAtLeast(application.settings().topics().anomalies(), 1);
        }
    }

    /// The same input gives the same bytes, whether the application ran through, was restarted, or was restarted without
    /// its folder, so that the state had to come back from the changelog.
    @Test
    void stateSurvivesARestart() throws Exception {
        Map<String, List<byte[]>> unbroken = runInTwoParts("unbroken", false, false);
        Map<String, List<byte[]>> restarted = runInTwoParts("restarted", true, false);
        Map<String, List<byte[]>> restored = runInTwoParts("restored", true, true);
        for (String sensor : SENSORS) {
            for (int t = 0; t < 80; t++) {
                assertArrayEquals(bytes(unbroken, sensor, t), bytes(restarted, sensor, t), sensor + ", step " + t);
                assertArrayEquals(bytes(unbroken, sensor, t), bytes(restored, sensor, t), sensor + ", step " + t);
            }
        }
    }

    /// A window a season of 12 steps, however often the application was restarted meanwhile.
    @Test
    void everyKeyIsEvaluatedOnceASeasonAlsoOverARestart() throws Exception {
        Application application = Application.create("skill");
        application.publish(model);
        int first = application.observe(0, 50);
        try (StreamsRunner runner = StreamsRunner.start(application.settings())) {
            await(accepted(runner, first));
        }
        int second = application.observe(50, 80);
        try (StreamsRunner runner = StreamsRunner.start(application.settings())) {
            await(accepted(runner, second));
        }
        String topic = application.settings().topics().evaluations();
        Map<String, List<byte[]>> evaluations = application.read(topic, SENSORS.size() * (79 / 12));
        for (String sensor : SENSORS) {
            for (int window = 0; window < 79 / 12; window++) {
                Evaluation evaluation = application.serdes().evaluations().deserializer().deserialize(topic,
                        bytes(evaluations, sensor, window));
                assertEquals(START + (1 + 12 * window) * STEP, evaluation.getWindowStart().toEpochMilli());
                assertEquals(START + (13 + 12 * window) * STEP, evaluation.getWindowEnd().toEpochMilli());
                assertEquals(12, evaluation.getTargets());
                assertEquals(Math.max(0, Math.min(12, 39 - 12 * window)), evaluation.getColdTargets());
                assertTrue(evaluation.getSkillOverLastValue() != null && evaluation.getSkillOverSeasonalNaive() != null,
                        evaluation.toString());
            }
        }
    }

    /// However little of the changelog has come, to a standby, or because the rest was not written before a crash: each state in it
    /// has its whole window.
    @Test
    void noPartOfTheChangelogHasAStateWithoutItsWindow() throws Exception {
        Application application = Application.create("order");
        application.publish(model);
        int sent = application.observe(0, 200);
        Map<String, String> settings = Map.of("processing.guarantee", "at_least_once", "statestore.cache.max.bytes",
                "4000");
        StringBuilder config = new StringBuilder(Files.readString(application.config()));
        settings.forEach((key, value) -> config.append(key).append('=').append(value).append('\n'));
        try (StreamsRunner runner = StreamsRunner
                .start(StreamsSettings.load(Files.writeString(folder.resolve("order-2.properties"), config)))) {
            await(accepted(runner, sent));
            SeriesQuery query = new SeriesQuery(runner, "here");
            Holdings.Ids two = query.list(null, "", 2), rest = query.list(two.next(), "", 2);
            assertEquals(SENSORS, Stream.concat(two.ids().stream(), rest.ids().stream()).toList(),
                    "windows are no series");
            assertNull(rest.next());
        }
        SeriesForecaster forecaster = new SeriesForecaster(
                ModelRecords.toModel(ModelFile.read(model), model.toString()));
        Map<String, byte[]> windows = new HashMap<>();
        int states = 0;
        for (Map.Entry<String, byte[]> entry : application.changelog("order")) {
            if (SeriesStore.isWindow(entry.getKey())) {
                windows.put(entry.getKey(), entry.getValue());
            } else {
                SeriesState state = forecaster.open(entry.getKey(), new StoredSeries(entry.getValue(),
                        windows.get(SeriesStore.windowOf(entry.getKey()))));
                long steps = (state.lastTime() - START) / STEP + 1;
                assertEquals(steps, requireNonNull(forecaster.view(state, 1)).steps(), entry.getKey());
                states++;
            }
        }
        assertEquals(SENSORS.size(), windows.size());
        assertTrue(states > 50 * SENSORS.size(), states + " states were written: the cache held too many back");
    }

    private static byte[] bytes(Map<String, List<byte[]>> records, String key, int index) {
        return records.getOrDefault(key, List.of()).get(index);
    }

    private static Map<String, List<byte[]>> runInTwoParts(String name, boolean restart, boolean forget)
            throws IOException {
        Application application = Application.create(name);
        application.publish(mixed);
        int first = application.observe(0, 50);
        StreamsRunner runner = StreamsRunner.start(application.settings());
        try {
            await(accepted(runner, first));
            if (restart) {
                runner.close();
                if (forget) {
                    delete(folder.resolve(name + "-state"));
                }
                runner = StreamsRunner.start(application.settings());
            }
            int second = application.observe(50, 80);
            await(accepted(runner, restart ? second : first + second));
            return application.read(application.settings().topics().forecasts(), first + second);
        } finally {
            runner.close();
        }
    }

    private static BooleanSupplier accepted(StreamsRunner runner, long count) {
        return () -> runner.metrics().accepted() == count;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void aCorruptRecordGoesToTheDeadLettersAndTheStreamGoesOn() throws Exception {
        Application application = Application.create("corrupt");
        application.publish(model, "--effective-from", "1970-01-01");
        int sent = application.observe(0, 5);
        try (var producer = new KafkaProducer<>(application.settings().producerProperties(), new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(application.settings().topics().observations(), "pump",
                    "not avro".getBytes(UTF_8)));
        }
        int all = sent + application.observe(5, 10);
        try (StreamsRunner runner = StreamsRunner.start(application.settings())) {
            await(accepted(runner, all));
            Map<String, List<byte[]>> letters = application.read(application.settings().topics().deadLetters(), 1);
            assertEquals("not avro", new String(bytes(letters, "pump", 0), UTF_8));
            assertEquals(10, application.forecasts("pump", all).size());
        }
    }

    @Test
    void aModelCanBeLearnedFromTheTopicAndPublishedAtOnce() throws Exception {
        Application application = Application.create("retrain");
        application.observe(0, 120);
        Run run = Gatecasts.run("train", "--topic", application.settings().topics().observations(), "--interval", "1m",
                "--seasonality", "12", "--horizon", "4", "--hidden", "6", "--epochs", "1", "--publish", "--config",
                application.config().toString());
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("Published default/1; it counts from the beginning."),
                run.out().toString());
        Run list = Gatecasts.run("models", "list", "--config", application.config().toString());
        assertTrue(list.out().get(1).startsWith("default/1                CHAMPION     the beginning"),
                list.out().toString());
        Run show = Gatecasts.run("models", "show", "default/1", "--config", application.config().toString());
        assertTrue(show.out().stream().anyMatch(line -> line.startsWith("  layers       lstm 6, ")),
                show.out().toString());
        Run missing = Gatecasts.run("models", "show", "default/7", "--config", application.config().toString());
        assertEquals("gatecast: model default/7 is not in the topic; there are default/1\n", missing.err());
    }
}
