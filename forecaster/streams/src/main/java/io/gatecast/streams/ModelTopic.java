package io.gatecast.streams;

import io.gatecast.avro.Model;
import io.gatecast.avro.Status;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// The models topic from outside the topology: publish a version, see what is there. The topic is made where it is
/// missing, compacted and with room for large records. For one thread.
public final class ModelTopic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    /// Around a record: key, headers, batch.
    private static final int ENVELOPE = 1 << 20;

    private final StreamsSettings settings;
    private final String topic;
    private final AvroSerde<Model> serde;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Entry> entries = new TreeMap<>();

    /// The newest record of a key.
    ///
    /// @param key    `modelId/version`
    /// @param where  as in `models-0@12`
    /// @param record what it holds; null where it cannot be read
    /// @param fault  why it cannot be used, in one sentence; null where it can
    public record Entry(String key, String where, @Nullable Model record, @Nullable String fault) {

        /// @return whether a topology that follows the model would judge by it, in its time
        public boolean isUsableFor(String modelId) {
            return fault == null && record != null && record.getStatus() == Status.ACTIVE
                    && record.getModelId().equals(modelId);
        }
    }

    private ModelTopic(StreamsSettings settings, AvroSerde<Model> serde, KafkaConsumer<String, byte[]> consumer) {
        this.settings = settings;
        this.topic = settings.topics().models();
        this.serde = serde;
        this.consumer = consumer;
    }

    /// Makes the topic where it is missing, registers its schema, and stands ready.
    ///
    /// @throws IOException with a sentence, if the cluster or the registry does not answer or refuses
    public static ModelTopic open(Cluster cluster, Registry registry, StreamsSettings settings) throws IOException {
        String topic = settings.topics().models();
        cluster.createMissing(List.of(Topics.MODELS.creation(topic)));
        AvroSerde<Model> serde = new AvroSerde<>(registry, topic, Model.class);
        Map<String, Object> properties = settings.consumerProperties();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = partitions(topic, cluster.partitions(topic));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new ModelTopic(settings, serde, consumer);
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
    }

    /// Writes a version and returns once the cluster has it. Running topologies take it up within moments and judge by it
    /// from its `effectiveFrom` on.
    ///
    /// @throws ModelRefused if no topology could use it
    /// @throws IOException  with a sentence, if the cluster does not take it
    public void publish(Model record) throws IOException {
        String key = ModelRecords.keyOf(record);
        ModelRecords.toModel(record, key);
        byte[] value = serde.serializer().serialize(topic, record);
        try (var producer = new KafkaProducer<>(producerProperties(), new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (ExecutionException e) {
            throw new IOException(explain(key, value.length, e.getCause() == null ? e : e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while publishing model " + key, e);
        }
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> properties = settings.producerProperties();
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MODEL_BYTES + ENVELOPE);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * Topics.MODEL_BYTES);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        return properties;
    }

    private String explain(String key, int bytes, Throwable cause) {
        return cause instanceof RecordTooLargeException
                ? "model " + key + " has " + bytes + " bytes, topic " + topic + " takes fewer: raise its"
                        + " max.message.bytes, up to " + Topics.MODEL_BYTES
                : "model " + key + " cannot be written to topic " + topic + ": " + cause.getMessage();
    }

    /// Reads the topic to its present end.
    ///
    /// @return the newest record of each key, by key
    public List<Entry> list() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll(POLL);
        }
        return List.copyOf(entries.values());
    }

    /// @return the version after the newest that is there, usable or not; 1 where there is none
    public int nextVersion(String modelId) {
        return 1 + list().stream().map(Entry::record).filter(r -> r != null && r.getModelId().equals(modelId))
                .mapToInt(Model::getVersion).max().orElse(0);
    }

    /// Waits for something new.
    ///
    /// @return whether anything came
    boolean poll(Duration atMost) {
        var records = consumer.poll(atMost);
        records.forEach(this::take);
        return !records.isEmpty();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        String key = String.valueOf(record.key());
        if (record.value() == null) {
            entries.remove(key);
        } else {
            entries.put(key, entryOf(key, record));
        }
    }

    private Entry entryOf(String key, ConsumerRecord<String, byte[]> record) {
        Place place = new Place(record.topic(), record.partition(), record.offset());
        Model value = null;
        try {
            value = ModelRecords.read(record.key(), record.value(), record.headers(), serde.deserializer(), place);
            ModelRecords.toModel(value, place.toString());
            return new Entry(key, place.toString(), value, null);
        } catch (ModelRefused e) {
            return new Entry(key, place.toString(), value, e.getMessage());
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
