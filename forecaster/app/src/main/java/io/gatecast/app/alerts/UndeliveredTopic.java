package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Anomaly;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.BadValue;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.AlertSettings.Protocol;
import io.gatecast.streams.AlertSettings.Receiver;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.DeadLetterTopic;
import io.gatecast.streams.DeadLetters;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// What receivers would not have, as [DeadLetterBox] set it aside: see what is there, and tell it again to whom it was meant
/// for. For one thread.
///
/// A letter that was taken is noted in the topic itself, by a record without key and value and with the header
/// [DeadLetterTopic#REPLAYED], as there. A receiver cannot take part in a transaction, so who is cut off between the two
/// tells it again next time, under the same id.
public final class UndeliveredTopic implements AutoCloseable {
    private final StreamsSettings settings;
    private final String topic;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Registry registry;
    private final Deserializer<Anomaly> anomalies;

    /// What becomes of a letter.
    public enum Fate {
        /// It can be told again.
        WAITING,
        /// It was, before.
        TOLD_BEFORE,
        /// It was, now.
        TOLD,
        /// The receiver would not have it again.
        UNDELIVERED,
        /// Another of the receiver's, before it, was not taken.
        BEHIND_ANOTHER,
        /// Its receiver is not in the settings any more.
        RECEIVER_GONE,
        /// An Alertmanager hears again and again what is open, and the rest is over.
        OVER,
        /// It is no anomaly.
        UNREADABLE
    }

    /// One letter.
    ///
    /// @param origin   where the turn lay, as in `anomalies-0@12`
    /// @param reason   why it was set aside
    /// @param receiver who would not have it
    /// @param when     it was set aside
    /// @param id       of the turn, as its receiver sees it; empty where it cannot be read
    /// @param message  why, in a sentence; of one that was refused again, the newest
    public record Letter(String origin, String reason, String receiver, Instant when, String id, Fate fate,
            String message) {
        Letter with(Fate other, String why) {
            return new Letter(origin, reason, receiver, when, id, other, why);
        }
    }

    /// A letter and what is needed to tell it.
    private record Found(Letter letter, String at, ConsumerRecord<byte[], byte[]> record, @Nullable Anomaly anomaly,
            @Nullable Receiver to) {}

    private UndeliveredTopic(StreamsSettings settings, List<TopicPartition> partitions,
            KafkaConsumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.topic = settings.alerts().deadLettersTopic();
        this.partitions = partitions;
        this.consumer = consumer;
        this.registry = Registry.connect(settings.registry());
        this.anomalies = new AvroSerde<>(registry, settings.topics().anomalies(), Anomaly.class).deserializer();
    }

    /// @throws IOException with a sentence, if the cluster does not answer or there is no such topic
    public static UndeliveredTopic open(StreamsSettings settings) throws IOException {
        String topic = settings.alerts().deadLettersTopic();
        try (Cluster cluster = Cluster.connect(settings)) {
            List<TopicPartition> partitions = IntStream.range(0, cluster.partitions(topic))
                    .mapToObj(p -> new TopicPartition(topic, p)).toList();
            Map<String, Object> properties = settings.consumerProperties();
            properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
            properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.assign(partitions);
            return new UndeliveredTopic(settings, partitions, consumer);
        }
    }

    /// @param moved whether letters of receivers that the settings do not name any more are for the one webhook they name
    /// @return all letters, in the topic's order
    public List<Letter> list(boolean moved) {
        return found(moved).stream().map(Found::letter).toList();
    }

