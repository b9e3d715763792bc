package io.gatecast.streams;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// One trainer of a model at a time: whoever takes the lease fences off whoever had it, by Kafka's own transactional id. What
/// the other had learned is then not published. For one thread.
public final class TrainerLease implements AutoCloseable {
    private final String topic;
    private final String modelId;
    private final KafkaProducer<String, byte[]> producer;

    private TrainerLease(String topic, String modelId, KafkaProducer<String, byte[]> producer) {
        this.topic = topic;
        this.modelId = modelId;
        this.producer = producer;
    }

    /// @throws IOException with a sentence, if the cluster does not give it
    public static TrainerLease take(StreamsSettings settings, String modelId) throws IOException {
        String topic = settings.topics().modelEvents();
        Map<String, Object> properties = settings.producerProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "gatecast-trainer-" + topic + "-" + modelId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new TrainerLease(topic, modelId, producer);
        } catch (KafkaException e) {
            producer.close();
            throw new IOException("the lease to train model " + modelId + " cannot be taken: " + e.getMessage(), e);
        }
    }

    /// Makes sure that nobody has taken it since, by a transaction: its one record is a tombstone of a key that no event has.
    ///
    /// @throws IOException with a sentence, if somebody has
    public void confirm() throws IOException {
        try {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "trainer/" + modelId, null)).get();
            producer.commitTransaction();
        } catch (ExecutionException e) {
            throw lost(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while training model " + modelId, e);
        }
    }

    private IOException lost(Throwable cause) {
        return cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException
                ? new IOException("another trainer has begun to train model " + modelId
                        + " meanwhile: nothing was published", cause)
                : new IOException("the lease to train model " + modelId + " cannot be confirmed: " + cause.getMessage(),
                        cause);
    }

    @Override
    public void close() {
        producer.close();
    }
}
