package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// The dead-letter topic from outside the topology: see what is there, and send it to the observations again. For one
/// thread.
///
/// What was sent again is remembered in the topic itself, by a record without key and value and with the header
/// [#REPLAYED], written in the same transaction: so a letter is sent again once, whichever letters were chosen before and
/// however a replay ended, and the note lives at least as long as its letter. Of two replays at one time the later fences
/// off the earlier.
public final class DeadLetterTopic implements AutoCloseable {
    /// Of a note in the dead-letter topic: `partition@offset` of the letter there. Of an observation that was sent again:
    /// where its letter lies.
    public static final String REPLAYED = "gatecast.replayed";

    private static final String KAFKAS = "__streams.errors.";
    private static final String UNKNOWN = "unknown";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int IN_A_TRANSACTION = 500;

    private final StreamsSettings settings;
    private final String topic;
    private final int observationPartitions;
    private final int largest;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /// One dead letter, without its bytes.
    ///
    /// @param at       where it lies
    /// @param origin   where the observation lay, as in `observations-0@12`
    /// @param reason   see [Reason#text]; `unknown` where no header says it
    /// @param message  the same in words
    /// @param when     it was set aside
    /// @param key      of the observation, as far as it is text; null where there is none
    /// @param bytes    of the observation's key and value
    /// @param omitted  whether they are not in the letter, because they did not fit
    /// @param replayed whether it has been sent again
    public record Letter(TopicPartition in, long at, String origin, String reason, String message, Instant when,
            @Nullable String key, long bytes, boolean omitted, boolean replayed) {

        private Place place() {
            return new Place(in.topic(), in.partition(), at);
        }
    }

    private DeadLetterTopic(StreamsSettings settings, int observationPartitions, int largest,
            List<TopicPartition> partitions, KafkaConsumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.topic = settings.topics().deadLetters();
        this.observationPartitions = observationPartitions;
        this.largest = largest;
        this.partitions = partitions;
        this.consumer = consumer;
    }

    /// @throws IOException with a sentence, if the cluster does not answer or there is no such topic
    public static DeadLetterTopic open(StreamsSettings settings) throws IOException {
        String topic = settings.topics().deadLetters();
        try (Cluster cluster = Cluster.connect(settings)) {
            List<TopicPartition> partitions = IntStream.range(0, cluster.partitions(topic))
                    .mapToObj(p -> new TopicPartition(topic, p)).toList();
            Map<String, Object> properties = settings.consumerProperties();
            properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
            properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            int observations = cluster.partitions(settings.topics().observations());
            int largest = Math.max(cluster.largestRecord(topic),
                    cluster.largestRecord(settings.topics().observations()));
            var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.assign(partitions);
            return new DeadLetterTopic(settings, observations, largest, partitions, consumer);
        }
    }

    /// Reads the topic to its present end.
    ///
    /// @return all letters, in the topic's order
    public List<Letter> list() {
        List<Letter> letters = new ArrayList<>();
        Set<String> replayed = new HashSet<>();
        consumer.seekToBeginning(partitions);
        readToEnd(record -> {
            String note = noteIn(record);
            if (note == null) {
                letters.add(letterIn(record));
            } else {
                replayed.add(note);
            }
        });
        return letters.stream().map(letter -> replayed.contains(keyOf(letter)) ? replayed(letter) : letter).toList();
    }

