package io.gatecast.benchmarks.pipeline;

import io.gatecast.avro.Forecast;
import io.gatecast.avro.Observation;
import io.gatecast.benchmarks.peer.OnnxRuntimeStepper;
import io.gatecast.benchmarks.peer.TorchStepper;
import io.gatecast.network.Network;
import io.gatecast.network.Network.Stepper;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.RegistryException;
import io.gatecast.series.Feedback;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import io.gatecast.streams.OpenSeries;
import io.gatecast.streams.SeriesRecords;
import io.gatecast.streams.SeriesStore;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/// Kafka Streams topologies to hold ours against.
final class Topologies {
    private static final String SERIES = "series"; // as ours is called
    private static final int AT_HAND = 2000;

    private Topologies() {}

    static Topology of(Job job) throws RegistryException {
        if (job.way() == Way.PASS_THROUGH) {
            byte[][] values = values(job);
            return new Topology().addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), job.input())
                    .addProcessor("pass", () -> new Pass(values), "in")
                    .addSink("out", job.output(), new ByteArraySerializer(), new ByteArraySerializer(), "pass");
        }
        TopicSerdes serdes = serdes(job);
        Load.Warmed warmed = job.load().warmed();
        Model model = job.load().model();
        OpenSeries.Room room = OpenSeries.Room.asCached(StreamsSettings.of(job.settings()));
        return new Topology()
                .addSource("in", new StringDeserializer(), serdes.observations().deserializer(), job.input())
                .addProcessor("forecaster", () -> switch (job.way()) {
                    case ONNX_RUNTIME -> new Stepped(model, () -> new OnnxRuntimeStepper(model.network()), room);
                    case PYTORCH -> new Stepped(model, () -> new TorchStepper(model.network()), room);
                    default -> new NoModel(warmed);
                }, "in")
                .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(SERIES), Serdes.String(),
                        Serdes.ByteArray()).withCachingEnabled(), "forecaster")
                .addSink("out", job.output(), new StringSerializer(), serdes.forecasts().serializer(), "forecaster");
    }

    static TopicSerdes serdes(Job job) throws RegistryException {
        StreamsSettings settings = StreamsSettings.of(job.settings());
        return TopicSerdes.register(Registry.connect(settings.registry()), settings);
    }

    /// @return forecasts as they travel
    static byte[][] values(Job job) {
        try {
            var serializer = serdes(job).forecasts().serializer();
            return job.load().warmed().forecasts().stream()
                    .map(forecast -> serializer.serialize(job.output(), SeriesRecords.toRecord(forecast)))
                    .toArray(byte[][]::new);
        } catch (RegistryException e) {
            throw new IllegalStateException("the registry within this process does not answer", e);
        }
    }

    private static final class Pass implements Processor<byte[], byte[], byte[], byte[]> {
        private final byte[][] values;
        private ProcessorContext<byte[], byte[]> context;
        private int count;

        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
        Pass(byte[][] values) {
            this.values = values;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> to) {
            this.context = to;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            context.forward(record.withValue(values[count++ % values.length]));
        }
    }

    /// Reads, stores and writes the same bytes as ours, and like it no window of a series whose state is as it was put.
    private static final class NoModel implements Processor<String, Observation, String, Forecast> {
        private final List<StoredSeries> stored;
        private final List<io.gatecast.series.Forecast> forecasts;
        /// As many as ours has at hand, about.
        private final Map<String, byte[]> last = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
                return size() > AT_HAND;
            }
        };
        private ProcessorContext<String, Forecast> context;
        private KeyValueStore<String, byte[]> store;
        private int count;

        @SuppressWarnings("NullAway.Init")
        NoModel(Load.Warmed warmed) {
            this.stored = warmed.stored();
            this.forecasts = warmed.forecasts();
        }

        @Override
        public void init(ProcessorContext<String, Forecast> to) {
            this.context = to;
            this.store = to.getStateStore(SERIES);
        }

        @Override
        public void process(Record<String, Observation> record) {
            var observation = SeriesRecords.toObservation(record.value());
            byte[] state = store.get(record.key());
            boolean known = state != null && last.get(record.key()) == state
                    || store.get(SeriesStore.windowOf(record.key())) != null;
            int next = count++ % stored.size();
            StoredSeries now = stored.get(next);
            if (count % (SeriesState.LONGEST_TAIL + 1) == 0 || !known) {
                store.put(SeriesStore.windowOf(record.key()), Objects.requireNonNull(now.window()).clone());
            }
            byte[] put = now.state().clone();
            store.put(record.key(), put);
            last.put(record.key(), put);
            context.forward(record.withTimestamp(observation.timestamp())
                    .withValue(SeriesRecords.toRecord(forecasts.get(next))));
        }
    }

    /// Ours, with steps by another engine.
    private static final class Stepped implements Processor<String, Observation, String, Forecast> {
        private final Model model;
        private final Supplier<Stepper> steppers;
        private final OpenSeries.Room room;
        private SeriesForecaster forecaster;
        private OpenSeries series;
        private ProcessorContext<String, Forecast> context;
        private SeriesStore store;

        @SuppressWarnings("NullAway.Init")
        Stepped(Model model, Supplier<Stepper> steppers, OpenSeries.Room room) {
            this.model = model;
            this.steppers = steppers;
            this.room = room;
        }

        @Override
        public void init(ProcessorContext<String, Forecast> to) {
            this.context = to;
            this.store = new SeriesStore(to.getStateStore(SERIES));
            Network network = model.network().steppedBy(steppers);
            this.forecaster = new SeriesForecaster(
                    new Model(model.id(), model.version(), model.effectiveFrom(), model.features(), network));
            this.series = new OpenSeries(forecaster, room);
        }

        @Override
        public void process(Record<String, Observation> record) {
            var observation = SeriesRecords.toObservation(record.value());
            SeriesState state = series.open(store, record.key(), Feedback.NONE);
            if (forecaster.observe(state, observation) instanceof Outcome.Forecasted forecasted) {
                series.put(store, record.key(), state);
                context.forward(record.withTimestamp(observation.timestamp())
                        .withValue(SeriesRecords.toRecord(forecasted.forecast())));
            }
        }
    }
}
