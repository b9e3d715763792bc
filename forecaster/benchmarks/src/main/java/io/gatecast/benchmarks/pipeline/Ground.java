package io.gatecast.benchmarks.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.Gatecast;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.app.kafka.Publisher.When;
import io.gatecast.app.kafka.Wanted;
import io.gatecast.avro.Observation;
import io.gatecast.avro.State;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.StoredSeries;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.SeriesStore;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A broker in a process of its own with a load on it, and workers that are let loose on it one after the other.
final class Ground implements AutoCloseable {
    private static final int PARTITIONS = 2;
    private static final short ALONE = 1;
    private static final String INPUT = "bench-observations";
    /// The JVM as Kafka's own `kafka-server-start.sh` has it; by the serial collector, which takes the least memory, a broker under load
    /// stands still for 20 to 30 ms every other second.
    private static final List<String> BROKER = List.of("-XX:-UseSerialGC", "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35", "-Xmx1g");
    private static final long SECONDS_TO_STOP = 60;
    private static final long SECONDS_TO_START = 60;
    private static final int LARGEST = 8 << 20; // as an instance asks for
    /// Event times lie years back, and nothing may be deleted for its age meanwhile.
    private static final Map<String, String> KEPT = Map.of("retention.ms", "-1", "max.message.bytes",
            Integer.toString(LARGEST));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PipelinePlan plan;
    private final EmbeddedBroker broker;
    private final Admin admin;
    private final Path folder;
    private final TopicSerdes serdes;
    private final List<StoredSeries> stored;
    private int runs;

    private Ground(PipelinePlan plan, EmbeddedBroker broker, Admin admin, Path folder, TopicSerdes serdes) {
        this.plan = plan;
        this.broker = broker;
        this.admin = admin;
        this.folder = folder;
        this.serdes = serdes;
        this.stored = plan.load().warmed().stored();
    }

