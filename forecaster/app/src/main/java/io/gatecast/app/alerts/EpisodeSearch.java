package io.gatecast.app.alerts;

import io.gatecast.avro.Anomaly;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.BadValue;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks up episodes in the topic of anomalies.
public final class EpisodeSearch {
    private static final Logger LOG = LoggerFactory.getLogger(EpisodeSearch.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private EpisodeSearch() {}

    /// From the first turn to the last that is there.
    ///
    /// @param from event time
    /// @param to   likewise, inclusive
    public record Found(String seriesId, Instant from, Instant to) {
        Found and(Instant moment) {
            return new Found(seriesId, moment.isBefore(from) ? moment : from, moment.isAfter(to) ? moment : to);
        }
    }

    /// Reads the topic to its present end.
    ///
    /// @throws IOException with a sentence, if the cluster does not answer or there is no such topic
    public static Optional<Found> find(StreamsSettings settings, Registry registry, String episodeId)
            throws IOException {
        String topic = settings.topics().anomalies();
        List<TopicPartition> partitions;
        try (Cluster cluster = Cluster.connect(settings)) {
            partitions = IntStream.range(0, cluster.partitions(topic)).mapToObj(p -> new TopicPartition(topic, p))
                    .toList();
        }
        Map<String, Object> properties = settings.consumerProperties();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Deserializer<Anomaly> anomalies = new AvroSerde<>(registry, topic, Anomaly.class).deserializer();
        Optional<Found> found = Optional.empty();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            for (ConsumerRecord<byte[], byte[]> record : all(consumer, partitions)) {
                found = with(found, record, anomalies, episodeId);
            }
        }
        return found;
    }

    /// @return every record from the beginning to the present end
    static List<ConsumerRecord<byte[], byte[]>> all(KafkaConsumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(records::add);
        }
        return records;
    }

    private static Optional<Found> with(Optional<Found> found, ConsumerRecord<byte[], byte[]> record,
            Deserializer<Anomaly> anomalies, String episodeId) {
        try {
            Anomaly anomaly = anomalies.deserialize(record.topic(), record.value());
            if (anomaly == null || !anomaly.getEpisodeId().equals(episodeId)) {
                return found;
            }
            Turn turn = new Turn(record, anomaly);
            return Optional.of(found.orElseGet(() -> new Found(turn.seriesId(), turn.moment(), turn.moment()))
                    .and(turn.moment()));
        } catch (BadValue e) {
            LOG.warn("{}-{}@{}: passed over: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
            return found;
        }
    }
}
