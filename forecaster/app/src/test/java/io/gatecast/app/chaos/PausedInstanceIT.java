package io.gatecast.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.chaos.ChaosInput.Sent;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model that is published without a lead while an instance is paused is outside the promise of the same bytes; the
/// instance says so and goes on.
final class PausedInstanceIT {
    private static final int HALF = 20;
    private static final int MOST = 400;

    @TempDir
    private Path folder;

    @Test
    @Timeout(180)
    void aModelThatCameLateMeanwhileIsWarnedOfAndTheStreamGoesOn() throws Exception {
        try (LoneBroker broker = LoneBroker.start(folder);
                SchemaServer schemas = new SchemaServer();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.servers()))) {
            String text = """
                    bootstrap.servers=%s
                    schema.registry.url=%s
                    application.id=paused
                    commit.interval.ms=100
                    """.formatted(broker.servers(), schemas.url());
            Path config = Files.writeString(folder.resolve("gatecast.properties"), text);
            StreamsSettings settings = StreamsSettings.load(config);
            try (Cluster cluster = Cluster.connect(settings)) {
                cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), 1)));
            }
            Path data = history();
            publish(train(data, "lstm"), config, Instant.EPOCH);
            Instance instance = Instance.start(folder.resolve("instance"), text, "384m");
            try (Feed feed = new Feed(settings, input(settings))) {
                judge(feed, HALF, admin);
                instance.pause();
                publish(train(data, "gru"), config, timeOf(HALF / 2));
                feed.upTo(2 * HALF);
                instance.resume();
                while (!instance.tail().contains("a change of model came late: from default/1 to default/2")) {
                    assertTrue(instance.isAlive() && feed.position() < MOST, instance.tail());
                    judge(feed, feed.position() + 1, admin);
                }
                instance.stop();
                assertTrue(instance.tail().contains(feed.position() + " observations accepted"), instance.tail());
            } finally {
                instance.end();
            }
        }
    }

    private static void judge(Feed feed, int count, Admin admin) throws Exception {
        feed.upTo(count);
        while (admin.listConsumerGroupOffsets("paused").partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(offset -> offset.offset()).sum() < count) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private Path history() throws Exception {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 100; t++) {
            rows.append("a,").append(timeOf(t).toEpochMilli()).append(',').append(10 + Math.sin(t)).append('\n');
        }
        return Files.writeString(folder.resolve("history.csv"), rows.toString());
    }

    private static List<Sent> input(StreamsSettings settings) {
        List<Sent> input = new ArrayList<>();
        try (Registry registry = Registry.connect(settings.registry())) {
            var serializer = TopicSerdes.register(registry, settings).observations().serializer();
            for (int t = 0; t < MOST; t++) {
                input.add(new Sent(0, "a".getBytes(UTF_8), serializer.serialize(settings.topics().observations(),
                        new Observation(timeOf(t), new ArrayList<>(List.of(10 + Math.sin(t))), List.of()))));
            }
        }
        return input;
    }

    private static Instant timeOf(int step) {
        return Instant.ofEpochMilli(ChaosInput.START + step * ChaosInput.STEP);
    }

    private static Path train(Path data, String cell) {
        Path file = data.resolveSibling(cell + ".avro");
        run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4", "--hidden",
                "4", "--epochs", "1", "--cell", cell, "--output", file.toString(), "--id", "default");
        return file;
    }

    private static void publish(Path model, Path config, Instant effectiveFrom) {
        run("models", "publish", model.toString(), "--config", config.toString(), "--effective-from",
                effectiveFrom.toString());
    }

    private static void run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }
}
