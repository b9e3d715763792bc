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
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the anomalies for one receiver, as a group of its own, one record at a time: an offset is committed when its turn is
/// told or set aside, never before. Which episodes are open, and what of them was told, is not kept: a partition that is taken
/// over is read from its beginning, and what lies before the committed offset is only remembered. Anomalies are few. What the
/// topic does not say, which episodes were told after a mute, is kept as the offset's metadata.
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
    private final Map<TopicPartition, Taken> taken = new HashMap<>();
    private Mutes mutes;
    private boolean remembering;

    /// What was taken of a partition before it was ours.
    ///
    /// @param before   this offset
    /// @param released see [Courier#released]
    private record Taken(long before, Set<String> released) {
        static final Taken NOTHING = new Taken(0, Set.of());
    }

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
                more = tick();
            }
        }
    }

    private boolean isUpToDate() {
        return taken.entrySet().stream().allMatch(each -> consumer.position(each.getKey()) >= each.getValue().before());
    }

    private boolean tick() throws IOException, InterruptedException {
        boolean released = courier.tick();
        if (released) {
            consumer.assignment().forEach(partition -> commit(partition, consumer.position(partition)));
        }
        return released;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws IOException, InterruptedException {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Taken before = taken.getOrDefault(partition, Taken.NOTHING);
        remembering = record.offset() < before.before();
        try {
            Anomaly anomaly = anomalies.deserialize(record.topic(), record.value());
            if (anomaly != null && remembering) {
                courier.remember(new Turn(record, anomaly), before.released());
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

    /// What was told is noted even if we are to stop: it need not be told again.
    private void commit(TopicPartition partition, long offset) {
        boolean stopping = Thread.interrupted();
        var note = Map.of(partition, new OffsetAndMetadata(offset, String.join(",", courier.released(partition))));
        try {
            commit(note);
        } catch (InterruptException e) {
            stopping = Thread.interrupted();
            commit(note);
        } finally {
            if (stopping) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Where others have taken over meanwhile, they tell it again: better twice than never.
    private void commit(Map<TopicPartition, OffsetAndMetadata> note) {
        try {
            consumer.commitSync(note);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOG.warn("{}: before {}, a turn may be told again: {}", receiver, note, e.getMessage());
        }
    }

    /// Which partitions are ours.
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            for (TopicPartition partition : partitions) {
                long position = consumer.position(partition);
                OffsetAndMetadata last = committed.get(partition);
                if (last == null) {
                    commit(partition, position); // what comes from now on is not lost, whatever happens
                }
                taken.put(partition,
                        new Taken(position, last == null ? Set.of() : Set.of(last.metadata().split(","))));
            }
            consumer.seekToBeginning(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            taken.keySet().removeAll(partitions);
            partitions.forEach(courier::forget);
        }
    }

    @Override
    public void close() {
        muteTopic.close();
        consumer.close();
    }
}
