package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.avro.Forecast;
import io.gatecast.schemas.Registry;
import io.gatecast.series.Observation;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/// Twenty sensors that say something every minute, and what is forecast for them.
final class RunningFleet {
    static final long STEP = 60_000;
    static final long START = 1_767_225_600_000L;

    private RunningFleet() {}

    static ObservationWriter writer(ModelApplication application, Registry registry) {
        return ObservationWriter.open(application.settings(),
                TopicSerdes.register(registry, application.settings()).observations().serializer(),
                application.settings().topics().observations());
    }

    /// @return a history, a wave of a season of 12
    static Path wave(Path folder, String name, int steps) throws IOException {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int series = 0; series < 4; series++) {
            for (int t = 0; t < steps; t++) {
                rows.append("s").append(series).append(',').append(START + t * STEP).append(',')
                        .append(value(series, t)).append('\n');
            }
        }
        return Files.writeString(folder.resolve(name), rows.toString());
    }

    static double value(int series, int t) {
        return 20 + series + 5 * Math.sin(2 * Math.PI * t / 12) + Math.cos(0.7 * t + series);
    }

    /// What a series shows at a step.
    interface Course {
        double at(int series, int step);
    }

    static int observe(ObservationWriter writer, int from, int to) throws IOException {
        return observe(writer, from, to, RunningFleet::value);
    }

    static int observe(ObservationWriter writer, int from, int to, Course course) throws IOException {
        int sent = 0;
        for (int t = from; t < to; t++) {
            for (int series = 0; series < 20; series++) {
                writer.write("sensor-" + series, new Observation(START + t * STEP, course.at(series, t)));
                sent++;
            }
        }
        writer.flush();
        return sent;
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(5_000_000);
        }
    }

    /// Observations at an even pace, from a thread of its own, up to where somebody lets it.
    static final class Stream implements AutoCloseable {
        static final int SERIES = 20;
        static final long PACE_NANOS = 15_000_000;
        private final ObservationWriter writer;
        private final Thread thread;
        private volatile int end;
        private volatile int step;
        private volatile boolean stopping;
        private volatile @Nullable IOException fault;

        Stream(ModelApplication application, Registry registry) throws IOException {
            this.writer = writer(application, registry);
            this.thread = Thread.ofPlatform().name("stream").start(this::write);
        }

        private void write() {
            try {
                while (!stopping) {
                    if (step < end) {
                        observe(writer, step, step + 1);
                        step++;
                    }
                    LockSupport.parkNanos(PACE_NANOS);
                }
            } catch (IOException e) {
                fault = e;
            }
        }

        void goOnTo(int until) {
            end = until;
        }

        int step() {
            if (fault != null) {
                throw new AssertionError(fault);
            }
            return step;
        }

        @Override
        public void close() throws InterruptedException, IOException {
            stopping = true;
            thread.join();
            writer.close();
        }
    }

    /// @return series whose last forecast is by a version
    static Set<String> judgedBy(ModelApplication application, Registry registry, int count, int version)
            throws IOException {
        Map<String, Integer> last = new HashMap<>();
        read(application, registry, count, (record, forecast) -> last.put(record.key(), forecast.getModelVersion()));
        last.values().removeIf(each -> each != version);
        return last.keySet();
    }

    /// @param seen takes the key and origin of each
    static List<Forecast> forecasts(ModelApplication application, Registry registry, int count, Set<String> seen)
            throws IOException {
        return forecasts(application, registry, count, seen, new ArrayList<>());
    }

    /// @param times takes the records' times, in their order
    static List<Forecast> forecasts(ModelApplication application, Registry registry, int count, Set<String> seen,
            List<Long> times) throws IOException {
        List<Forecast> forecasts = new ArrayList<>();
        read(application, registry, count, (record, forecast) -> {
            seen.add(record.key() + "@" + forecast.getOrigin());
            times.add(record.timestamp());
            forecasts.add(forecast);
        });
        assertEquals(count, forecasts.size());
        return forecasts;
    }

    static void read(ModelApplication application, Registry registry, int count,
            BiConsumer<ConsumerRecord<String, byte[]>, Forecast> taker) throws IOException {
        Map<String, Object> properties = application.settings().consumerProperties();
        properties.put("isolation.level", "read_committed");
        String topic = application.settings().topics().forecasts();
        TopicSerdes serdes = TopicSerdes.register(registry, application.settings());
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int[] read = {0};
            await(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    taker.accept(record, serdes.forecasts().deserializer().deserialize(topic, record.value()));
                    read[0]++;
                });
                return read[0] >= count;
            });
        }
    }
}
