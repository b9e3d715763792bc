package io.gatecast.streams;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.gatecast.avro.Anomaly;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Makes CloudEvents 1.0 of the turns of episodes, for Kafka's binary mode: the value stays what it is without, Avro in
/// Confluent's format, and headers say the rest:
///
///     ce_id            episodeId/phase/timestamp, which names a turn once and for all
///     ce_type          io.gatecast.anomaly.opened, .updated or .closed
///     ce_source        /gatecast/ and the application.id
///     ce_subject       the series id
///     ce_time          event time
///     content-type     application/vnd.confluent.avro: not application/avro, since five bytes lie before the Avro
///
/// The observation's own headers do not go with it, for they may be those of another CloudEvent.
final class CloudEvents implements Processor<String, Anomaly, String, CloudEvent> {
    static final String CONTENT_TYPE = "application/vnd.confluent.avro";
    private static final String TYPE = "io.gatecast.anomaly.";

    private final Serializer<Anomaly> serializer;
    private final String topic;
    private final URI source;
    private @Nullable ProcessorContext<String, CloudEvent> context;

    /// @param topic of the anomalies
    CloudEvents(Serializer<Anomaly> serializer, String topic, StreamsSettings settings) {
        this.serializer = serializer;
        this.topic = topic;
        this.source = URI.create("/gatecast/"
                + URLEncoder.encode(settings.kafka().getOrDefault("application.id", ""), StandardCharsets.UTF_8));
    }

    @Override
    public void init(ProcessorContext<String, CloudEvent> context) {
        this.context = context;
    }

    @Override
    public void process(Record<String, Anomaly> record) {
        Objects.requireNonNull(context, "Kafka Streams initialises first").forward(
                record.withValue(of(record.key(), record.value())).withHeaders(new RecordHeaders()));
    }

    private CloudEvent of(String seriesId, Anomaly turn) {
        return CloudEventBuilder.v1().withId(AlertIds.of(turn))
                .withType(TYPE + turn.getPhase().name().toLowerCase(Locale.ROOT)).withSource(source)
                .withSubject(seriesId).withTime(turn.getTimestamp().atOffset(ZoneOffset.UTC))
                .withData(CONTENT_TYPE, serializer.serialize(topic, turn)).build();
    }
}