    /// Tells every letter that can be told, those of a receiver in their order; after one that is not taken, no more of its
    /// receiver's.
    ///
    /// @return them all, with what became of them
    /// @throws IOException with a sentence, if the cluster does not take note of it
    public List<Letter> replay(boolean moved) throws IOException, InterruptedException {
        List<Letter> letters = new ArrayList<>();
        Map<Receiver, Messenger> messengers = new HashMap<>();
        Set<Receiver> down = new HashSet<>();
        Map<String, Object> properties = settings.producerProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Found found : found(moved)) {
                Receiver receiver = found.to();
                if (found.letter().fate() != Fate.WAITING || receiver == null || found.anomaly() == null) {
                    letters.add(found.letter());
                    continue;
                }
                if (down.contains(receiver)) {
                    letters.add(found.letter().with(Fate.BEHIND_ANOTHER, found.letter().message()));
                    continue;
                }
                Turn turn = new Turn(found.record(), found.anomaly());
                try {
                    messengers.computeIfAbsent(receiver, UndeliveredTopic::messenger).tell(turn, new Episode(turn));
                } catch (Undelivered e) {
                    down.add(receiver);
                    letters.add(found.letter().with(Fate.UNDELIVERED, String.valueOf(e.getMessage())));
                    continue;
                }
                note(producer, found);
                letters.add(found.letter().with(Fate.TOLD, found.letter().message()));
            }
        }
        return letters;
    }

    private static Messenger messenger(Receiver receiver) {
        InstantSource clock = InstantSource.system();
        return new Webhook(receiver, new Post(receiver, new Tally(), clock), clock);
    }

    private void note(KafkaProducer<byte[], byte[]> producer, Found found)
            throws IOException, InterruptedException {
        List<Header> note = List.of(new RecordHeader(DeadLetterTopic.REPLAYED, found.at().getBytes(UTF_8)));
        try {
            producer.send(new ProducerRecord<>(topic, found.record().partition(), null, null, null, note)).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("topic " + topic + " does not take note of what was delivered, so that "
                    + found.letter().id() + " will be told again next time: " + cause.getMessage(), e);
        }
    }

    private List<Found> found(boolean moved) {
        Receiver instead = moved ? onlyWebhook() : null;
        List<Found> letters = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : EpisodeSearch.all(consumer, partitions)) {
            String note = text(record.headers(), DeadLetterTopic.REPLAYED);
            if (record.key() == null && record.value() == null && !note.isEmpty()) {
                told.add(note);
            } else {
                letters.add(found(record, instead));
            }
        }
        return letters.stream().map(each -> told.contains(each.at())
                ? new Found(each.letter().with(Fate.TOLD_BEFORE, each.letter().message()), each.at(), each.record(),
                        each.anomaly(), each.to())
                : each).toList();
    }

    private Receiver onlyWebhook() {
        List<Receiver> webhooks = settings.alerts().receivers().stream()
                .filter(each -> each.protocol() == Protocol.WEBHOOK).toList();
        if (webhooks.size() != 1) {
            throw new IllegalArgumentException(
                    "--moved: expected one address in gatecast.alerts.webhook.url, which takes"
                            + " what others would not have, found " + webhooks.size());
        }
        return webhooks.getFirst();
    }

    private Found found(ConsumerRecord<byte[], byte[]> record, @Nullable Receiver instead) {
        Headers headers = record.headers();
        String name = text(headers, "gatecast.receiver"), message = text(headers, "gatecast.message");
        Receiver to = settings.alerts().receivers().stream().filter(each -> each.toString().equals(name)).findFirst()
                .orElse(name.startsWith(Protocol.WEBHOOK.text()) ? instead : null);
        Anomaly anomaly = null;
        try {
            anomaly = anomalies.deserialize(record.topic(), record.value());
        } catch (BadValue e) {
            message = String.valueOf(e.getMessage());
        }
        Fate fate = Fate.WAITING;
        if (anomaly == null) {
            fate = Fate.UNREADABLE;
        } else if (name.startsWith(Protocol.ALERTMANAGER.text())) {
            fate = Fate.OVER;
        } else if (to == null) {
            fate = Fate.RECEIVER_GONE;
        }
        Letter letter = new Letter(text(headers, "gatecast.origin"), text(headers, DeadLetters.REASON), name,
                Instant.ofEpochMilli(record.timestamp()), anomaly == null ? "" : new Turn(record, anomaly).id(), fate,
                message);
        return new Found(letter, record.partition() + "@" + record.offset(), record, anomaly, to);
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
        registry.close();
    }
}
