package io.gatecast.streams;

import io.gatecast.avro.Change;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Status;
import io.gatecast.series.Model;
import io.gatecast.streams.Models.Registered;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The compacted topics of models and of their events as a table of who judges when. One thread writes, the one that reads
/// the topics; each version is checked there when it comes and again when an instance starts, and kept on disk. All others
/// look at [#models], which never changes in place, and take from [#compiled] whom they need. A record that cannot be used is
/// refused, with a warning and a count, and changes nothing: the models in force stay. One that comes again as it was changes
/// nothing, either. It does not matter which of the two topics is read first.
///
/// Models to which nothing leads are not checked: several applications may share a topic. Their records are kept, for a
/// route may lead there later.
final class ModelShelf {
    private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);
    private static final long NOTHING_YET = Long.MIN_VALUE;

    private final String defaultId;
    private final ModelTrials trials;
    private final Deserializer<io.gatecast.avro.Model> deserializer;
    private final Deserializer<ModelEvent> eventDeserializer;
    private final Map<String, Registered> versions = new HashMap<>();
    private final Map<String, Held> held = new HashMap<>();
    private final CompiledModels compiled;
    /// The newest event time that any task has come to.
    private final AtomicLong newest = new AtomicLong(NOTHING_YET);
    private final TreeMap<String, ModelEvent> events = new TreeMap<>();
    private volatile Models models;

    /// A record of a model to which nothing leads yet; it lies on disk.
    private record Held(ModelVersion version, Place place) {}

    /// @param settings name the model of series that no route leads elsewhere, whose models are taken, and the folder
    ModelShelf(StreamsSettings settings, TopicSerdes serdes) {
        this.defaultId = settings.modelId();
        this.trials = new ModelTrials(settings.trust());
        this.deserializer = serdes.models().deserializer();
        this.eventDeserializer = serdes.modelEvents().deserializer();
        this.compiled = new CompiledModels(settings.modelFolder(), settings.weights(),
                bytes -> deserializer.deserialize(settings.topics().models(), bytes));
        this.models = Models.of(defaultId, Map.of(), Set.of());
    }

    Models models() {
        return models;
    }

    /// Begins to try a model that is about to be read.
    void expect(io.gatecast.avro.Model record) {
        trials.begin(record);
    }

    /// Compiled models for whoever judges.
    CompiledModels compiled() {
        return compiled;
    }

    /// A task has come to an event time: others may count there, and next.
    void reached(long timestamp) {
        if (timestamp > newest.getAndAccumulate(timestamp, Math::max)) {
            ready(models);
        }
    }

    private void ready(Models now) {
        long reached = newest.get();
        compiled.want(now.around(reached == NOTHING_YET ? Long.MAX_VALUE : reached));
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
            held.remove(key);
            keeper.note(key, null);
        } else {
            Place place = Place.of(keeper.context);
            io.gatecast.avro.Model read = ModelRecords.read(key, value, record.headers(), deserializer, place);
            ModelVersion version = new ModelVersion(read.getModelId(), read.getVersion(),
                    read.getEffectiveFrom().toEpochMilli(), CompiledModels.digestOf(value));
            if (reachable().contains(read.getModelId())) {
                apply(keeper, read, value, version, place);
            } else {
                compiled.keep(version, value);
                held.put(version.name(), new Held(version, place));
            }
        }
        refresh();
    }

    /// @param bytes of the record; null where they are kept already
    private void apply(Keeper keeper, io.gatecast.avro.Model record, byte @Nullable [] bytes, ModelVersion version,
            Place place) {
        String key = version.name();
        Registered known = versions.get(key);
        if (known != null && known.model().equals(version)) {
            keeper.metrics.count(Meter.MODELS_APPLIED);
            LOG.info("Model {} came again as it was, at {}", key, place);
            return;
        }
        Model model = trials.of(record, place.toString());
        String status = switch (record.getStatus()) {
            case ACTIVE -> "active from " + record.getEffectiveFrom();
            case REGISTERED -> "registered";
            case RETIRED -> "retired";
        };
        if (record.getStatus() == Status.RETIRED) {
            versions.remove(key);
        } else {
            if (bytes != null) {
                compiled.keep(version, bytes);
            }
            compiled.add(version, model);
            versions.put(key, new Registered(version, record.getStatus() == Status.ACTIVE));
        }
        keeper.metrics.count(Meter.MODELS_APPLIED);
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
                applyHeld(keeper);
            }
        }
        refresh();
    }

    private void applyHeld(Keeper keeper) {
        Set<String> reachable = reachable();
        Map<String, Held> wanted = new TreeMap<>(held);
        wanted.values().removeIf(each -> !reachable.contains(each.version.id()));
        wanted.forEach((key, each) -> {
            held.remove(key);
            keeper.guarded(key, () -> apply(keeper, compiled.record(each.version), null, each.version, each.place));
        });
    }

    /// @return ids of the models to which a route leads, at any time, or none is needed
    private Set<String> reachable() {
        Set<String> ids = new HashSet<>(Set.of(defaultId));
        events.values().stream().filter(event -> event.getChange() == Change.ROUTE).map(ModelEvent::getModelId)
                .forEach(ids::add);
        return ids;
    }

    private void refresh() {
        Models now = Models.of(defaultId, versions, events.values());
        models = now;
        ready(now);
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
