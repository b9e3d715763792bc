package io.gatecast.streams;

import io.gatecast.avro.Status;
import io.gatecast.series.Model;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The compacted models topic as a table of the followed model's versions, ready to judge. One thread writes, the one
/// that reads the topic; each record is checked and compiled there, once, when it comes and again when an instance
/// starts. All others look at [#models], which never changes in place. A record that cannot be used is refused, with a
/// warning and a count, and changes nothing: the models in force stay. One that comes again as it was changes nothing, either.
final class ModelShelf {
    private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);

    private final String modelId;
    private final Deserializer<io.gatecast.avro.Model> deserializer;
    /// Of the records that made the models in force, by key; the writing thread's own.
    private final Map<String, String> digests = new HashMap<>();
    private volatile Models models = new Models(Map.of());

    /// @param modelId the model to follow; records of others are passed over
    ModelShelf(String modelId, Deserializer<io.gatecast.avro.Model> deserializer) {
        this.modelId = modelId;
        this.deserializer = deserializer;
    }

    Models models() {
        return models;
    }

    /// Some moment's models. Immutable.
    static final class Models {
        private final Map<String, Model> byKey;
        private final List<Model> newestFirst;

        private Models(Map<String, Model> byKey) {
            this.byKey = Map.copyOf(byKey);
            this.newestFirst = byKey.values().stream().sorted(Comparator.comparingInt(Model::version).reversed())
                    .toList();
        }

        /// @param timestamp event time, milliseconds since the epoch
        /// @return the newest version that counts at that time; null where there is none
        @Nullable
        Model at(long timestamp) {
            for (Model model : newestFirst) {
                if (model.effectiveFrom() <= timestamp) {
                    return model;
                }
            }
            return null;
        }

        boolean holds(Model model) {
            return newestFirst.contains(model);
        }

        private Models with(String key, Model model) {
            Map<String, Model> more = new HashMap<>(byKey);
            more.put(key, model);
            return new Models(more);
        }

        private Models without(String key) {
            Map<String, Model> fewer = new HashMap<>(byKey);
            fewer.remove(key);
            return new Models(fewer);
        }
    }

    /// @return a reader of the topic that keeps this shelf; the store notes what became of each record
    Processor<String, byte[], Void, Void> keeper() {
        return new Keeper();
    }

    private final class Keeper implements Processor<String, byte[], Void, Void> {
        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
        private ProcessorContext<Void, Void> context;
        @SuppressWarnings("NullAway.Init")
        private KeyValueStore<String, String> notes;
        @SuppressWarnings("NullAway.Init")
        private StreamsMetrics metrics;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            this.context = context;
            this.notes = context.getStateStore(Stores.MODELS);
            this.metrics = new StreamsMetrics(context);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            Place place = Place.of(context);
            try {
                keep(record, place);
            } catch (ModelRefused e) {
                LOG.warn("Model refused, those in force stay: {}", e.getMessage());
                metrics.count(Meter.MODELS_REFUSED);
                note(record.key(), "refused: " + e.getMessage());
            }
        }

        private void keep(Record<String, byte[]> record, Place place) {
            if (record.key() != null && record.value() == null) {
                drop(record.key());
                note(record.key(), null);
                return;
            }
            io.gatecast.avro.Model value = ModelRecords.read(record.key(), record.value(), record.headers(),
                    deserializer, place);
            if (value.getModelId().equals(modelId)) {
                apply(record.key(), value, digestOf(record.value()), place.toString());
            }
        }

        private void drop(String key) {
            models = models.without(key);
            digests.remove(key);
        }

        private void apply(String key, io.gatecast.avro.Model value, String digest, String where) {
            if (digest.equals(digests.get(key))) { // another Model of the same content would look like a change
                metrics.count(Meter.MODELS_APPLIED);
                LOG.info("Model {} came again as it was, from {}", key, where);
                return;
            }
            Model model = ModelRecords.toModel(value, where);
            boolean active = value.getStatus() == Status.ACTIVE;
            if (active) {
                models = models.with(key, model);
                digests.put(key, digest);
            } else {
                drop(key);
            }
            metrics.count(Meter.MODELS_APPLIED);
            note(key, active ? "active from " + value.getEffectiveFrom() : "retired");
            LOG.info("Model {} {}, from {}", key, active ? "counts from " + value.getEffectiveFrom() : "is retired",
                    where);
        }

        private void note(@Nullable String key, @Nullable String text) {
            if (key != null) {
                notes.put(key, text);
            }
        }
    }

    private static String digestOf(byte[] record) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(record));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
