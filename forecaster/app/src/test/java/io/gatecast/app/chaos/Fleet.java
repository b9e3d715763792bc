package io.gatecast.app.chaos;

import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/// Instances that share the work of one application, and how far they have come.
final class Fleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOOK_AGAIN_MILLIS = 20;
    private static final String HEAP = "384m";

    private final Path folder;
    private final String application;
    private final String settings;
    private final Admin admin;
    private final List<Instance> instances = new ArrayList<>();
    private int named;

    /// @param servers     of the broker
    /// @param registry    address of the schema registry
    /// @param application its name; its topics begin with it, the observations and models apart
    Fleet(Path folder, String servers, String registry, String application) {
        this.folder = folder;
        this.application = application;
        this.settings = """
                bootstrap.servers=%1$s
                schema.registry.url=%2$s
                application.id=%3$s
                gatecast.topic.forecasts=%3$s-forecasts
                gatecast.topic.anomalies=%3$s-anomalies
                gatecast.evaluations.topic=%3$s-evaluations
                errors.dead.letter.queue.topic.name=%3$s-dead-letters
                gatecast.grace=2m
                gatecast.late=topic
                gatecast.late.topic=%3$s-late
                gatecast.silence=15m
                gatecast.evaluations.window=5
                commit.interval.ms=100
                num.standby.replicas=1
                consumer.session.timeout.ms=3000
                consumer.heartbeat.interval.ms=500
                producer.transaction.timeout.ms=8000
                """.formatted(servers, registry, application);
        this.admin = Admin.create(Map.of("bootstrap.servers", servers));
    }

    StreamsSettings settings() throws IOException {
        return StreamsSettings.load(config());
    }

    /// @return a file with the settings, for commands
    Path config() throws IOException {
        return Files.writeString(folder.resolve(application + ".properties"), settings);
    }

    List<Instance> instances() {
        return instances;
    }

    /// Starts or stops, in good order, as many as are missing or too many.
    void scaleTo(int size) throws IOException, InterruptedException {
        while (instances.size() < size) {
            instances.add(Instance.start(folder.resolve(application + "-" + named++), settings, HEAP));
        }
        while (instances.size() > size) {
            instances.removeFirst().stop();
        }
    }

    /// @return observations whose forecasts are committed
    long judged() throws IOException, InterruptedException {
        Map<?, OffsetAndMetadata> offsets = new HashMap<>();
        try {
            offsets = admin.listConsumerGroupOffsets(application, new ListConsumerGroupOffsetsOptions().timeoutMs(5000))
                    .partitionsToOffsetAndMetadata().get(6, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) { // the broker is away, or the group is not there yet
            return 0;
        }
        return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    /// Waits until so many observations have been judged.
    ///
    /// @throws IOException if an instance has ended that nobody stopped, or nothing moves
    void awaitJudged(long count) throws IOException, InterruptedException {
        long last = -1, deadline = 0;
        for (long now = judged(); now < count; now = judged()) {
            for (Instance instance : instances) {
                if (!instance.isAlive()) {
                    throw new IOException("an instance has ended by itself\n" + instance.tail());
                }
            }
            if (now > last) {
                last = now;
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new IOException("nothing has moved for " + PATIENCE.toMinutes() + " minutes at " + now + " of "
                        + count + " observations\n" + tails());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
        }
    }

    /// Waits until all instances have found what they need to begin.
    void awaitRunning() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Instance instance : instances) {
            while (!instance.isRunning()) {
                if (!instance.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("an instance did not come up\n" + instance.tail());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
            }
        }
    }

    /// @return the lines with these words that any instance said, whether it is there still or not
    List<String> said(String words) throws IOException {
        return lines(line -> line.contains(words));
    }

    /// @return warnings and errors of any instance, but for those of observations that are bad on purpose
    List<String> warnings() throws IOException {
        return lines(line -> line.matches("\\S+ (WARN|ERROR) .*") && !line.contains("LogAndContinue"));
    }

    private List<String> lines(Predicate<String> wanted) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < named; i++) {
            String instance = application + "-" + i;
            Files.readAllLines(folder.resolve(instance + ".log")).stream().filter(wanted)
                    .forEach(line -> lines.add(instance + ": " + line));
        }
        return lines;
    }

    private String tails() throws IOException {
        StringBuilder tails = new StringBuilder();
        for (Instance instance : instances) {
            tails.append(instance.tail()).append('\n');
        }
        return tails.toString();
    }

    /// Ends what is left, whatever state it is in.
    @Override
    public void close() {
        admin.close();
        for (Instance instance : instances) {
            try {
                instance.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
