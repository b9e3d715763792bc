package io.gatecast.streams;

import io.gatecast.avro.Change;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Features;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.ModelTopic.Proposal;
import io.gatecast.streams.Overseer.Finding;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the evaluations beside a running instance and writes down what an [Overseer] finds: a canary that is worse is
/// retired, a champion that drifts is asked to be trained again. Instances share the partitions, so each sees a part of the
/// evidence; a decision is taken once, since it is looked at again when nobody else can change models.
///
/// When a decision is taken depends on the clock, but not what it does: it is an event like any other, which counts from an
/// event time ahead of the stream.
final class OversightService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OversightService.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(5);
    private static final int STEPS_OF_LEAD = 10;
    private static final String BY = "gatecast run";

    private final StreamsSettings settings;
    private final Registry registry;
    private final Serde<Evaluation> serde;
    private final Overseer overseer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private volatile boolean stopping;

    private OversightService(StreamsSettings settings, Registry registry, Serde<Evaluation> serde) {
        this.settings = settings;
        this.registry = registry;
        this.serde = serde;
        this.overseer = new Overseer(settings.oversight());
        Map<String, Object> properties = settings.consumerProperties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG,
                settings.kafka().getOrDefault("application.id", "gatecast") + "-oversight");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("gatecast-oversight").daemon().unstarted(this::follow);
    }

    /// @return null where nothing is to be watched
    static @Nullable OversightService start(StreamsSettings settings, Registry registry, Serde<Evaluation> serde) {
        if (!settings.oversight().isAsked()) {
            return null;
        }
        OversightService service = new OversightService(settings, registry, serde);
        service.thread.start();
        return service;
    }

    /// Forecasting goes on whatever becomes of this.
    private void follow() {
        try (Cluster cluster = Cluster.connect(settings);
                ModelTopic models = ModelTopic.openToWatch(cluster, registry, settings);
                consumer) {
            consumer.subscribe(List.of(settings.topics().evaluations()));
            while (!stopping) {
                var records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    Registrations now = models.registrations();
                    for (ConsumerRecord<String, byte[]> record : records) {
                        now = take(record, now, models, cluster);
                    }
                }
            }
        } catch (WakeupException e) {
            LOG.debug("Stopped watching models");
        } catch (IOException | KafkaException e) {
            LOG.error("Models are not watched any more, forecasting goes on: {}", e.getMessage(), e);
        }
    }

    /// @return what is registered after it
    private Registrations take(ConsumerRecord<String, byte[]> record, Registrations now, ModelTopic models,
            Cluster cluster) {
        Finding finding = read(record) instanceof Evaluation one ? overseer.take(one, now).orElse(null) : null;
        if (finding == null) {
            return now;
        }
        try {
            models.change(then -> proposal(finding, then, cluster));
        } catch (IOException e) {
            LOG.warn("{}: {}", record.topic(), e.getMessage()); // the evidence stays, and is looked at again
        }
        return models.registrations();
    }

    private @Nullable Evaluation read(ConsumerRecord<String, byte[]> record) {
        try {
            return serde.deserializer().deserialize(record.topic(), record.headers(), record.value());
        } catch (SerializationException e) {
            return null; // it is nobody's evidence
        }
    }

    private Proposal proposal(Finding finding, Registrations now, Cluster cluster) throws IOException {
        return switch (finding) {
            case Finding.WorseCanary worse -> now.latest(worse.canary().getModelId(), State.CANARY)
                    .filter(canary -> canary.getVersion() == worse.canary().getVersion()).isEmpty()
                            ? nothing()
                            : retire(worse, cluster);
            case Finding.Drift drift -> now.isToBeTrained(drift.champion().getModelId())
                    ? nothing()
                    : retrain(drift);
        };
    }

    private static Proposal nothing() {
        return new Proposal(List.of(), List.of());
    }

    private Proposal retire(Finding.WorseCanary worse, Cluster cluster) throws IOException {
        Model canary = worse.canary();
        Features features = canary.getFeatures();
        OptionalLong newest = NewestObservation.eventTime(settings, cluster, registry);
        Instant from = newest.isEmpty() || features == null
                ? Instant.EPOCH
                : Instant.ofEpochMilli(newest.getAsLong() + STEPS_OF_LEAD * features.getIntervalMillis());
        ModelEvent event = ModelEvents.state(canary.getModelId(), canary.getVersion(), State.RETIRED, 0, from, BY,
                worse.why());
        event.setMeasures(worse.measures());
        LOG.warn("Canary {} is retired from {}: {}", ModelRecords.keyOf(canary), from, worse.why());
        return new Proposal(event);
    }

    private static Proposal retrain(Finding.Drift drift) {
        LOG.warn("Model {} is to be trained again: {}", drift.champion().getModelId(), drift.why());
        return new Proposal(ModelEvents
                .draft(Change.RETRAIN, drift.champion().getModelId(), Instant.EPOCH, BY, drift.why())
                .setVersion(drift.champion().getVersion()).setMeasures(drift.measures()).build());
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(TIME_TO_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
