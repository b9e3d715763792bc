package io.gatecast.training.data;

import io.gatecast.avro.Observation;
import io.gatecast.training.data.TopicRange.Offsets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one partition, in its order, with a consumer of its own.
///
/// Where observations count from a moment on, what was written well before it is passed by unread: no observation can be
/// written before it is made, whether the topic keeps the time of writing or the event's own. Where records show that
/// they were, as in a replay of a future that was made up, the partition is read from its beginning instead. Its end is never
/// passed by, since an observation may come late.
final class PartitionReader implements Callable<PartitionReader.Part> {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long CLOCK_SKEW_MILLIS = 3_600_000;
    private static final int MOST_WARNINGS = 10;
    private static final double[] NONE = {};

    /// What there was.
    ///
    /// @param readings by series
    /// @param passedOver records that could not be read
    record Part(Map<String, Readings> readings, int passedOver) {}

    private final Consumer<String, byte[]> consumer;
    private final Deserializer<Observation> values;
    private final TopicPartition partition;
    private final Offsets offsets;
    private final TopicRange range;
    private final List<String> covariates;
    private final Room room;
    private final AtomicInteger warnings;
    private final Map<String, Readings> readings = new TreeMap<>();
    private int passedOver;

    /// @param consumer of nobody else, for as long as this reads
    /// @param offsets  known, where the partition ends now included
    /// @param covariates names of those that count; empty = none do
    /// @param warnings   given so far, by all that read
    PartitionReader(Consumer<String, byte[]> consumer, Deserializer<Observation> values, String topic, Offsets offsets,
            TopicRange range, List<String> covariates, Room room, AtomicInteger warnings) {
        this.consumer = consumer;
        this.values = values;
        this.partition = new TopicPartition(topic, offsets.partition());
        this.offsets = offsets;
        this.range = range;
        this.covariates = covariates;
        this.room = room;
        this.warnings = warnings;
    }

    @Override
    public Part call() throws IOException {
        consumer.assign(List.of(partition));
        long begin = begin();
        boolean whole = read(begin, begin > offsets.from());
        if (!whole) {
            LOG.warn("{}: holds observations from after they were written, so all of it is read", partition);
            read(offsets.from(), false);
        }
        return new Part(readings, passedOver);
    }

    /// @return the first offset that can hold an observation that counts
    private long begin() {
        if (range.from() <= CLOCK_SKEW_MILLIS) {
            return offsets.from();
        }
        OffsetAndTimestamp found = consumer
                .offsetsForTimes(Map.of(partition, range.from() - CLOCK_SKEW_MILLIS)).get(partition);
        return found == null ? offsets.from() : Math.clamp(found.offset(), offsets.from(), offsets.to());
    }

    /// @param doubtful whether to stop where an observation is from after it was written
    /// @return whether the end was reached
    private boolean read(long begin, boolean doubtful) throws IOException {
        consumer.seek(partition, begin);
        long position = begin;
        long moved = System.nanoTime();
        while (position < offsets.to()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < offsets.to() && !take(record, doubtful)) {
                    forget();
                    return false;
                }
            }
            long now = System.nanoTime();
            if (consumer.position(partition) > position) {
                position = consumer.position(partition);
                moved = now;
            } else if (now - moved > PATIENCE.toNanos()) {
                throw new IOException(partition + "@" + position + ": nothing came for " + PATIENCE.toSeconds()
                        + " s, though the partition goes on to " + offsets.to() + "; check that its broker is up");
            }
        }
        return true;
    }

    private void forget() {
        readings.values().forEach(each -> room.giveBack(each.count(), each.columns()));
        readings.clear();
        passedOver = 0;
    }

    /// @return whether the record is no sign that observations are from after they were written
    private boolean take(ConsumerRecord<String, byte[]> record, boolean doubtful) throws IOException {
        Observation observation = observation(record);
        if (observation == null) {
            return true;
        }
        long timestamp = observation.getTimestamp().toEpochMilli();
        if (doubtful && timestamp > record.timestamp() + CLOCK_SKEW_MILLIS) {
            return false;
        }
        if (range.contains(timestamp)) {
            add(record, timestamp, observation);
        }
        return true;
    }

    private @Nullable Observation observation(ConsumerRecord<String, byte[]> record) {
        try {
            Observation observation = values.deserialize(record.topic(), record.value());
            if (observation != null && record.key() != null) {
                return observation;
            }
            passOver(record, "key and value: expected both, found none");
        } catch (SerializationException e) {
            passOver(record, e.getMessage());
        }
        return null;
    }

    /// What the topology would reject does not count here either.
    private void add(ConsumerRecord<String, byte[]> record, long timestamp, Observation observation)
            throws IOException {
        double[] observed = observation.getValues().stream()
                .mapToDouble(value -> value == null ? Double.NaN : value.doubleValue()).toArray();
        Readings series = readings.get(record.key());
        for (int c = 0; c < observed.length; c++) {
            if (Math.abs(observed[c]) > Float.MAX_VALUE) {
                passOver(record, "channel " + c + ": expected a finite value of at most 3.4e38, found " + observed[c]);
                return;
            }
        }
        if (observed.length == 0 || series != null && series.channels() != observed.length) {
            passOver(record, "expected " + (series == null ? "at least 1" : series.channels())
                    + " values, as many as the first of series " + record.key() + ", found " + observed.length);
            return;
        }
        if (!covariates.isEmpty() && observation.getCovariates().size() != covariates.size()) {
            passOver(record,
                    "expected " + covariates.size() + " covariates, " + String.join(", ", covariates) + ", found "
                            + observation.getCovariates().size());
            return;
        }
        room.take(observed.length + covariates.size());
        if (series == null) {
            series = new Readings(observed.length, covariates.size());
            readings.put(record.key(), series);
        }
        series.add(timestamp, observed, known(observation));
    }

    private double[] known(Observation observation) {
        return covariates.isEmpty()
                ? NONE
                : observation.getCovariates().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private void passOver(ConsumerRecord<String, byte[]> record, @Nullable String fault) {
        passedOver++;
        if (warnings.incrementAndGet() <= MOST_WARNINGS) {
            LOG.warn("{}@{}: {}", partition, record.offset(), fault);
        }
    }
}
