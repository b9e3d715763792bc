package io.gatecast.streams;

import io.gatecast.avro.AdminAction;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Where it is written down who has changed what over HTTP. A record is there, on all replicas in sync, when [#write]
/// returns; so what has to be on record before it is done can be. Safe for threads.
public final class AuditTopic implements AutoCloseable {
    private static final String MILLIS_TO_WAIT = "5000";

    private final String topic;
    private final Serializer<AdminAction> serializer;
    private final KafkaProducer<String, byte[]> producer;

    private AuditTopic(String topic, Serializer<AdminAction> serializer, KafkaProducer<String, byte[]> producer) {
        this.topic = topic;
        this.serializer = serializer;
        this.producer = producer;
    }

    /// The topic has to be there, see [TopicPlan].
    ///
    /// @throws io.gatecast.schemas.RegistryException with a sentence, if the registry does not answer or refuses
    public static AuditTopic open(Registry registry, StreamsSettings settings) {
        String topic = settings.topics().audit();
        Map<String, Object> properties = new HashMap<>(settings.producerProperties());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MILLIS_TO_WAIT); // somebody waits for the answer
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, MILLIS_TO_WAIT);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, MILLIS_TO_WAIT);
        return new AuditTopic(topic, new AvroSerde<>(registry, topic, AdminAction.class).serializer(),
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()));
    }

    /// @throws IOException with a sentence, if the cluster does not take it
    public void write(AdminAction action) throws IOException {
        try {
            producer.send(new ProducerRecord<>(topic, action.getId(), serializer.serialize(topic, action))).get();
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("topic " + topic + " does not take the record of it: " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to topic " + topic, e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
