package io.gatecast.streams;

import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/// How far the stream has come, in event time: what is decided has to count ahead of it.
public final class NewestObservation {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_BACK = 16; // records; the very last may be a transaction's marker

    private NewestObservation() {}

    /// @return event time of the newest of the last observations in the topic; empty where there is none
    /// @throws IOException with a sentence, if there is no such topic
    public static OptionalLong eventTime(StreamsSettings settings, Cluster cluster, Registry registry)
            throws IOException {
        String topic = settings.topics().observations();
        Map<String, Object> properties = settings.consumerProperties();
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
                AvroSerde<Observation> serde = new AvroSerde<>(registry, topic, Observation.class)) {
            List<TopicPartition> partitions = IntStream.range(0, cluster.partitions(topic))
                    .mapToObj(partition -> new TopicPartition(topic, partition)).toList();
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L),
                    ends.getOrDefault(partition, 0L) - LOOK_BACK)));
            return newest(consumer, serde, ends);
        }
    }

    private static OptionalLong newest(KafkaConsumer<String, byte[]> consumer, AvroSerde<Observation> serde,
            Map<TopicPartition, Long> ends) {
        OptionalLong newest = OptionalLong.empty();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (var record : consumer.poll(POLL)) {
                OptionalLong time = eventTime(serde, record.topic(), record.value());
                if (time.isPresent()) {
                    newest = OptionalLong.of(Math.max(time.getAsLong(), newest.orElse(Long.MIN_VALUE)));
                }
            }
        }
        return newest;
    }

    private static OptionalLong eventTime(AvroSerde<Observation> serde, String topic, byte @Nullable [] value) {
        try {
            Observation observation = serde.deserializer().deserialize(topic, value);
            return observation == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(observation.getTimestamp().toEpochMilli());
        } catch (SerializationException e) {
            return OptionalLong.empty(); // a bad record says nothing about the time; the topology deals with it
        }
    }
}
