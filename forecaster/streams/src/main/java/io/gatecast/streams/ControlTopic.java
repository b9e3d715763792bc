package io.gatecast.streams;

import io.gatecast.avro.Label;
import io.gatecast.avro.Mute;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.BadValue;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.schemas.Topics.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A compacted topic by which people say something: the newest record of a key counts. It is made where it is missing. For
/// one thread.
public final class ControlTopic<T extends SpecificRecord> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final StreamsSettings settings;
    private final String topic;
    private final AvroSerde<T> serde;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, T> entries = new TreeMap<>();

    private ControlTopic(StreamsSettings settings, String topic, AvroSerde<T> serde,
            KafkaConsumer<String, byte[]> consumer) {
        this.settings = settings;
        this.topic = topic;
        this.serde = serde;
        this.consumer = consumer;
    }

    /// @throws IOException                           with a sentence, if the cluster does not answer or refuses
    /// @throws io.gatecast.schemas.RegistryException likewise, if the registry does not
    public static ControlTopic<Mute> mutes(Registry registry, StreamsSettings settings) throws IOException {
        return open(registry, settings, Topics.MUTES, settings.alerts().mutesTopic(), Mute.class);
    }

    /// As [#mutes].
    public static ControlTopic<Label> labels(Registry registry, StreamsSettings settings) throws IOException {
        return open(registry, settings, Topics.LABELS, settings.alerts().labelsTopic(), Label.class);
    }

    private static <T extends SpecificRecord> ControlTopic<T> open(Registry registry, StreamsSettings settings,
            Topic<T> kind, String topic, Class<T> type) throws IOException {
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(kind.creation(topic)));
            AvroSerde<T> serde = new AvroSerde<>(registry, topic, type);
            List<TopicPartition> partitions = IntStream.range(0, cluster.partitions(topic))
                    .mapToObj(p -> new TopicPartition(topic, p)).toList();
            Map<String, Object> properties = settings.consumerProperties();
            properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
            properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return new ControlTopic<>(settings, topic, serde, consumer);
        }
    }

    /// Reads the topic to its present end.
    ///
    /// @return the newest record of each key that has one, by key
    public Map<String, T> list() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(this::take);
        }
        return Map.copyOf(entries);
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        String key = String.valueOf(record.key());
        T value = read(record);
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }

    /// What cannot be read says nothing: for a mute or a label, that is the safe side.
    private @Nullable T read(ConsumerRecord<String, byte[]> record) {
        try {
            return serde.deserializer().deserialize(topic, record.value());
        } catch (BadValue e) {
            LOG.warn("{}: passed over: {}", new Place(topic, record.partition(), record.offset()), e.getMessage());
            return null;
        }
    }

    /// Writes a record, and returns once the cluster has it.
    ///
    /// @param value null = nothing is said of the key any more
    /// @throws IOException with a sentence, if the cluster does not take it
    public void put(String key, @Nullable T value) throws IOException {
        Map<String, Object> properties = settings.producerProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, serde.serializer().serialize(topic, value))).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("topic " + topic + " does not take " + key + ": " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to topic " + topic, e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
