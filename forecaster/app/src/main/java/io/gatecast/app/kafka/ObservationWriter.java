package io.gatecast.app.kafka;

import io.gatecast.avro.Observation;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// Writes observations to a topic, each once and those of a series in their order: Kafka's idempotent producer sees to
/// both. A record's timestamp is the observation's. To be used by one thread.
public final class ObservationWriter implements AutoCloseable {
    /// Under the user's own keys. Patience ends after half a minute, not after Kafka's two.
    private static final Map<String, Object> DEFAULTS = Map.of("enable.idempotence", "true", "acks", "all",
            "compression.type", "lz4", "linger.ms", "10", "max.block.ms", "15000", "request.timeout.ms", "10000",
            "delivery.timeout.ms", "30000");

    private final Producer<String, Observation> producer;
    private final String topic;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    ObservationWriter(Producer<String, Observation> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /// @param serializer of the values, as the registry has them
    public static ObservationWriter open(StreamsSettings settings, Serializer<Observation> serializer, String topic) {
        Map<String, Object> merged = new HashMap<>(DEFAULTS);
        merged.putAll(settings.producerProperties());
        return new ObservationWriter(new KafkaProducer<>(merged, new StringSerializer(), serializer), topic);
    }

    /// Hands an observation over; it is on its way when this returns.
    ///
    /// @throws IOException if this or an earlier one could not be written
    public void write(String seriesId, io.gatecast.series.Observation observation) throws IOException {
        check();
        try {
            producer.send(
                    new ProducerRecord<>(topic, null, observation.timestamp(), seriesId, toAvro(observation)),
                    (metadata, e) -> {
                        if (e != null) {
                            failure.compareAndSet(null, e);
                        }
                    });
        } catch (KafkaException e) {
            throw refused(e);
        }
    }

    /// Waits until all that was handed over is stored.
    ///
    /// @throws IOException if any could not be
    public void flush() throws IOException {
        producer.flush();
        check();
    }

    @Override
    public void close() {
        producer.close();
    }

    private void check() throws IOException {
        Exception first = failure.get();
        if (first != null) {
            throw refused(first);
        }
    }

    private IOException refused(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new IOException("topic " + topic + ": an observation could not be written: " + cause.getMessage(), e);
    }

    private static Observation toAvro(io.gatecast.series.Observation observation) {
        List<@Nullable Double> values = new ArrayList<>();
        for (double value : observation.values()) {
            values.add(Double.isNaN(value) ? null : value);
        }
        List<Double> covariates = Arrays.stream(observation.covariates()).boxed().toList();
        return new Observation(Instant.ofEpochMilli(observation.timestamp()), values, covariates);
    }
}
