package io.gatecast.streams;

import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.avro.Status;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topics of models and of their events from outside the topology: publish a version, change what becomes of one, see
/// what is there. The topics are made where they are missing, compacted and with room for large records. A change is a
/// transaction over both, and whoever begins one fences off whoever has begun one before: so no two can give out the same
/// version or number, or decide on what the other has just changed. For one thread.
public final class ModelTopic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelTopic.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration TIME_TO_SEE = Duration.ofSeconds(30);
    private static final int ATTEMPTS_TO_CHANGE = 5;
    /// Around a record: key, headers, batch.
    private static final int ENVELOPE = 1 << 20;
    private static final int KEY_AND_BATCH = 1024;

    private final StreamsSettings settings;
    private final String topic;
    private final String eventsTopic;
    private final boolean withWeights;
    /// Bytes of the largest batch that the topic of models takes.
    private final int largest;
    private final AvroSerde<Model> serde;
    private final AvroSerde<ModelEvent> eventSerde;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, ModelEvent> events = new TreeMap<>();

    /// What is to be written, in one transaction.
    ///
    /// @param records versions of models
    /// @param events  in their order; numbers and moments are given to them
    public record Proposal(List<Model> records, List<ModelEvent> events) {
        public Proposal {
            if (events.isEmpty() && !records.isEmpty()) {
                throw new IllegalArgumentException("expected an event with each version, found none");
            }
        }

        public Proposal(ModelEvent event) {
            this(List.of(), List.of(event));
        }
    }

    /// Decides what is to be written on what is there, which nobody else can change meanwhile.
    public interface Proposer {
        /// @throws IOException with a sentence, if it cannot be done
        Proposal propose(Registrations now) throws IOException;
    }

    /// The newest record of a key.
    ///
    /// @param key    `modelId/version`
    /// @param where  as in `models-0@12`
    /// @param record what it holds; null where it cannot be read
    /// @param fault  why it cannot be used, in one sentence; null where it can
    public record Entry(String key, String where, @Nullable Model record, @Nullable String fault) {}

    private ModelTopic(StreamsSettings settings, boolean withWeights, int largest, AvroSerde<Model> serde,
            AvroSerde<ModelEvent> eventSerde, KafkaConsumer<String, byte[]> consumer) {
        this.settings = settings;
        this.withWeights = withWeights;
        this.largest = largest;
        this.topic = settings.topics().models();
        this.eventsTopic = settings.topics().modelEvents();
        this.serde = serde;
        this.eventSerde = eventSerde;
        this.consumer = consumer;
    }

    /// Makes the topics where they are missing, registers their schemas, and stands ready.
    ///
    /// @throws IOException                           with a sentence, if the cluster does not answer or refuses
    /// @throws io.gatecast.schemas.RegistryException likewise, if the registry does not
    public static ModelTopic open(Cluster cluster, Registry registry, StreamsSettings settings) throws IOException {
        return open(cluster, registry, settings, true);
    }

    /// As [#open], for whoever stays for long and asks what becomes of versions, not what they are: records are checked, and
    /// then held without their tensors.
    static ModelTopic openToWatch(Cluster cluster, Registry registry, StreamsSettings settings) throws IOException {
        return open(cluster, registry, settings, false);
    }

    private static ModelTopic open(Cluster cluster, Registry registry, StreamsSettings settings, boolean withWeights)
            throws IOException {
        String topic = settings.topics().models();
        String eventsTopic = settings.topics().modelEvents();
        cluster.createMissing(List.of(Topics.MODELS.creation(topic), Topics.MODEL_EVENTS.creation(eventsTopic)));
        AvroSerde<Model> serde = new AvroSerde<>(registry, topic, Model.class);
        AvroSerde<ModelEvent> eventSerde = new AvroSerde<>(registry, eventsTopic, ModelEvent.class);
        Map<String, Object> properties = settings.consumerProperties();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>(partitions(topic, cluster.partitions(topic)));
        partitions.addAll(partitions(eventsTopic, cluster.partitions(eventsTopic)));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new ModelTopic(settings, withWeights, largestOf(cluster, topic), serde, eventSerde, consumer);
    }

    private static int largestOf(Cluster cluster, String topic) throws IOException {
        int largest = cluster.largestRecord(topic);
        if (largest < Topics.MODEL_BYTES) {
            LOG.warn(
                    "Topic {} takes models of at most {} bytes, fewer than the {} that one may have: larger ones will be"
                            + " refused when they are published; raise its max.message.bytes",
                    topic, largest,
                    Topics.MODEL_BYTES);
        }
        return largest;
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
    }

    /// Writes a version that is champion from its `effectiveFrom` on, under the number that it has, and returns once the
    /// cluster has it. Running topologies take it up within moments.
    ///
    /// @throws ModelRefused if no topology could use it
    /// @throws IOException  with a sentence, if the cluster does not take it
    public void publish(Model record) throws IOException {
        change(now -> new Proposal(List.of(record), List.of(ModelEvents.state(record.getModelId(), record.getVersion(),
                State.CHAMPION, 0, record.getEffectiveFrom(), System.getProperty("user.name", "unknown"),
                "published"))));
    }

    /// Makes a change and returns once the cluster has it. Whoever is fenced off has written nothing, and decides anew on what
    /// is there by then: a running instance that notes a drift does not cost a person the publication.
    ///
    /// @param proposer asked once more each time that somebody else came in between
    /// @return what was written, numbered
    /// @throws ModelRefused if a version is to be written that no topology could use
    /// @throws IOException  with a sentence, if the cluster does not take it, or somebody else came in between every time
    public Proposal change(Proposer proposer) throws IOException {
        Proposal begun = null;
        for (int attempt = 1;; attempt++) {
            try (var producer = new KafkaProducer<>(producerProperties(), new StringSerializer(),
                    new ByteArraySerializer())) {
                producer.initTransactions();
                Registrations now = registrations();
                if (begun != null && isWritten(begun)) {
                    return begun; // its commit counted, and only the answer came too late
                }
                begun = numbered(proposer.propose(now));
                if (!begun.events().isEmpty()) {
                    write(producer, begun);
                    awaitSeen(begun);
                }
                return begun;
            } catch (ProducerFencedException | InvalidProducerEpochException e) {
                if (attempt == ATTEMPTS_TO_CHANGE) {
                    throw new IOException("others change models in topic " + topic + " all the time, " + attempt
                            + " times in between: look at `gatecast models list` and try again", e);
                }
                LOG.info("Somebody else changed models in topic {} meanwhile: deciding anew", topic);
            } catch (InterruptException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while changing models in topic " + topic, e);
            } catch (KafkaException e) {
                throw new IOException("models cannot be written to topic " + topic + ": " + e.getMessage(), e);
            }
        }
    }

    /// @return whether its very events are there, moment and author included
    private boolean isWritten(Proposal proposal) {
        return proposal.events().stream()
                .allMatch(event -> event.equals(events.get(ModelEvents.keyOf(event.getSequence()))));
    }

    private Proposal numbered(Proposal proposal) {
        List<Model> records = proposal.records().stream()
                .map(record -> Model.newBuilder(record).setStatus(Status.REGISTERED).build()).toList();
        records.forEach(record -> ModelRecords.toTrusted(record, settings.trust(), ModelRecords.keyOf(record)));
        long last = events.values().stream().mapToLong(ModelEvent::getSequence).max().orElse(0);
        Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<ModelEvent> numbered = new ArrayList<>();
        for (ModelEvent event : proposal.events()) {
            ModelEvents.check(event);
            numbered.add(ModelEvent.newBuilder(event).setSequence(++last).setAt(at).build());
        }
        return new Proposal(records, numbered);
    }

    /// What is refused is refused before a transaction begins: one that is left open holds up the producer's end for half a
    /// minute.
    private void write(KafkaProducer<String, byte[]> producer, Proposal proposal) throws IOException {
        List<ProducerRecord<String, byte[]>> all = new ArrayList<>();
        for (Model record : proposal.records()) {
            byte[] value = serde.serializer().serialize(topic, record);
            requireRoom(topic, ModelRecords.keyOf(record), value);
            all.add(new ProducerRecord<>(topic, ModelRecords.keyOf(record), value));
        }
        for (ModelEvent event : proposal.events()) {
            all.add(new ProducerRecord<>(eventsTopic, ModelEvents.keyOf(event.getSequence()),
                    eventSerde.serializer().serialize(eventsTopic, event)));
        }
        producer.beginTransaction();
        for (ProducerRecord<String, byte[]> each : all) {
            send(producer, each);
        }
        producer.commitTransaction();
    }

    /// A commit is answered once it is decided; readers see it when every partition has been told, a moment later. Whoever
    /// looks after a change has been made finds it.
    private void awaitSeen(Proposal written) throws IOException {
        List<String> awaited = written.events().stream().map(event -> ModelEvents.keyOf(event.getSequence())).toList();
        long deadline = System.nanoTime() + TIME_TO_SEE.toNanos();
        while (!events.keySet().containsAll(awaited)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the change is written to topic " + eventsTopic + ", but readers have not seen it for "
                                + TIME_TO_SEE.toSeconds() + " s: look at `gatecast models list` before you try again");
            }
            poll(POLL);
        }
    }

    private static void send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record)
            throws IOException {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                throw (KafkaException) cause;
            }
            producer.abortTransaction();
            throw new IOException(explain(record.topic(), record.key(), record.value().length, cause), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> properties = settings.producerProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "gatecast-models-" + topic);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MODEL_BYTES + ENVELOPE);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * Topics.MODEL_BYTES);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        return properties;
    }

    private static String explain(String topic, String key, int bytes, Throwable cause) {
        return cause instanceof RecordTooLargeException
                ? tooLarge(topic, key, bytes, "fewer")
                : "model " + key + " cannot be written to topic " + topic + ": " + cause.getMessage();
    }

    private static String tooLarge(String topic, String key, int bytes, String most) {
        return "model " + key + " has " + bytes + " bytes, topic " + topic + " takes " + most + ": raise its"
                + " max.message.bytes (kafka-configs --alter --entity-type topics --entity-name " + topic
                + " --add-config max.message.bytes=" + Topics.MODEL_BYTES + ")";
    }

    /// Looks before it sends: what a broker refuses, it has first to be sent.
    private void requireRoom(String to, String key, byte[] value) throws IOException {
        if (value.length > Topics.MODEL_BYTES) {
            throw new IOException("model " + key + " has " + value.length + " bytes, a model may have "
                    + Topics.MODEL_BYTES + ": train one with fewer units or layers");
        }
        if (value.length + KEY_AND_BATCH > largest) {
            throw new IOException(tooLarge(to, key, value.length, "at most " + largest));
        }
    }

    /// Reads the topics to their present ends.
    public Registrations registrations() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll(POLL);
        }
        return new Registrations(List.copyOf(entries.values()), List.copyOf(events.values()));
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
        if (record.topic().equals(eventsTopic)) {
            takeEvent(key, record);
        } else if (record.value() == null) {
            entries.remove(key);
        } else {
            entries.put(key, entryOf(key, record));
        }
    }

    /// What cannot be read is refused by topologies, too, with a warning and a count.
    private void takeEvent(String key, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            events.remove(key);
            return;
        }
        Place place = new Place(record.topic(), record.partition(), record.offset());
        try {
            events.put(key, ModelEvents.read(record.key(), record.value(), record.headers(),
                    eventSerde.deserializer(), place));
        } catch (ModelRefused e) {
            LOG.warn("Event passed over: {}", e.getMessage());
        }
    }

    private Entry entryOf(String key, ConsumerRecord<String, byte[]> record) {
        Place place = new Place(record.topic(), record.partition(), record.offset());
        Model value = null;
        try {
            value = ModelRecords.read(record.key(), record.value(), record.headers(), serde.deserializer(), place);
            settings.trust().require(value, place.toString());
            ModelRecords.toModel(value, place.toString());
            if (!withWeights) {
                value.setTensors(List.of());
            }
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
