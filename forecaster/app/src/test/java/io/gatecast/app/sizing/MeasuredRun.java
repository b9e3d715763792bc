package io.gatecast.app.sizing;

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
import io.gatecast.streams.SeriesStore;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.OptionsUtil;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/// What a load costs, measured: one broker, one instance, each a process of its own, series that are old enough to fill their
/// windows with noise, which hardly compresses. Nothing is compacted and every observation writes its state, as where no two of
/// a series share a commit. Nothing alarms: a model that was hardly trained opens episodes of young series thirty times
/// as often as the one in 8,000 steps that they come to, and why one opened takes as long as a hundred observations.
///
/// @param stateBytes        of a state as it is, before compression
/// @param changelogBytes    on the broker's disk, a record
/// @param forecastBytes     likewise
/// @param observationBytes  likewise
/// @param diskBytes         of RocksDB, a key, when all is compacted
/// @param eventSeconds      processor time of instance and broker, an observation
/// @param restoreSeconds    processor time of the instance to read a record of the changelog again
record MeasuredRun(double stateBytes, double changelogBytes, double forecastBytes, double observationBytes,
        double diskBytes, double eventSeconds, double restoreSeconds) {
    private static final int PARTITIONS = 4;
    private static final String APPLICATION = "sized";
    private static final long STEP = 3_600_000;
    private static final long START = 1_767_225_600_000L;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LOOK_AGAIN_MILLIS = 200;

    /// What is measured.
    ///
    /// @param warmUp steps of each key until the processor's code is compiled and the windows are full
    /// @param steps  of each key that count
    record Setting(int keys, int warmUp, int steps, int hidden, int horizon, int season) {}

    static MeasuredRun of(Setting setting, Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, folder,
                List.of("log.cleaner.enable=false"));
                SchemaServer schemas = new SchemaServer();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            String text = """
                    bootstrap.servers=%s
                    schema.registry.url=%s
                    application.id=%s
                    statestore.cache.max.bytes=0
                    gatecast.alerts.per-day=0
                    """.formatted(broker.bootstrapServers(), schemas.url(), APPLICATION);
            Path config = Files.writeString(folder.resolve("gatecast.properties"), text);
            StreamsSettings settings = StreamsSettings.load(config);
            try (Cluster cluster = Cluster.connect(settings)) {
                cluster.createMissing(
                        List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), PARTITIONS)));
            }
            publish(setting, config, folder);
            Instance instance = Instance.start(folder.resolve("instance"), text, "1g");
            try {
                return measure(setting, settings, folder, broker, instance, admin);
            } finally {
                instance.end();
            }
        }
    }

    private static MeasuredRun measure(Setting setting, StreamsSettings settings, Path folder, EmbeddedBroker broker,
            Instance instance, Admin admin) throws Exception {
        await(instance::isRunning, instance);
        long warm = (long) setting.keys * setting.warmUp, all = warm + (long) setting.keys * setting.steps;
        produce(setting, settings, 0, setting.warmUp);
        await(() -> judged(admin) == warm, instance);
        ProcessHandle process = ProcessHandle.of(instance.pid()).orElseThrow();
        Map<String, Long> before = bytes(broker);
        double idle = seconds(process) + seconds(broker.process());
        produce(setting, settings, setting.warmUp, setting.steps);
        await(() -> judged(admin) == all, instance);
        double busy = seconds(process) + seconds(broker.process()) - idle;
        Map<String, Long> after = bytes(broker);
        double events = all - warm;
        String changelog = APPLICATION + "-series-changelog";
        long states = stateBytes(settings, changelog);
        instance.stop();
        double disk = (double) compacted(folder.resolve("instance")) / setting.keys;
        return new MeasuredRun(states, grown(before, after, changelog) / events,
                grown(before, after, settings.topics().forecasts()) / events,
                grown(before, after, settings.topics().observations()) / events, disk, busy / events,
                restore(setting, settings, instance, admin, all));
    }

    private static double grown(Map<String, Long> before, Map<String, Long> after, String topic) {
        return (double) after.getOrDefault(topic, 0L) - before.getOrDefault(topic, 0L);
    }

    /// What a start without a folder takes more than one with it: both find the cluster and compile their code.
    private static double restore(Setting setting, StreamsSettings settings, Instance instance, Admin admin, long all)
            throws Exception {
        int next = setting.warmUp + setting.steps;
        double with = start(setting, settings, instance, admin, false, next);
        return (start(setting, settings, instance, admin, true, next + 1) - with) / (all + setting.keys);
    }

    /// @return processor time until it has judged one more step of each key
    private static double start(Setting setting, StreamsSettings settings, Instance instance, Admin admin, boolean wipe,
            int step) throws Exception {
        instance.kill(wipe);
        produce(setting, settings, step, 1);
        await(() -> judged(admin) == (step + 1L) * setting.keys, instance);
        return seconds(ProcessHandle.of(instance.pid()).orElseThrow());
    }

    private static void publish(Setting setting, Path config, Path folder) throws IOException {
        Random random = new Random(1);
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 5 * setting.season + 200; t++) {
            rows.append("a,").append(START + t * STEP).append(',').append(value(setting, 0, t, random)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows.toString());
        Path model = folder.resolve("model.avro");
        run("train", "--data", data.toString(), "--interval", "1h", "--seasonality", Integer.toString(setting.season),
                "--horizon", Integer.toString(setting.horizon), "--hidden", Integer.toString(setting.hidden),
                "--epochs", "1", "--output", model.toString(), "--id", "default");
        run("models", "publish", model.toString(), "--config", config.toString(), "--effective-from",
                Instant.EPOCH.toString());
    }

    private static void run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }

    private static double value(Setting setting, int key, int step, Random random) {
        return 10 + key % 7 + 3 * Math.sin(2 * Math.PI * step / setting.season) + 0.3 * random.nextGaussian();
    }

    /// Some steps of all keys, all keys of one step before the next.
    private static void produce(Setting setting, StreamsSettings settings, int from, int steps) throws Exception {
        Map<String, Object> properties = new HashMap<>(settings.producerProperties());
        properties.putAll(Map.of("acks", "all", "linger.ms", "20", "batch.size", "131072"));
        String topic = settings.topics().observations();
        Random random = new Random(from);
        try (Registry registry = Registry.connect(settings.registry());
                var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            var serializer = TopicSerdes.register(registry, settings).observations().serializer();
            for (int step = from; step < from + steps; step++) {
                List<Future<?>> sent = new ArrayList<>();
                Instant time = Instant.ofEpochMilli(START + step * STEP);
                for (int key = 0; key < setting.keys; key++) {
                    byte[] value = serializer.serialize(topic, new Observation(time,
                            new ArrayList<>(List.of(value(setting, key, step, random))), List.of()));
                    sent.add(producer.send(new ProducerRecord<>(topic, key % PARTITIONS,
                            ("sensor-" + key).getBytes(UTF_8), value)));
                }
                for (Future<?> each : sent) {
                    each.get();
                }
            }
        }
    }

    private static long judged(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets(APPLICATION).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(offset -> offset.offset()).sum();
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    /// Of a state and a window, the newest of all.
    private static long stateBytes(StreamsSettings settings, String changelog) {
        TopicPartition partition = new TopicPartition(changelog, 0);
        try (var consumer = new KafkaConsumer<>(settings.consumerProperties(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long state = 0, window = 0;
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(PATIENCE)) {
                    if (SeriesStore.isWindow(new String(record.key(), UTF_8))) {
                        window = record.serializedValueSize();
                    } else {
                        state = record.serializedValueSize();
                    }
                }
            }
            return state + window;
        }
    }

    /// @return bytes of the segments of each topic as they lie on the broker's disk
    private static Map<String, Long> bytes(EmbeddedBroker broker) throws IOException {
        Map<String, Long> bytes = new HashMap<>();
        try (Stream<Path> files = Files.walk(broker.folder().resolve("data"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
                bytes.merge(file.getName(file.getNameCount() - 2).toString().replaceAll("-[0-9]+$", ""),
                        Files.size(file),
                        Long::sum);
            }
        }
        return bytes;
    }

    /// Of the states, compacted as they are sooner or later, with the options they were written by.
    private static long compacted(Path folder) throws IOException, RocksDBException {
        long bytes = 0;
        List<Path> stores;
        try (Stream<Path> files = Files.walk(folder)) {
            stores = files.filter(each -> each.endsWith("rocksdb/series")).toList();
        }
        for (Path store : stores) {
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            try (DBOptions options = new DBOptions(); ConfigOptions how = new ConfigOptions()) {
                OptionsUtil.loadLatestOptions(how, store.toString(), options, families);
                try (RocksDB db = RocksDB.open(options, store.toString(), families, handles)) {
                    for (ColumnFamilyHandle handle : handles) {
                        db.compactRange(handle);
                        bytes += db.getLongProperty(handle, "rocksdb.total-sst-files-size")
                                + db.getLongProperty(handle, "rocksdb.live-blob-file-size");
                    }
                    handles.forEach(ColumnFamilyHandle::close);
                }
            }
        }
        return bytes;
    }

    /// What is waited for.
    interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, Instance instance) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (!instance.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("it did not happen\n" + instance.tail());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
        }
    }
}