    private void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(reader);
        }
    }

    private static @Nullable String noteIn(ConsumerRecord<byte[], byte[]> record) {
        boolean note = record.headers().lastHeader(KAFKAS + "topic") == null;
        return note ? text(record.headers(), REPLAYED, "") : null;
    }

    private static Letter letterIn(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        String omitted = text(headers, DeadLetters.OMITTED, "");
        String origin = text(headers, KAFKAS + "topic", UNKNOWN) + "-" + text(headers, KAFKAS + "partition", "?") + "@"
                + text(headers, KAFKAS + "offset", "?");
        return new Letter(new TopicPartition(record.topic(), record.partition()), record.offset(), origin,
                text(headers, DeadLetters.REASON, UNKNOWN), text(headers, KAFKAS + "message", ""),
                Instant.ofEpochMilli(record.timestamp()), record.key() == null ? null : new String(record.key(), UTF_8),
                omitted.isEmpty() ? length(record.key()) + length(record.value()) : Long.parseLong(omitted),
                !omitted.isEmpty(), false);
    }

    private static String text(Headers headers, String name, String otherwise) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? otherwise : new String(header.value(), UTF_8);
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static String keyOf(Letter letter) {
        return letter.in().partition() + "@" + letter.at();
    }

    private static Letter replayed(Letter letter) {
        return new Letter(letter.in(), letter.at(), letter.origin(), letter.reason(), letter.message(), letter.when(),
                letter.key(), letter.bytes(), letter.omitted(), true);
    }

    /// What is chosen among the letters that are there.
    public interface Choice {
        List<Letter> among(List<Letter> letters);
    }

    /// Sends the bytes of the chosen letters to the observations again, each to the partition it came from; letters that
    /// were sent again before, or do not hold their bytes, are passed over. Returns once the cluster has them.
    ///
    /// @return those that were sent
    /// @throws IOException with a sentence, if the cluster does not take them, or another replay has begun
    public List<Letter> replay(Choice choice) throws IOException {
        try (var producer = new KafkaProducer<>(producerProperties(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions(); // first: what an earlier replay has sent is decided now
            List<Letter> chosen = choice.among(list()).stream().filter(DeadLetterTopic::canBeSent).toList();
            for (int from = 0; from < chosen.size(); from += IN_A_TRANSACTION) {
                send(producer, chosen.subList(from, Math.min(chosen.size(), from + IN_A_TRANSACTION)));
            }
            return chosen;
        } catch (ProducerFencedException e) {
            throw new IOException("topic " + topic + ": another replay has begun meanwhile: wait for its end", e);
        } catch (KafkaException e) {
            throw new IOException("topic " + topic + ": letters could not be sent again: " + e.getMessage(), e);
        }
    }

    /// @return whether [#replay] would send it
    public static boolean canBeSent(Letter letter) {
        return !letter.replayed() && !letter.omitted();
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> properties = new HashMap<>(settings.producerProperties());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                settings.kafka().get("application.id") + "-dead-letters-replay");
        properties.merge(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, largest,
                (set, least) -> Math.max(Integer.parseInt(String.valueOf(set)), largest));
        return properties;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, Collection<Letter> letters) {
        producer.beginTransaction();
        for (Letter letter : letters) {
            ConsumerRecord<byte[], byte[]> record = fetch(letter);
            producer.send(again(record, letter));
            producer.send(noteOf(letter));
        }
        producer.commitTransaction();
    }

    private ProducerRecord<byte[], byte[]> noteOf(Letter letter) {
        List<Header> note = List.of(new RecordHeader(REPLAYED, keyOf(letter).getBytes(UTF_8)));
        return new ProducerRecord<>(topic, letter.in().partition(), null, null, null, note);
    }

    private ConsumerRecord<byte[], byte[]> fetch(Letter letter) {
        consumer.seek(letter.in(), letter.at());
        while (true) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(letter.in())) {
                if (record.offset() == letter.at()) {
                    return record;
                }
                if (record.offset() > letter.at()) {
                    throw new KafkaException(
                            letter.place() + " is no longer there: the topic's retention has deleted it");
                }
            }
        }
    }

    private ProducerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> record, Letter letter) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(header -> {
            if (!header.key().startsWith(KAFKAS) && !header.key().startsWith("gatecast.")) {
                headers.add(header);
            }
        });
        headers.add(new RecordHeader(REPLAYED, letter.place().toString().getBytes(UTF_8)));
        OptionalLong partition = partitionOf(record.headers());
        return new ProducerRecord<>(settings.topics().observations(),
                partition.isPresent() ? (int) partition.getAsLong() : null, record.key(), record.value(), headers);
    }

    /// Where the rest of the series is.
    private OptionalLong partitionOf(Headers headers) {
        String partition = text(headers, KAFKAS + "partition", "");
        boolean known = text(headers, KAFKAS + "topic", "").equals(settings.topics().observations())
                && partition.matches("[0-9]{1,9}") && Integer.parseInt(partition) < observationPartitions;
        return known ? OptionalLong.of(Integer.parseInt(partition)) : OptionalLong.empty();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
