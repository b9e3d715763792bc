package io.gatecast.training.data;

import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.training.data.PartitionReader.Part;
import io.gatecast.training.data.TopicRange.Offsets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Series in a topic of observations, or in a part of it, to where it ends now. Partitions are read side by side, each by a
/// consumer of its own and in its own order; the series are sorted by id, each by time, and what is of the same time stays in
/// the order of the partition. So the same offsets give the same series, however the threads took turns.
///
/// Only what is committed is seen. What cannot be read, and what the topology would reject, is passed over with a warning
/// that names it: the topology sends the same to the dead letters.
///
/// Memory: 8 bytes an observation and 8 for each of its values, half as much again for what is still growing, and a fetch
/// (Kafka's `max.partition.fetch.bytes`) for each thread.
public final class TopicSource implements SeriesSource {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSource.class);

    private final Map<String, Object> properties;
    private final Map<String, String> registry;
    private final String topic;
    private final TopicRange range;
    private final List<String> covariates;
    private final OptionalLong mostObservations;

    /// All of a topic.
    public TopicSource(Map<String, Object> properties, Map<String, String> registry, String topic,
            List<String> covariates) {
        this(properties, registry, topic, TopicRange.ALL, covariates, OptionalLong.empty());
    }

    /// @param properties       as `new KafkaConsumer` takes them, without deserializers
    /// @param registry         the schema registry's keys
    /// @param topic            which must exist
    /// @param covariates       names of those that its observations hold, in their order; empty = they are passed over
    /// @param mostObservations that may be held; empty = as many as an eighth of the heap holds
    public TopicSource(Map<String, Object> properties, Map<String, String> registry, String topic, TopicRange range,
            List<String> covariates, OptionalLong mostObservations) {
        this.properties = new TreeMap<>(properties);
        this.properties.put("isolation.level", "read_committed");
        this.properties.put("enable.auto.commit", "false");
        this.properties.put("auto.offset.reset", "none");
        this.registry = Map.copyOf(registry);
        this.topic = topic;
        this.range = range;
        this.covariates = List.copyOf(covariates);
        this.mostObservations = mostObservations;
    }

    @Override
    public List<Series> read() throws IOException {
        return read(locate());
    }

    /// @return what there is to read now, by which the same can be read again
    /// @throws IOException with a sentence, if the topic cannot be reached or does not hold what is asked for
    public List<Offsets> locate() throws IOException {
        try (Consumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition())).toList();
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            TreeMap<Integer, Offsets> there = new TreeMap<>();
            for (TopicPartition each : partitions) {
                long begin = begins.getOrDefault(each, 0L), end = ends.getOrDefault(each, 0L);
                if (begin < end) {
                    there.put(each.partition(), new Offsets(each.partition(), begin, end));
                }
            }
            if (range.offsets().isEmpty()) {
                return List.copyOf(there.values());
            }
            List<Offsets> some = new ArrayList<>();
            for (Offsets asked : range.offsets()) {
                some.add(within(asked, there.get(asked.partition())));
            }
            return some;
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /// What was asked for by its offsets is to be the same each time, so half of it will not do.
    private Offsets within(Offsets asked, @Nullable Offsets there) throws IOException {
        if (there == null) {
            throw new IOException(topic + "-" + asked.partition() + ": expected records, as --offsets " + asked
                    + " asks for, found none; check the partition's number");
        }
        long to = asked.to() == Offsets.END ? there.to() : asked.to();
        if (asked.from() < there.from() || to > there.to() || asked.from() >= to) {
            throw new IOException(topic + "-" + asked.partition() + ": expected offsets between " + there.from()
                    + ", before which records were deleted, and " + there.to() + ", where it ends now, found --offsets "
                    + asked);
        }
        return new Offsets(asked.partition(), asked.from(), to);
    }

    /// @param offsets as [#locate] gave them
    /// @throws IOException with a sentence that names the place, if it cannot be read, or there is no room for it
    public List<Series> read(List<Offsets> offsets) throws IOException {
        Room room = new Room(topic, mostObservations);
        AtomicInteger warnings = new AtomicInteger();
        try (Registry schemas = Registry.connect(registry);
                AvroSerde<Observation> serde = new AvroSerde<>(schemas, topic, Observation.class)) {
            List<Part> parts = inParallel(offsets, each -> {
                try (Consumer<String, byte[]> consumer = consumer()) {
                    return new PartitionReader(consumer, serde.deserializer(), topic, each, range, covariates, room,
                            warnings)
                            .call();
                }
            });
            return series(parts);
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /// Reads one partition.
    @FunctionalInterface
    private interface Reading {
        Part of(Offsets offsets) throws IOException;
    }

    private static List<Part> inParallel(List<Offsets> offsets, Reading reading) throws IOException {
        int most = Math.clamp(offsets.size(), 1, Runtime.getRuntime().availableProcessors());
        ExecutorService threads = Executors.newFixedThreadPool(most);
        try {
            List<Future<Part>> futures = offsets.stream().map(each -> threads.submit(() -> reading.of(each))).toList();
            List<Part> parts = new ArrayList<>();
            for (Future<Part> future : futures) {
                parts.add(future.get());
            }
            return parts;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw new IOException(cause.getMessage(), cause);
                case RuntimeException cause -> throw cause;
                case null, default -> throw new IllegalStateException("reading failed", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("reading was interrupted", e);
        } finally {
            threads.shutdownNow(); // who waits for a broker is woken
            threads.close();
        }
    }

    private Consumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /// A key lies in one partition, unless their number was changed.
    private List<Series> series(List<Part> parts) throws IOException {
        TreeMap<String, Readings> all = new TreeMap<>();
        int passedOver = 0;
        for (Part part : parts) {
            passedOver += part.passedOver();
            for (Map.Entry<String, Readings> each : part.readings().entrySet()) {
                Readings before = all.putIfAbsent(each.getKey(), each.getValue());
                if (before == null) {
                    continue;
                }
                if (before.channels() == each.getValue().channels()) {
                    before.addAll(each.getValue());
                } else {
                    LOG.warn("topic {}: {} observations of series {} have another number of values than the first and"
                            + " are passed over", topic, each.getValue().count(), each.getKey());
                    passedOver += each.getValue().count();
                }
            }
            part.readings().clear();
        }
        if (passedOver > 0) {
            LOG.warn("topic {}: {} records could not be read and were passed over", topic, passedOver);
        }
        if (all.isEmpty() && passedOver > 0 && !covariates.isEmpty()) {
            throw new IOException("topic " + topic + ": expected observations with " + covariates.size()
                    + " covariates, " + String.join(", ", covariates) + ", found none");
        }
        if (all.isEmpty()) {
            throw new IOException("topic " + topic + (range.isWhole()
                    ? ": holds no observations; produce some first"
                    : ": holds no observations in what is to be read of it; widen --from, --to or --offsets"));
        }
        List<Series> series = new ArrayList<>();
        while (!all.isEmpty()) {
            Map.Entry<String, Readings> first = all.pollFirstEntry(); // let go of, as its copy is made
            series.add(first.getValue().series(first.getKey()));
        }
        return series;
    }

    private IOException unreadable(KafkaException e) {
        return new IOException("topic " + topic + ": cannot be read: " + e.getMessage(), e);
    }
}
