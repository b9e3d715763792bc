package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.streams.AlertSettings.Receiver;
import io.gatecast.streams.DeadLetters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Where goes what a receiver would not have: the record as it was, with its own headers and
///
///     gatecast.reason      exhausted (it was tried as often as allowed), refused (no use in trying) or unreadable
///     gatecast.message     the same in a sentence
///     gatecast.receiver    who would not have it
///     gatecast.attempts    how often it was tried
///     gatecast.origin      where it lay, as in `anomalies-0@12`
///
/// Safe for threads.
final class DeadLetterBox {
    private final String topic;
    private final Producer<byte[], byte[]> producer;

    DeadLetterBox(String topic, Producer<byte[], byte[]> producer) {
        this.topic = topic;
        this.producer = producer;
    }

    /// Returns once the cluster has it.
    ///
    /// @throws IOException with a sentence, if the cluster does not take it
    void take(ConsumerRecord<byte[], byte[]> record, Receiver receiver, Undelivered why)
            throws IOException, InterruptedException {
        take(record, receiver, why.mayPass() ? "exhausted" : "refused", String.valueOf(why.getMessage()),
                why.attempts());
    }

    /// As above, of a record that is no anomaly.
    void takeUnreadable(ConsumerRecord<byte[], byte[]> record, Receiver receiver, String why)
            throws IOException, InterruptedException {
        take(record, receiver, "unreadable", why, 0);
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Receiver receiver, String reason, String message,
            int attempts) throws IOException, InterruptedException {
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put(DeadLetters.REASON, reason);
        ours.put("gatecast.message", message);
        ours.put("gatecast.receiver", receiver.toString());
        ours.put("gatecast.attempts", Integer.toString(attempts));
        ours.put("gatecast.origin", record.topic() + "-" + record.partition() + "@" + record.offset());
        List<Header> headers = new ArrayList<>(List.of(record.headers().toArray()));
        ours.forEach((name, value) -> headers.add(new RecordHeader(name, value.getBytes(UTF_8))));
        try {
            producer.send(new ProducerRecord<>(topic, null, null, record.key(), record.value(), headers)).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("topic " + topic + " does not take what could not be delivered: "
                    + cause.getMessage(), e);
        }
    }
}
