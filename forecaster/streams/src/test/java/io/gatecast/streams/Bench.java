package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Label;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The topology without a broker, with hands on all its topics.
final class Bench implements AutoCloseable {
    private final TopicSerdes serdes;
    private final ModelShelf shelf;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> observations;
    private final TestInputTopic<String, byte[]> models;
    private final TestInputTopic<String, byte[]> events;
    private final TestInputTopic<String, byte[]> labels;
    private long sequence;

    Bench(Path stateDirectory) {
        this(stateDirectory, Map.of());
    }

    /// @param more of Kafka Streams' properties
    Bench(Path stateDirectory, Map<String, String> more) {
        this(settings(stateDirectory), more);
    }

    /// @param more of Kafka Streams' properties
    Bench(StreamsSettings settings, Map<String, String> more) {
        serdes = serdes(settings);
        Properties properties = settings.streamsProperties();
        properties.putAll(more);
        shelf = new ModelShelf(settings, serdes);
        driver = new TopologyTestDriver(ForecastTopology.build(settings, serdes, shelf), properties);
        observations = driver.createInputTopic("observations", new ByteArraySerializer(), new ByteArraySerializer());
        models = driver.createInputTopic("models", new StringSerializer(), new ByteArraySerializer());
        labels = driver.createInputTopic("labels", new StringSerializer(), new ByteArraySerializer());
        events = driver.createInputTopic("models.events", new StringSerializer(), new ByteArraySerializer());
    }

    /// At least once: under exactly-once the driver of Kafka 4.3.1 clears its producer before a transaction that holds
    /// nothing but dead letters is committed, and loses them; a broker does not.
    static StreamsSettings settings(Path stateDirectory) {
        return settings(stateDirectory, Map.of());
    }

    /// @param more of a settings file
    static StreamsSettings settings(Path stateDirectory, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.putAll(Map.of("processing.guarantee", "at_least_once", "bootstrap.servers", "127.0.0.1:1",
                "schema.registry.url", "mock://bench",
                "gatecast.model.id", TestModels.ID, "state.dir", stateDirectory.toString()));
        return StreamsSettings.of(settings);
    }

    static TopicSerdes serdes(StreamsSettings settings) {
        return TopicSerdes.register(Registry.connect(settings.registry()), settings);
    }

    void publish(int version, long effectiveFrom) {
        publish(TestModels.record(version, effectiveFrom));
    }

    void publish(Model record) {
        publish(ModelRecords.keyOf(record), record);
    }

    void publish(String key, Model record) {
        publish(key, serdes.models().serializer().serialize("models", record));
    }

    void publish(String key, byte @Nullable [] value) {
        models.pipeInput(key, value);
    }

    /// As the next one in its order.
    void announce(ModelEvent draft) {
        ModelEvent event = ModelEvent.newBuilder(draft).setSequence(++sequence).build();
        announce(ModelEvents.keyOf(sequence), serdes.modelEvents().serializer().serialize("models.events", event));
    }

    void announce(String key, byte @Nullable [] value) {
        events.pipeInput(key, value);
    }

    /// What a person says of an episode; null = nothing any more.
    void label(String episodeId, @Nullable Label label) {
        labelRaw(episodeId, label == null ? null : serdes.labels().serializer().serialize("labels", label));
    }

    void labelRaw(String episodeId, byte @Nullable [] value) {
        labels.pipeInput(episodeId, value);
    }

    /// One value a channel; NaN = missing.
    void observe(@Nullable String series, long timestamp, double... values) {
        List<Double> readings = new ArrayList<>();
        Arrays.stream(values).forEach(value -> readings.add(Double.isNaN(value) ? null : value));
        Observation record = new Observation(Instant.ofEpochMilli(timestamp), readings, List.of());
        observeRaw(series, serdes.observations().serializer().serialize("observations", record));
    }

    /// With what is known of the moment besides.
    void observe(String series, long timestamp, double value, List<Double> covariates) {
        observeRaw(series, serdes.observations().serializer().serialize("observations",
                new Observation(Instant.ofEpochMilli(timestamp), List.of(value), covariates)));
    }

    void observeRaw(@Nullable String series, byte @Nullable [] value) {
        observeBytes(series == null ? null : series.getBytes(UTF_8), value);
    }