    /// Starts a broker and brings the load to it.
    static Ground prepare(PipelinePlan plan) throws IOException {
        Path folder = Files.createTempDirectory("gatecast-bench-");
        EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, folder, BROKER);
        Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()));
        StreamsSettings settings = StreamsSettings.of(new Job(Way.OURS, plan.load(), broker.bootstrapServers(), 0,
                "bench", INPUT, "forecasts", folder.toString(), 1, plan.guarantee(), plan.commitMillis(), plan.more())
                .settings());
        TopicSerdes serdes = TopicSerdes.register(Registry.connect(settings.registry()), settings);
        Ground ground = new Ground(plan, broker, admin, folder, serdes);
        try {
            ground.bringLoad(settings);
            return ground;
        } catch (IOException | RuntimeException e) {
            ground.close();
            throw e;
        }
    }

    private void bringLoad(StreamsSettings settings) throws IOException {
        create(INPUT, KEPT);
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.MODELS.creation(settings.topics().models())));
        }
        try (Publisher publisher = Publisher.open(settings)) {
            publisher.publish(ModelRecords.toRecord(plan.load().model(), null), new Wanted(State.CHAMPION, 0,
                    When.AHEAD_OF_THE_STREAM, "bench", "to be measured"));
        }
        send();
    }

    private void send() {
        try (KafkaProducer<String, Observation> producer = new KafkaProducer<>(producer(), new StringSerializer(),
                serdes.observations().serializer())) {
            for (int i = 0; i < plan.load().warm() + plan.load().events(); i++) {
                producer.send(record(INPUT, i));
            }
        }
    }

    private ProducerRecord<String, Observation> record(String topic, int index) {
        int series = index % plan.load().keys();
        Observation observation = plan.load().record(index);
        return new ProducerRecord<>(topic, series % PARTITIONS, observation.getTimestamp().toEpochMilli(),
                Load.key(series), observation);
    }

    private Properties producer() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrapServers());
        properties.put("compression.type", "lz4");
        properties.put("linger.ms", "20");
        properties.put("batch.size", "65536");
        properties.put("max.request.size", Integer.toString(LARGEST));
        return properties;
    }

    private void create(String topic, Map<String, String> config) throws IOException {
        ask(admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, ALONE).configs(config))).all());
    }

    private static void ask(KafkaFuture<?> answer) throws IOException {
        try {
            answer.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the broker of the benchmark does not do as it is told: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Treats the whole load one way.
    ///
    /// @param more flags of the worker's JVM
    Reading run(Way way, List<String> more) throws IOException {
        Job job = job(way, INPUT);
        create(job.output(), KEPT);
        double readSeconds = 0;
        if (way.keepsState()) {
            restoreFrom(job);
            readSeconds = secondsToRead(job.changelog());
        }
        Process process = spawn(job, more);
        try (BufferedReader answers = process.inputReader()) {
            String line = answers.readLine(), last = "";
            while (line != null && !line.startsWith(Worker.ANSWER) && !line.startsWith(Worker.FAILED)) {
                last = line;
                line = answers.readLine();
            }
            process.getOutputStream().close(); // which the worker waits for
            if (line == null || line.startsWith(Worker.FAILED)) {
                throw new IOException(way.label() + ": the worker gave no answer: " + (line == null ? last : line)
                        + saidLast(job));
            }
            return JSON.readValue(line.substring(Worker.ANSWER.length()), Reading.class)
                    .withReadSeconds(readSeconds);
        } finally {
            stop(process);
            clear(job);
        }
    }

    /// Lets a worker run on a topic that is written to at the same time, and measures what time passes for each event.
    Latency.Times latency(Way way, double eventsPerSecond, int seconds) throws IOException {
        String input = INPUT + "-live-" + runs;
        create(input, KEPT);
        Job job = job(way, input);
        create(job.output(), KEPT);
        if (way.keepsState()) {
            restoreFrom(job);
        }
        Process process = spawn(job, List.of());
        try {
            return Latency.measure(plan, job, producer(), serdes, index -> record(input, index), eventsPerSecond,
                    seconds);
        } finally {
            process.getOutputStream().close();
            stop(process);
            clear(job);
        }
    }

    /// Starts an instance as a user does, as an application that was never there before, and waits for a forecast.
    ///
    /// @param more flags of its JVM
    double secondsToFirst(List<String> more) throws IOException {
        Job job = job(Way.OURS, INPUT);
        create(job.output(), KEPT);
        Path settings = folder.resolve(job.application() + ".properties");
        try (Writer out = Files.newBufferedWriter(settings)) {
            Properties properties = new Properties();
            properties.putAll(job.settings());
            properties.store(out, null);
        }
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(Latency.consuming(job),
                new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitionsOf(job.output()));
            consumer.poll(Duration.ZERO);
            long began = System.nanoTime(), end = began + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
            Process process = new ProcessBuilder(
                    java(more, Gatecast.class, "run", "--config", settings.toString()))
                    .redirectErrorStream(true).redirectOutput(log(job).toFile()).start();
            try {
                while (consumer.poll(Duration.ofMillis(5)).isEmpty()) {
                    if (!process.isAlive() || System.nanoTime() > end) {
                        throw new IOException("no forecast came: " + saidLast(job));
                    }
                }
                return (System.nanoTime() - began) / 1e9;
            } finally {
                process.destroy();
                stop(process);
                clear(job);
            }
        }
    }

    /// Has a first start write down what Java learned of it, as the image's build has a demo do.
    Path aheadOfTimeCache() throws IOException {
        Path cache = folder.resolve("gatecast.aot");
        secondsToFirst(List.of("-XX:AOTCacheOutput=" + cache));
        if (!Files.exists(cache)) {
            throw new IOException("Java wrote no ahead-of-time cache to " + cache);
        }
        return cache;
    }

    private Job job(Way way, String input) {
        String application = "bench-" + runs++ + "-" + way.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Job(way, plan.load(), broker.bootstrapServers(), broker.process().pid(), application, input,
                application + "-out", folder.resolve(application).toString(), plan.threads(), plan.guarantee(),
                plan.commitMillis(), plan.more());
    }

    /// Writes a changelog as if each series had come a long way.
    private void restoreFrom(Job job) throws IOException {
        create(job.changelog(), Map.of("cleanup.policy", "compact", "max.message.bytes", Integer.toString(LARGEST)));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(producer(), new StringSerializer(),
                new ByteArraySerializer())) {
            for (int series = 0; series < plan.load().keys(); series++) {
                StoredSeries each = stored.get(series % stored.size());
                String key = Load.key(series);
                int partition = series % PARTITIONS;
                producer.send(
                        new ProducerRecord<>(job.changelog(), partition, SeriesStore.windowOf(key), each.window()));
                producer.send(new ProducerRecord<>(job.changelog(), partition, key, each.state()));
            }
        }
    }

    /// How fast the states could be restored at best.
    private double secondsToRead(String topic) {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers(), "max.poll.records",
                10_000);
        List<TopicPartition> partitions = partitionsOf(topic);
        long began = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long left = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
            while (left > 0) {
                left -= consumer.poll(Duration.ofSeconds(1)).count();
            }
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static List<TopicPartition> partitionsOf(String topic) {
        return IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
    }

    private Path log(Job job) {
        return folder.resolve(job.application() + ".log");
    }

    /// @return the line of its log that says most; empty where none does
    private String saidLast(Job job) throws IOException {
        List<String> lines = Files.readAllLines(log(job));
        return lines.stream().filter(line -> line.contains("Exception") || line.contains("ERROR")).findFirst()
                .orElse(lines.isEmpty() ? "" : lines.getLast());
    }

    private Process spawn(Job job, List<String> more) throws IOException {
        return new ProcessBuilder(java(more, Worker.class, JSON.writeValueAsString(job)))
                .redirectError(log(job).toFile()).start();
    }

    private static List<String> java(List<String> more, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-XX:+UseParallelGC", "-XX:+UseCompactObjectHeaders",
                "-Xmx1g"));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private void stop(Process process) throws IOException {
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void clear(Job job) throws IOException {
        try {
            List<String> topics = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(job.application()) || topic.startsWith(INPUT + "-live")).toList();
            ask(admin.deleteTopics(topics).all());
        } catch (ExecutionException | KafkaException e) {
            throw new IOException("the topics of a run cannot be deleted: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        delete(Path.of(job.stateFolder()));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        admin.close();
        broker.close();
        delete(folder);
    }
}
