package io.gatecast.streams;

import org.apache.kafka.streams.processor.api.ProcessingContext;

/// Where a record lies, written as `topic-partition@offset`.
record Place(String topic, int partition, long offset) {

    /// @return where the record lies that is being processed
    static Place of(ProcessingContext context) {
        return context.recordMetadata().map(at -> new Place(at.topic(), at.partition(), at.offset()))
                .orElseGet(() -> new Place("no topic", -1, -1));
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
