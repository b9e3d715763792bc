package io.gatecast.streams;

import io.gatecast.avro.Observation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/// An observation's time is the time it speaks of, whenever it was sent. Kafka knows no time before 1970 and drops such
/// records in silence, so they keep the time they were sent at until [ForecastProcessor] refuses them aloud.
final class EventTime implements TimestampExtractor {

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long sent = Math.max(0, record.timestamp());
        if (!(record.value() instanceof Observation observation)) {
            return sent;
        }
        long time = observation.getTimestamp().toEpochMilli();
        return time < 0 ? sent : time;
    }
}
