package io.gatecast.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.streams.DeadLetters;
import io.gatecast.streams.StreamsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// All that an application has said, as a reader of committed records sees it.
///
/// @param topics by the topic's part in the application; there by key, or for dead letters by where the observation lay;
///               there in the topic's order
record Outputs(Map<String, Map<String, List<byte[]>>> topics) {

    /// Reads the topics to their very ends: also what lies behind a transaction that is still open is waited for.
    static Outputs of(StreamsSettings settings) {
        Map<String, Map<String, List<byte[]>>> topics = new TreeMap<>();
        topics.put("forecasts", read(settings, settings.topics().forecasts()));
        topics.put("anomalies", read(settings, settings.topics().anomalies()));
        topics.put("evaluations", read(settings, settings.topics().evaluations()));
        topics.put("late ones", read(settings, settings.topics().late()));
        topics.put("dead letters", read(settings, settings.topics().deadLetters()));
        return new Outputs(topics);
    }

    private static Map<String, List<byte[]>> read(StreamsSettings settings, String topic) {
        Map<String, List<byte[]>> records = new TreeMap<>();
        Map<TopicPartition, Long> ends = ends(settings, topic);
        try (var consumer = consumer(settings, "read_committed")) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    records.computeIfAbsent(nameOf(record), name -> new ArrayList<>()).add(record.value());
                }
            }
        }
        return records;
    }

    private static Map<TopicPartition, Long> ends(StreamsSettings settings, String topic) {
        try (var consumer = consumer(settings, "read_uncommitted")) {
            return consumer.endOffsets(consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition())).toList());
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(StreamsSettings settings, String isolation) {
        Map<String, Object> properties = new HashMap<>(settings.consumerProperties());
        properties.put("isolation.level", isolation);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static String nameOf(ConsumerRecord<byte[], byte[]> record) {
        Header reason = record.headers().lastHeader(DeadLetters.REASON);
        String key = record.key() == null ? "null" : new String(record.key(), UTF_8);
        return reason == null
                ? key
                : key + " at " + header(record, "partition") + "@" + header(record, "offset") + ", "
                        + new String(reason.value(), UTF_8);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader("__streams.errors." + name).value(), UTF_8);
    }

    int count(String topic) {
        return topics.getOrDefault(topic, Map.of()).values().stream().mapToInt(List::size).sum();
    }

    /// @return what differs first in each topic, a line each; empty where every byte is equal
    Optional<String> differenceFrom(Outputs reference) {
        List<String> differences = topics.keySet().stream()
                .flatMap(topic -> differenceFrom(reference, topic).stream()).toList();
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", differences));
    }

    private Optional<String> differenceFrom(Outputs reference, String topic) {
        Map<String, List<byte[]>> mine = topics.getOrDefault(topic, Map.of());
        Map<String, List<byte[]>> its = reference.topics.getOrDefault(topic, Map.of());
        TreeSet<String> names = new TreeSet<>(mine.keySet());
        names.addAll(its.keySet());
        for (String name : names) {
            String difference = difference(mine.getOrDefault(name, List.of()), its.getOrDefault(name, List.of()));
            if (difference != null) {
                return Optional.of(topic + ", " + name + ": " + difference + "; in all " + count(topic) + " where "
                        + reference.count(topic) + " were expected");
            }
        }
        return Optional.empty();
    }

    private static @Nullable String difference(List<byte[]> mine, List<byte[]> reference) {
        for (int i = 0; i < Math.max(mine.size(), reference.size()); i++) {
            if (i == mine.size()) {
                return "record " + i + " of " + reference.size() + " is lost";
            }
            if (i == reference.size()) {
                return "record " + i + " is one too many, a duplicate or invented";
            }
            if (!Arrays.equals(mine.get(i), reference.get(i))) {
                return "record " + i + " differs: " + Arrays.toString(mine.get(i)) + " where "
                        + Arrays.toString(reference.get(i)) + " was expected";
            }
        }
        return null;
    }
}
