package io.gatecast.app.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.chaos.Instance;
import io.gatecast.app.chaos.SchemaServer;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// What keys cost: so many go through one instance with a heap of 2 GiB, then it is killed, loses its folder and reads all
/// state again. Prints bytes a key on disk, in the changelog and in memory.
///
///     mvn verify -Pmemory -Dmemory.keys=1000000 -Dmemory.steps=2 -Dmemory.units=32
@EnabledIfSystemProperty(named = "memory.keys", matches = "[0-9]+")
final class MemoryIT {
    private static final int KEYS = Integer.getInteger("memory.keys", 0);
    private static final int STEPS = Integer.getInteger("memory.steps", 2);
    private static final int UNITS = Integer.getInteger("memory.units", 32);
    private static final String HEAP = "2g";
    private static final int PARTITIONS = 4;
    private static final String APPLICATION = "memory";
    private static final long STEP = 3_600_000;
    private static final long START = 1_767_225_600_000L;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration TIME_TO_RESTORE = Duration.ofMinutes(20);
    private static final int LOOK_AGAIN_MILLIS = 200;
    private static final int MOST_UNSENT = 10_000;

    @TempDir
    private Path folder;

    @Test
    void manyKeysGoThroughOneInstance() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, folder,
                List.of("num.io.threads=2", "log.cleaner.backoff.ms=1000"));
                SchemaServer schemas = new SchemaServer();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            String text = """
                    bootstrap.servers=%s
                    schema.registry.url=%s
                    application.id=%s
                    """.formatted(broker.bootstrapServers(), schemas.url(), APPLICATION);
            Path config = Files.writeString(folder.resolve("gatecast.properties"), text);
            StreamsSettings settings = StreamsSettings.load(config);
            try (Cluster cluster = Cluster.connect(settings)) {
                cluster.createMissing(
                        List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), PARTITIONS)));
            }
            publishModel(config);
            Instance instance = Instance.start(folder.resolve("instance"), text, HEAP);
            try {
                measure(instance, settings, admin, broker);
            } finally {
                instance.end();
            }
        }
    }

    private void publishModel(Path config) throws IOException {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 300; t++) {
            rows.append("a,").append(START + t * STEP).append(',').append(10 + 3 * Math.sin(2 * Math.PI * t / 24))
                    .append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows.toString());
        Path model = folder.resolve("model.avro");
        run("train", "--data", data.toString(), "--interval", "1h", "--seasonality", "24", "--horizon", "12",
                "--hidden",
                Integer.toString(UNITS), "--epochs", "1", "--output", model.toString(), "--id", "default");
        run("models", "publish", model.toString(), "--config", config.toString(), "--effective-from",
                Instant.EPOCH.toString());
    }

    private static void run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }

    private void measure(Instance instance, StreamsSettings settings, Admin admin, EmbeddedBroker broker)
            throws Exception {
        Footprint.await(instance::isRunning, instance, PATIENCE);
        Footprint empty = Footprint.of(instance.pid());
        long begun = System.nanoTime();
        produce(settings);
        long written = System.nanoTime();
        awaitJudged(instance, admin, (long) STEPS * KEYS);
        long judged = System.nanoTime();
        Footprint full = Footprint.of(instance.pid());
        long changelog = Footprint.bytes(broker.folder().resolve("data"), APPLICATION + "-series-changelog-");
        long records = records(admin);
        instance.stop();
        long disk = Footprint.bytes(folder.resolve("instance"), "");
        System.out.printf("Memory, %,d keys of %d steps each, LSTM of %d units, heap %s: judged in %,d s (%,d s of them"
                + " while they were written)%n", KEYS, STEPS, UNITS, HEAP, seconds(judged - begun),
                seconds(written - begun));
        System.out.printf("  a state                  %,8d bytes, its window apart%n", stateBytes(settings));
        System.out.printf("  on disk, RocksDB         %,8d bytes a key, %,d MiB%n", disk / KEYS, disk >> 20);
        System.out.printf("  in the changelog topic   %,8d bytes a record, lz4, %,d records, %,d MiB as it lies%n",
                changelog / Math.max(1, records), records, changelog >> 20);
        System.out.printf("  heap after collection    %,8d bytes a key, %,d MiB, of them %,d MiB without keys%n",
                (full.heap() - empty.heap()) / KEYS, full.heap() >> 20, empty.heap() >> 20);
        System.out.printf("  process, resident        %,8d bytes a key, %,d MiB, of them %,d MiB without keys%n",
                (full.resident() - empty.resident()) / KEYS, full.resident() >> 20, empty.resident() >> 20);
        restore(settings, instance, admin);
    }

    /// Of any key: all have as many. What comes first is the tombstone by which an instance tells the changelog's end.
    private static int stateBytes(StreamsSettings settings) {
        var partition = new TopicPartition(APPLICATION + "-series-changelog", 0);
        try (var consumer = new KafkaConsumer<>(settings.consumerProperties(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
                if (record.value() != null) {
                    return record.value().length;
                }
            }
            throw new AssertionError("no state in " + partition);
        }
    }

    /// Of a folder that is lost, as on another machine; one more step of each key shows that all is there.
    private void restore(StreamsSettings settings, Instance instance, Admin admin) throws Exception {
        long before = committed(admin);
        long begun = System.nanoTime();
        instance.kill(true);
        Footprint.await(instance::isRunning, instance, PATIENCE);
        produceStep(settings, STEPS);
        Footprint.await(() -> committed(admin) > before, instance, TIME_TO_RESTORE);
        System.out.printf("  all state read again     in %,d s, until the first new forecasts%n",
                seconds(System.nanoTime() - begun));
        awaitJudged(instance, admin, (STEPS + 1L) * KEYS);
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    private void produce(StreamsSettings settings) throws Exception {
        for (int step = 0; step < STEPS; step++) {
            produceStep(settings, step);
        }
    }

    /// One observation of each key.
    private static void produceStep(StreamsSettings settings, int step) throws Exception {
        Map<String, Object> properties = new HashMap<>(settings.producerProperties());
        properties.putAll(Map.of("acks", "all", "linger.ms", "20", "batch.size", "131072"));
        String topic = settings.topics().observations();
        Deque<Future<?>> unsent = new ArrayDeque<>();
        try (Registry registry = Registry.connect(settings.registry());
                var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            var serializer = TopicSerdes.register(registry, settings).observations().serializer();
            Instant time = Instant.ofEpochMilli(START + step * STEP);
            for (int key = 0; key < KEYS; key++) {
                byte[] value = serializer.serialize(topic, new Observation(time,
                        new ArrayList<>(List.of(10.0 + key % 7 + Math.sin(step + key))), List.of()));
                unsent.add(producer.send(new ProducerRecord<>(topic, key % PARTITIONS,
                        ("sensor-" + key).getBytes(UTF_8), value)));
                if (unsent.size() > MOST_UNSENT) {
                    unsent.remove().get();
                }
            }
            producer.flush();
            for (Future<?> each : unsent) {
                each.get();
            }
        }
    }

    private static void awaitJudged(Instance instance, Admin admin, long count) throws Exception {
        long last = -1, deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long now = committed(admin); now < count; now = committed(admin)) {
            if (now > last) {
                last = now;
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            if (!instance.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("it came no further than " + now + " observations\n" + instance.tail());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
        }
    }

    private static long committed(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets(APPLICATION).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(offset -> offset.offset()).sum();
    }

    /// @return records of the changelog, ends of transactions among them
    private static long records(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            latest.put(new TopicPartition(APPLICATION + "-series-changelog", partition), OffsetSpec.latest());
        }
        return admin.listOffsets(latest).all().get().values().stream().mapToLong(ListOffsetsResultInfo::offset).sum();
    }
}
