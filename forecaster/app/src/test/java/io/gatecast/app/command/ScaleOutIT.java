package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.Observation;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several instances of one application, by either of Kafka's group protocols.
@Timeout(120)
class ScaleOutIT {
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;
    private static final int SENSORS = 40;

    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static Path model;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        model = folder.resolve("m.avro");
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            rows.append("pump,").append(START + t * STEP).append(',').append(10 + Math.sin(t)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows.toString());
        run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4", "--hidden",
                "4", "--epochs", "1", "--output", model.toString(), "--id", "default");
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void instancesShareThePartitions(String protocol) throws Exception {
        String more = "group.protocol=" + protocol + "\n";
        StreamsSettings first = settings(protocol, "one", more);
        prepare(first, config(protocol, "one", more));
        try (StreamsRunner one = StreamsRunner.start(first);
                StreamsRunner two = StreamsRunner.start(settings(protocol, "two", more))) {
            await(() -> one.state() == KafkaStreams.State.RUNNING && two.state() == KafkaStreams.State.RUNNING);
            // Who has which partition settles while observations come.
            int step = 0;
            while (one.metrics().accepted() == 0 || two.metrics().accepted() == 0) {
                observe(first, step++);
                int sent = step * SENSORS;
                await(() -> one.metrics().accepted() + two.metrics().accepted() >= sent);
                assertTrue(step < 1000, "one of the two has nothing to do");
            }
        }
    }

    /// It is waited for, so that its partitions, and their states on its disk, stay its own.
    @Test
    void anInstanceWithANameStaysInTheGroupWhenItStops() throws Exception {
        String more = "group.instance.id=rack-7\n";
        StreamsSettings settings = settings("named", "one", more);
        prepare(settings, config("named", "one", more));
        String before;
        try (StreamsRunner runner = StreamsRunner.start(settings)) {
            observe(settings, 0);
            await(() -> runner.metrics().accepted() == SENSORS);
            before = onlyMember("named");
        }
        assertEquals(before, onlyMember("named"));
        try (StreamsRunner runner = StreamsRunner.start(settings)) {
            observe(settings, 1);
            await(() -> runner.metrics().accepted() == SENSORS);
            assertEquals(before, onlyMember("named"));
        }
    }

    /// @return the name of the only instance in the group
    private static String onlyMember(String application) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            List<MemberDescription> members = List.copyOf(admin.describeConsumerGroups(List.of(application)).all().get()
                    .values().iterator().next().members());
            assertEquals(1, members.size());
            return members.getFirst().groupInstanceId().orElse("none");
        }
    }

    private static Path config(String application, String instance, String more) throws IOException {
        return Files.writeString(folder.resolve(application + "-" + instance + ".properties"), """
                bootstrap.servers=%s
                schema.registry.url=mock://%s
                application.id=%s
                state.dir=%s
                commit.interval.ms=100
                gatecast.topic.observations=%s-observations
                gatecast.topic.forecasts=%s-forecasts
                gatecast.topic.models=%s-models
                """.formatted(broker.bootstrapServers(), application, application,
                folder.resolve(application + "-" + instance), application, application, application) + more);
    }

    private static StreamsSettings settings(String application, String instance, String more) throws IOException {
        return StreamsSettings.load(config(application, instance, more));
    }

    private static void prepare(StreamsSettings settings, Path config) throws IOException {
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), 4)));
        }
        run("models", "publish", model.toString(), "--config", config.toString());
    }

    private static void observe(StreamsSettings settings, int step) throws IOException {
        try (Registry registry = Registry.connect(settings.registry());
                ObservationWriter writer = ObservationWriter.open(settings,
                        TopicSerdes.register(registry, settings).observations().serializer(),
                        settings.topics().observations())) {
            for (int sensor = 0; sensor < SENSORS; sensor++) {
                writer.write("sensor-" + sensor, new Observation(START + step * STEP, 10 + sensor));
            }
            writer.flush();
        }
    }

    private static void run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
