package io.gatecast.app.alerts;

import io.gatecast.app.alerts.Tally.Count;
import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Mute;
import io.gatecast.schemas.BadValue;
import io.gatecast.streams.AlertSettings.Receiver;
import io.gatecast.streams.ControlTopic;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the anomalies for one receiver, as a group of its own, one record at a time: an offset is committed when its turn is
/// told or set aside, never before. Which episodes are open, and what of them was told, is kept nowhere: a partition that is
/// taken over is read from its beginning, and what lies before the committed offset is only remembered. Anomalies are few.
///
/// A group that is new begins with what comes from now on, unless `auto.offset.reset` says otherwise. For one thread.
final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Receiver receiver;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deserializer<Anomaly> anomalies;
    private final ControlTopic<Mute> muteTopic;
    private final DeadLetterBox deadLetters;
    private final Tally tally;
    private final Courier courier;
    /// Offsets from which on turns were not told yet.
    private final Map<TopicPartition, Long> news = new HashMap<>();
    private Mutes mutes;
    private boolean remembering;

    Delivery(Receiver receiver, KafkaConsumer<byte[], byte[]> consumer, Deserializer<Anomaly> anomalies,
            ControlTopic<Mute> muteTopic, DeadLetterBox deadLetters, Tally tally, InstantSource clock) {
        this.receiver = receiver;
        this.consumer = consumer;
        this.anomalies = anomalies;
        this.muteTopic = muteTopic;
        this.deadLetters = deadLetters;
        this.tally = tally;
        Post post = new Post(receiver, tally, clock);
        Messenger messenger = switch (receiver.protocol()) {
            case WEBHOOK -> new Webhook(receiver, post, clock);
            case ALERTMANAGER -> new Alertmanager(receiver, post, clock);
        };
        this.courier = new Courier(receiver, messenger, this::mutes, deadLetters, tally, clock);
        this.mutes = Mutes.of(muteTopic.list().values());
    }

    /// Whoever has been told that a mute is there may rely on it from then on.
    private Mutes mutes() {
        if (!remembering) {
            mutes = Mutes.of(muteTopic.list().values());
        }
        return mutes;
    }

    /// Delivers until the thread is interrupted.
    ///
    /// @throws IOException with a sentence, if it cannot go on
    void run(String topic) throws IOException, InterruptedException {
        consumer.subscribe(List.of(topic), new Assignment());
        boolean more = false;
        while (true) {
            var records = consumer.poll(more ? Duration.ZERO : POLL);
            more = false;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                take(record);
            }
            if (records.isEmpty() && !consumer.assignment().isEmpty() && isUpToDate()) {
                more = courier.tick();
            }
        }
    }

    private boolean isUpToDate() {
        return news.entrySet().stream().allMatch(from -> consumer.position(from.getKey()) >= from.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws IOException, InterruptedException {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        remembering = record.offset() < news.getOrDefault(partition, 0L);
        try {
            Anomaly anomaly = anomalies.deserialize(record.topic(), record.value());
            if (anomaly != null && remembering) {
                courier.remember(new Turn(record, anomaly));
            } else if (anomaly != null) {
                courier.take(new Turn(record, anomaly));
            }
        } catch (BadValue e) {
            setAside(record, e);
        }
        if (!remembering) {
            commit(partition, record.offset() + 1);
        }
        remembering = false;
    }

    private void setAside(ConsumerRecord<byte[], byte[]> record, BadValue e) throws IOException, InterruptedException {
        if (!remembering) {
            tally.count(Count.UNREADABLE);
            deadLetters.takeUnreadable(record, receiver, String.valueOf(e.getMessage()));
        }
    }

    /// Where others have taken over meanwhile, they tell it again: better twice than never.
    private void commit(TopicPartition partition, long offset) {
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOG.warn("{}: {}-{}@{} may be told again: {}", receiver, partition.topic(), partition.partition(),
                    offset - 1, e.getMessage());
        }
    }

    /// Which partitions are ours.
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            for (TopicPartition partition : partitions) {
                long position = consumer.position(partition);
                if (committed.get(partition) == null) {
                    commit(partition, position); // what comes from now on is not lost, whatever happens
                }
                news.put(partition, position);
            }
            consumer.seekToBeginning(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            news.keySet().removeAll(partitions);
            partitions.forEach(courier::forget);
        }
    }

    @Override
    public void close() {
        muteTopic.close();
        consumer.close();
    }
}
