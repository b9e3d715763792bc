package io.gatecast.training.data;

import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Series in a topic of observations, from its beginning to where it ends now. What cannot be read is passed over with a
/// warning that names it: the topology sends the same to the dead letters. Sorted by id, each by time.
public final class TopicSource implements SeriesSource {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSource.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MOST_WARNINGS = 10;

    private final Map<String, Object> properties;
    private final Map<String, String> registry;
    private final String topic;
    private final List<String> covariates;

    /// @param properties as `new KafkaConsumer` takes them, without deserializers
    /// @param registry   the schema registry's keys
    /// @param topic      which must exist
    /// @param covariates names of those that its observations hold, in their order; empty = they are passed over
    public TopicSource(Map<String, Object> properties, Map<String, String> registry, String topic,
            List<String> covariates) {
        this.properties = new TreeMap<>(properties);
        this.properties.put("isolation.level", "read_committed");
        this.properties.put("enable.auto.commit", "false");
        this.registry = Map.copyOf(registry);
        this.topic = topic;
        this.covariates = List.copyOf(covariates);
    }

    private record Reading(long timestamp, double[] values, double[] covariates) {}

    @Override
    public List<Series> read() throws IOException {
        try (Registry schemas = Registry.connect(registry);
                AvroSerde<Observation> serde = new AvroSerde<>(schemas, topic, Observation.class);
                var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            return read(consumer, serde);
        } catch (KafkaException e) {
            throw new IOException("topic " + topic + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private List<Series> read(KafkaConsumer<String, byte[]> consumer, AvroSerde<Observation> serde)
            throws IOException {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition())).toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<String, List<Reading>> readings = new TreeMap<>();
        int unreadable = 0;
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                unreadable += take(record, serde, readings, unreadable) ? 0 : 1;
            }
        }
        if (unreadable > 0) {
            LOG.warn("topic {}: {} records could not be read and were passed over", topic, unreadable);
        }
        if (readings.isEmpty()) {
            throw new IOException("topic " + topic + ": holds no observations; produce some first");
        }
        List<Series> series = readings.entrySet().stream().map(each -> series(each.getKey(), each.getValue()))
                .filter(each -> each.length() > 0).toList();
        if (series.isEmpty()) {
            throw new IOException("topic " + topic + ": expected observations with " + covariates.size()
                    + " covariates, " + String.join(", ", covariates) + ", found none");
        }
        return series;
    }

    private boolean take(ConsumerRecord<String, byte[]> record, AvroSerde<Observation> serde,
            Map<String, List<Reading>> readings, int unreadable) {
        try {
            Observation observation = serde.deserializer().deserialize(topic, record.value());
            if (observation == null || record.key() == null) {
                throw new SerializationException("key and value: expected both, found none");
            }
            readings.computeIfAbsent(record.key(), id -> new ArrayList<>()).add(reading(observation));
            return true;
        } catch (SerializationException e) {
            if (unreadable < MOST_WARNINGS) {
                LOG.warn("{}-{}@{}: {}", topic, record.partition(), record.offset(), e.getMessage());
            }
            return false;
        }
    }

    private Reading reading(Observation observation) {
        double[] values = observation.getValues().stream()
                .mapToDouble(value -> value == null ? Double.NaN : value.doubleValue()).toArray();
        double[] known = covariates.isEmpty()
                ? new double[0]
                : observation.getCovariates().stream().mapToDouble(Double::doubleValue).toArray();
        return new Reading(observation.getTimestamp().toEpochMilli(), values, known);
    }

    /// A reading with another number of values than the first, or of covariates than expected, is one that the topology
    /// rejects.
    private Series series(String id, List<Reading> readings) {
        int channels = readings.getFirst().values().length;
        List<Reading> sorted = readings.stream().filter(reading -> reading.values().length == channels)
                .filter(reading -> reading.covariates().length == covariates.size())
                .sorted(Comparator.comparingLong(Reading::timestamp)).toList();
        double[][] values = new double[channels][sorted.size()];
        double[][] known = new double[covariates.size()][sorted.size()];
        for (int i = 0; i < sorted.size(); i++) {
            put(sorted.get(i).values(), values, i);
            put(sorted.get(i).covariates(), known, i);
        }
        return new Series(id, sorted.stream().mapToLong(Reading::timestamp).toArray(), values, known);
    }

    private static void put(double[] numbers, double[][] rows, int step) {
        for (int row = 0; row < rows.length; row++) {
            rows[row][step] = numbers[row];
        }
    }
}
