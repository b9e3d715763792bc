package io.gatecast.app.kafka;

import io.gatecast.avro.Model;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.ModelTopic;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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

/// Gives a model its version and its moment, and publishes it. The moment lies ahead of the stream, by a lead in event time,
/// so that every instance holds the model before it counts; the first version of a model counts from the beginning.
public final class Publisher implements AutoCloseable {
    private static final int STEPS_OF_LEAD = 10;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_BACK = 16; // records; the very last may be a transaction's marker

    private final StreamsSettings settings;
    private final Cluster cluster;
    private final Registry registry;
    private final ModelTopic models;

    private Publisher(StreamsSettings settings, Cluster cluster, Registry registry, ModelTopic models) {
        this.settings = settings;
        this.cluster = cluster;
        this.registry = registry;
        this.models = models;
    }

    /// @throws IOException with a sentence, if the cluster does not answer
    /// @throws io.gatecast.schemas.RegistryException likewise, if the registry does not
    public static Publisher open(StreamsSettings settings) throws IOException {
        Cluster cluster = Cluster.connect(settings);
        try {
            Registry registry = Registry.connect(settings.registry());
            return new Publisher(settings, cluster, registry, ModelTopic.open(cluster, registry, settings));
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// When a model is to count.
    ///
    /// @param effectiveFrom the moment itself; null = ahead of the stream
    /// @param lead          how far ahead; null = ten steps of the model
    public record When(@Nullable Instant effectiveFrom, @Nullable Duration lead) {
        public static final When AHEAD_OF_THE_STREAM = new When(null, null);
    }

    /// @param draft whose version and moment are set here
    /// @return what was published
    public Model publish(Model draft, When when) throws IOException {
        ModelRecords.toModel(draft, draft.getModelId()); // refuses what cannot run
        int version = models.nextVersion(draft.getModelId());
        Instant moment = when.effectiveFrom() == null ? ahead(draft, version, when.lead()) : when.effectiveFrom();
        Model record = Model.newBuilder(draft).setVersion(version).setEffectiveFrom(moment).build();
        models.publish(record);
        return record;
    }

    private Instant ahead(Model draft, int version, @Nullable Duration lead) throws IOException {
        OptionalLong newest = version == 1 ? OptionalLong.empty() : newestEventTime();
        Duration ahead = lead == null
                ? Duration.ofMillis(STEPS_OF_LEAD * draft.getFeatures().getIntervalMillis())
                : lead;
        return newest.isEmpty() ? Instant.EPOCH : Instant.ofEpochMilli(newest.getAsLong()).plus(ahead);
    }

    /// @return event time of the newest of the last observations in the topic; empty where there is none
    private OptionalLong newestEventTime() throws IOException {
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

    /// @return what the models topic holds now
    public List<ModelTopic.Entry> list() {
        return models.list();
    }

    @Override
    public void close() {
        models.close();
        registry.close();
        cluster.close();
    }
}