    /// When all observations are sent: long after what they speak of, which must not matter.
    static final Instant SENT = Instant.parse("2100-01-01T00:00:00Z");

    void observeBytes(byte @Nullable [] key, byte @Nullable [] value) {
        observations.pipeInput(new TestRecord<>(key, value, SENT));
    }

    /// @return the bytes of an observation as [#observe] sends it; NaN stays NaN
    byte[] bytes(long timestamp, @Nullable Double... values) {
        return serdes.observations().serializer().serialize("observations",
                new Observation(Instant.ofEpochMilli(timestamp), Arrays.asList(values), List.of()));
    }

    /// @return the bytes of something else that the registry knows
    byte[] modelBytes() {
        return serdes.models().serializer().serialize("models", TestModels.record(1, 0));
    }

    /// @return what was forecast since the last call
    List<TestRecord<String, Forecast>> forecasts() {
        return driver.createOutputTopic("forecasts", new StringDeserializer(), serdes.forecasts().deserializer())
                .readRecordsToList();
    }

    /// @return the turns of episodes since the last call
    List<TestRecord<String, Anomaly>> anomalies() {
        return driver.createOutputTopic("anomalies", new StringDeserializer(), serdes.anomalies().deserializer())
                .readRecordsToList();
    }

    /// @return the same as they are written
    List<TestRecord<String, byte[]>> anomalyRecords() {
        return driver.createOutputTopic("anomalies", new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    Anomaly anomaly(byte[] value) {
        return serdes.anomalies().deserializer().deserialize("anomalies", value);
    }

    /// @return the evaluations since the last call
    List<TestRecord<String, Evaluation>> evaluations() {
        return driver.createOutputTopic("evaluations", new StringDeserializer(), serdes.evaluations().deserializer())
                .readRecordsToList();
    }

    /// @return the bytes that were forecast since the last call, and their keys and times
    List<String> forecastBytes() {
        return driver.createOutputTopic("forecasts", new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList().stream().map(r -> r.key() + "@" + r.timestamp() + Arrays.toString(r.value()))
                .toList();
    }

    /// @return what came too late since the last call
    List<TestRecord<String, Observation>> late() {
        return driver.createOutputTopic("observations.late", new StringDeserializer(),
                serdes.observations().deserializer()).readRecordsToList();
    }

    /// @return what was set aside since the last call
    List<TestRecord<byte[], byte[]>> deadLetters() {
        return driver.createOutputTopic("observations.dead-letters", new ByteArrayDeserializer(),
                new ByteArrayDeserializer()).readRecordsToList();
    }

    long count(Meter meter) {
        return StreamsMetrics.total(driver.metrics(), meter);
    }

    /// @return models that stand compiled
    int compiled() {
        return shelf.compiled().count(TestModels.ID);
    }

    Counters counters() {
        return Counters.of(driver.metrics());
    }

    /// Lets time go by on the machine, not in the stream.
    void passTime(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /// @return what was set aside, by reason
    Map<Reason, Long> rejected() {
        return StreamsMetrics.rejected(driver.metrics());
    }

    /// @return what lies in a store
    <V> Map<String, V> contents(String store) {
        Map<String, V> contents = new HashMap<>();
        try (KeyValueIterator<String, V> all = driver.<String, V>getKeyValueStore(store).all()) {
            all.forEachRemaining(entry -> contents.put(entry.key, entry.value));
        }
        return contents;
    }

    <V> void restore(String store, Map<String, V> contents) {
        contents.forEach(driver.<String, V>getKeyValueStore(store)::put);
    }

    KeyValueStore<String, byte[]> states() {
        return driver.getKeyValueStore(Stores.SERIES);
    }

    /// @return what became of each record of the models topic
    Map<String, String> notes() {
        Map<String, String> notes = new HashMap<>();
        try (var all = driver.<String, String>getKeyValueStore(Stores.MODELS).all()) {
            all.forEachRemaining(entry -> notes.put(entry.key, entry.value));
        }
        return notes;
    }

    /// @return what became of each record of the topic of events
    Map<String, String> eventNotes() {
        return contents(Stores.MODEL_EVENTS);
    }

    @Override
    public void close() {
        driver.close();
        shelf.compiled().close();
    }
}
