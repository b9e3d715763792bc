package io.gatecast.app.chaos;

import io.gatecast.app.chaos.ChaosInput.Sent;
import io.gatecast.streams.StreamsSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The input on its way into the topic, in one order whatever becomes of the broker.
final class Feed implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final List<Sent> input;
    private int position;

    Feed(StreamsSettings settings, List<Sent> input) {
        Map<String, Object> properties = new HashMap<>(settings.producerProperties());
        properties.putAll(Map.of("acks", "all", "enable.idempotence", "true", "linger.ms", "5",
                "transaction.timeout.ms", "60000"));
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = settings.topics().observations();
        this.input = input;
    }

    int size() {
        return input.size();
    }

    int position() {
        return position;
    }

    void upTo(int end) throws Exception {
        Future<?> last = null;
        for (; position < end; position++) {
            Sent sent = input.get(position);
            last = producer.send(new ProducerRecord<>(topic, sent.partition(), sent.key(), sent.value()));
        }
        producer.flush();
        if (last != null) {
            last.get();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
