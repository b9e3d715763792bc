package io.gatecast.streams;

import io.gatecast.avro.Change;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Status;
import io.gatecast.series.Model;
import io.gatecast.streams.Models.Registered;
import io.gatecast.streams.StreamsMetrics.Meter;
import io.gatecast.streams.StreamsMetrics.Timing;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The compacted topics of models and of their events as a table of who judges when. One thread writes, the one that reads
/// the topics; each version is checked and compiled there, once, when it comes and again when an instance starts. All
/// others look at [#models], which never changes in place. A record that cannot be used is refused, with a warning and a
/// count, and changes nothing: the models in force stay. One that comes again as it was changes nothing, either. It does not
/// matter which of the two topics is read first.
///
/// Models to which nothing leads are not compiled: several applications may share a topic. Their records are kept, for a
/// route may lead there later.
final class ModelShelf {
    private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);

    private final String defaultId;
    private final Trust trust;
    private final Deserializer<io.gatecast.avro.Model> deserializer;
    private final Deserializer<ModelEvent> eventDeserializer;
    private final Map<String, Registered> versions = new HashMap<>();
    /// Of the records that made [#versions].
    private final Map<String, String> digests = new HashMap<>();
    private final Map<String, Held> held = new HashMap<>();
    private final TreeMap<String, ModelEvent> events = new TreeMap<>();
    private volatile Models models;

    /// A record of a model to which nothing leads yet.
    private record Held(io.gatecast.avro.Model record, String digest, Place place) {}

    /// @param defaultId the model of series that no route leads elsewhere
    /// @param trust     whose models are taken
    ModelShelf(String defaultId, Trust trust, Deserializer<io.gatecast.avro.Model> deserializer,
            Deserializer<ModelEvent> eventDeserializer) {
        this.defaultId = defaultId;
        this.trust = trust;
        this.deserializer = deserializer;
        this.eventDeserializer = eventDeserializer;
        this.models = Models.of(defaultId, Map.of(), Set.of());
    }

    Models models() {
        return models;
    }

    /// What a reader does with a record.
    private interface Keeping {
        void keep(Keeper keeper, Record<String, byte[]> record);
    }

    /// @return a reader of the topic of models that keeps this shelf; the store notes what became of each record
    Processor<String, byte[], Void, Void> keeper() {
        return new Keeper(Stores.MODELS, this::keepModel);
    }

    /// @return a reader of the topic of events
    Processor<String, byte[], Void, Void> eventKeeper() {
        return new Keeper(Stores.MODEL_EVENTS, this::keepEvent);
    }

    private void keepModel(Keeper keeper, Record<String, byte[]> record) {
        String key = record.key();
        byte[] value = record.value();
        if (key != null && value == null) {
            versions.remove(key);
            digests.remove(key);
            held.remove(key);
            keeper.note(key, null);
        } else {
            Place place = Place.of(keeper.context);
            io.gatecast.avro.Model read = ModelRecords.read(key, value, record.headers(), deserializer, place);
            String digest = digestOf(value);
            if (reachable().contains(read.getModelId())) {
                apply(keeper, read, digest, place);
            } else {
                held.put(ModelRecords.keyOf(read), new Held(read, digest, place));
            }
        }
        refresh();
    }

    private void apply(Keeper keeper, io.gatecast.avro.Model record, String digest, Place place) {
        long began = System.nanoTime();
        String key = ModelRecords.keyOf(record);
        if (digest.equals(digests.get(key))) { // another Model of the same content would look like a change
            keeper.metrics.count(Meter.MODELS_APPLIED);
            LOG.info("Model {} came again as it was, at {}", key, place);
            return;
        }
        Model model = ModelRecords.toTrusted(record, trust, place.toString());
        String status = switch (record.getStatus()) {
            case ACTIVE -> "active from " + record.getEffectiveFrom();
            case REGISTERED -> "registered";
            case RETIRED -> "retired";
        };
        if (record.getStatus() == Status.RETIRED) {
            versions.remove(key);
            digests.remove(key);
        } else {
            digests.put(key, digest);
            versions.put(key, new Registered(model, record.getStatus() == Status.ACTIVE));
        }
        refresh();
        keeper.metrics.count(Meter.MODELS_APPLIED);
        keeper.metrics.time(Timing.SWAP, began);
        keeper.note(key, status);
        LOG.info("Model {} {}, at {}", key, status, place);
    }

    private void keepEvent(Keeper keeper, Record<String, byte[]> record) {
        String key = record.key();
        byte[] value = record.value();
        if (key != null && value == null) {
            events.remove(key);
            keeper.note(key, null);
        } else {
            ModelEvent event = ModelEvents.read(key, value, record.headers(), eventDeserializer,
                    Place.of(keeper.context));
            events.put(ModelEvents.keyOf(event.getSequence()), event);
            keeper.metrics.count(Meter.MODEL_EVENTS);
            keeper.note(key, "followed");
            if (event.getChange() == Change.ROUTE) {
                compileHeld(keeper);
            }
        }
        refresh();
    }

    private void compileHeld(Keeper keeper) {
        Set<String> reachable = reachable();
        Map<String, Held> wanted = new TreeMap<>(held);
        wanted.values().removeIf(each -> !reachable.contains(each.record.getModelId()));
        wanted.forEach((key, each) -> {
            held.remove(key);
            keeper.guarded(key, () -> apply(keeper, each.record, each.digest, each.place));
        });
    }

    /// @return ids of the models to which a route leads, at any time, or none is needed
    private Set<String> reachable() {
        Set<String> ids = new HashSet<>(Set.of(defaultId));
        events.values().stream().filter(event -> event.getChange() == Change.ROUTE).map(ModelEvent::getModelId)
                .forEach(ids::add);
        return ids;
    }

    private static String digestOf(byte[] record) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(record));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void refresh() {
        models = Models.of(defaultId, versions, events.values());
    }

    private static final class Keeper implements Processor<String, byte[], Void, Void> {
        private final String store;
        private final Keeping keeping;
        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
        private ProcessorContext<Void, Void> context;
        @SuppressWarnings("NullAway.Init")
        private KeyValueStore<String, String> notes;
        @SuppressWarnings("NullAway.Init")
        private StreamsMetrics metrics;

        Keeper(String store, Keeping keeping) {
            this.store = store;
            this.keeping = keeping;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            this.context = context;
            this.notes = context.getStateStore(store);
            this.metrics = new StreamsMetrics(context);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            guarded(record.key(), () -> keeping.keep(this, record));
        }

        void guarded(@Nullable String key, Runnable work) {
            try {
                work.run();
            } catch (ModelRefused e) {
                LOG.warn("Model refused, those in force stay: {}", e.getMessage());
                metrics.count(Meter.MODELS_REFUSED);
                note(key, "refused: " + e.getMessage());
            }
        }

        void note(@Nullable String key, @Nullable String text) {
            if (key != null) {
                notes.put(key, text);
            }
        }
    }
}
