package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Anomaly;
import io.gatecast.streams.AlertIds;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// A turn in an episode, as it lay in the topic.
///
/// @param record  its bytes and where they lay
/// @param anomaly what they say
record Turn(ConsumerRecord<byte[], byte[]> record, Anomaly anomaly) {

    /// @return the same however often it is told
    String id() {
        return AlertIds.of(anomaly);
    }

    String seriesId() {
        return record.key() == null ? "" : new String(record.key(), UTF_8);
    }

    /// @return event time
    Instant moment() {
        return anomaly.getTimestamp();
    }

    TopicPartition partition() {
        return new TopicPartition(record.topic(), record.partition());
    }
}
