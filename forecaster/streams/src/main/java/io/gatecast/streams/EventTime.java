package io.gatecast.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/// An observation's time is the time it speaks of, whenever it was sent. Kafka knows no time before 1970 and drops such
/// records in silence, so they keep the time they were sent at until [ForecastProcessor] refuses them aloud; so do those too
/// far ahead, lest one sensor whose clock is wrong moves the time of all.
final class EventTime implements TimestampExtractor {
    private final EventTimeRules rules;

    EventTime(EventTimeRules rules) {
        this.rules = rules;
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long sent = Math.max(0, record.timestamp());
        if (!(record.value() instanceof Arrival.Read arrival)) {
            return sent;
        }
        long time = arrival.observation().getTimestamp().toEpochMilli();
        return time < 0 || rules.isTooFarAhead(time, sent) ? sent : time;
    }
}
