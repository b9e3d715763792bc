package io.gatecast.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.chaos.ChaosInput.Sent;
import io.gatecast.app.chaos.ChaosPlan.Fault;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same input gives the same bytes, whatever happens to the instances and to the broker. Instances of one application
/// are killed, restarted, paused, wiped, added and taken away, and the broker goes and comes back, while the input is being
/// written and models change; then another application runs over the same topics in peace. Forecasts, anomalies,
/// evaluations and dead letters of both must be equal: none lost, none twice, none different.
///
/// Short in `mvn verify`; `mvn verify -Pchaos -Dchaos.kills=20 -Dchaos.seed=1` is the long form. A failure says the seed.
/// Input and faults follow from the seed; how far the work has come when a fault strikes depends on the machine.
final class ChaosIT {
    private static final int PARTITIONS = 4;
    private static final List<String> BROKER = List.of("group.min.session.timeout.ms=1000",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000", "num.io.threads=4");

    @TempDir
    private Path folder;

    @Test
    void faultsChangeNoByte() throws Exception {
        ChaosPlan plan = ChaosPlan.fromProperties();
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, folder, BROKER);
                SchemaServer schemas = new SchemaServer();
                Fleet faulty = new Fleet(folder, broker.bootstrapServers(), schemas.url(), "faulty");
                Fleet reference = new Fleet(folder, broker.bootstrapServers(), schemas.url(), "reference")) {
            run(plan, broker, faulty, reference);
        } catch (IOException | AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nSeed " + plan.seed() + "; again with: " + plan.replay(), e);
        }
    }

    private void run(ChaosPlan plan, EmbeddedBroker broker, Fleet faulty, Fleet reference) throws Exception {
        StreamsSettings settings = faulty.settings();
        createTopics(settings);
        List<Sent> input = input(plan, settings);
        Models models = new Models(plan, faulty.config(), folder);
        models.publishUpTo(0);
        faulty.scaleTo(2);
        Map<Fault, Integer> struck;
        try (Feed feed = new Feed(settings, input)) {
            struck = strike(plan, broker, faulty, feed, models);
            feed.upTo(input.size());
        }
        models.publishUpTo(1);
        faulty.awaitJudged(input.size());
        faulty.scaleTo(0);

        reference.scaleTo(1);
        reference.awaitJudged(input.size());
        reference.scaleTo(0);

        Outputs expected = Outputs.of(reference.settings());
        Outputs found = Outputs.of(settings);
        found.differenceFrom(expected).ifPresent(difference -> fail("under faults " + difference));
        System.out.printf(
                "Chaos, seed %d: %,d records over %,d keys, faults %s: equal to the run without, %,d forecasts,"
                        + " %,d anomalies, %,d evaluations, %,d dead letters%n",
                plan.seed(), input.size(), plan.keys(), struck,
                found.count("forecasts"), found.count("anomalies"), found.count("evaluations"),
                found.count("dead letters"));
        for (String topic : found.topics().keySet()) {
            assertTrue(found.count(topic) > 0, "no " + topic + ": the input is too tame");
        }
    }

    private static void createTopics(StreamsSettings settings) throws IOException {
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), PARTITIONS)));
        }
    }

    private static List<Sent> input(ChaosPlan plan, StreamsSettings settings) {
        try (Registry registry = Registry.connect(settings.registry())) {
            var serializer = TopicSerdes.register(registry, settings.topics()).observations().serializer();
            return ChaosInput.of(plan, PARTITIONS,
                    observation -> serializer.serialize(settings.topics().observations(), observation));
        }
    }

    /// One fault after another, each while a slice of the input is being judged.
    private static Map<Fault, Integer> strike(ChaosPlan plan, EmbeddedBroker broker, Fleet fleet, Feed feed,
            Models models) throws Exception {
        Random random = new Random(plan.seed() + 1);
        List<Fault> faults = plan.faults();
        Map<Fault, Integer> struck = new TreeMap<>();
        for (int i = 0; i < faults.size(); i++) {
            double share = (i + 1.0) / (faults.size() + 1);
            int before = feed.position();
            models.publishUpTo(share);
            feed.upTo((int) (share * feed.size()));
            fleet.awaitJudged(before + (long) (random.nextDouble() * 0.7 * (feed.position() - before)));
            if (System.getProperty("chaos.log") != null) {
                System.out.printf("%s: fault %d, %s at %,d records%n", Instant.now(), i + 1, faults.get(i),
                        feed.position());
            }
            strike(faults.get(i), broker, fleet, feed, random, feed.size() / (faults.size() + 1));
            struck.merge(faults.get(i), 1, Integer::sum);
        }
        return struck;
    }

    private static void strike(Fault fault, EmbeddedBroker broker, Fleet fleet, Feed feed, Random random, int slice)
            throws Exception {
        Instance victim = fleet.instances().get(random.nextInt(fleet.instances().size()));
        switch (fault) {
            case KILL -> victim.kill(false);
            case KILL_AND_WIPE -> victim.kill(true);
            case RESTART -> victim.restart();
            case PAUSE -> {
                victim.pause();
                feed.upTo(Math.min(feed.size(), feed.position() + slice / 2)); // which nobody but the others can judge
                fleet.awaitJudged(feed.position());
                victim.resume();
            }
            case SCALE -> {
                fleet.scaleTo(1);
                fleet.scaleTo(3);
                fleet.awaitJudged(feed.position());
                fleet.scaleTo(1);
                fleet.scaleTo(2);
            }
            case BROKER_RESTART -> {
                fleet.awaitRunning(); // one that finds no broker when it starts says so and ends, as it should
                broker.restart();
            }
        }
    }

    /// Three versions of a model, each published well ahead of the event time from which it counts.
    private static final class Models {
        private static final double[] COUNT_FROM = {0, 0.4, 0.75};
        private static final double AHEAD = 0.15;

        private final ChaosPlan plan;
        private final Path config;
        private final List<Path> files;
        private int published;

        Models(ChaosPlan plan, Path config, Path folder) throws IOException {
            this.plan = plan;
            this.config = config;
            Path data = folder.resolve("history.csv");
            StringBuilder rows = new StringBuilder("series,timestamp,value\n");
            for (int t = 0; t < 150; t++) {
                rows.append("sensor-1,").append(ChaosInput.START + t * ChaosInput.STEP).append(',')
                        .append(10 + 3 * Math.sin(2 * Math.PI * t / 12)).append('\n');
            }
            Files.writeString(data, rows.toString());
            this.files = List.of(train(data, "lstm"), train(data, "gru"), train(data, "peephole"));
        }

        private static Path train(Path data, String cell) {
            Path file = data.resolveSibling(cell + ".avro");
            run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4",
                    "--hidden", "6", "--epochs", "2", "--cell", cell, "--output", file.toString(), "--id", "default");
            return file;
        }

        /// @param share of the input that is about to be written
        void publishUpTo(double share) {
            while (published < files.size() && Math.max(0, COUNT_FROM[published] - AHEAD) <= share) {
                String from = published == 0
                        ? Instant.EPOCH.toString()
                        : Instant.ofEpochMilli(ChaosInput.timeAt(plan, COUNT_FROM[published])).toString();
                run("models", "publish", files.get(published).toString(), "--config", config.toString(),
                        "--effective-from", from);
                published++;
            }
        }

        private static void run(String... arguments) {
            Run run = Gatecasts.run(arguments);
            assertEquals(0, run.status(), run.err());
        }
    }

    /// The input on its way into the topic, in one order whatever becomes of the broker.
    private static final class Feed implements AutoCloseable {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private final List<Sent> input;
        private int position;

        Feed(StreamsSettings settings, List<Sent> input) {
            Map<String, Object> properties = new HashMap<>(settings.producerProperties());
            properties.putAll(Map.of("acks", "all", "enable.idempotence", "true", "linger.ms", "5",
                    "transaction.timeout.ms", "60000"));
            this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            this.topic = settings.topics().observations();
            this.input = input;
        }

        int size() {
            return input.size();
        }

        int position() {
            return position;
        }

        void upTo(int end) throws Exception {
            Future<?> last = null;
            for (; position < end; position++) {
                Sent sent = input.get(position);
                last = producer.send(new ProducerRecord<>(topic, sent.partition(), sent.key(), sent.value()));
            }
            producer.flush();
            if (last != null) {
                last.get();
            }
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
