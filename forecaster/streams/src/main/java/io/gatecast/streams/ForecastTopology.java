package io.gatecast.streams;

import io.cloudevents.kafka.CloudEventSerializer;
import io.gatecast.streams.StreamsSettings.TopicNames;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/// The whole graph:
///
///     models ---------> model-keeper: checked, kept, compiled if wanted
///     models.events --> event-keeper: who judges whom, from when on
///                            .  looked up by event time
///     labels ---------> label-keeper: which alarms were false, looked up likewise
///     observations ---> forecaster + series store ---> forecasts
///                            |                 |-----> anomalies
///                            |                 |-----> evaluations
///                            |                 \-----> what comes too late, if it is asked for
///                            \-- what cannot be read or judged: Kafka Streams' dead letter topic
public final class ForecastTopology {
    static final String FORECASTER = "forecaster";
    static final String FORECASTS = "forecasts";
    static final String ANOMALIES = "anomalies";
    static final String EVALUATIONS = "evaluations";
    static final String LATE = "late";

    /// Where to begin without committed offsets is for the settings to say.
    private static final @Nullable AutoOffsetReset AS_CONFIGURED = null;

    private ForecastTopology() {}

    /// @param settings name the topics and the model to follow
    /// @param serdes   of the topics' values
    public static Topology build(StreamsSettings settings, TopicSerdes serdes) {
        return build(settings, serdes, new ModelShelf(settings, serdes));
    }

    /// @param shelf where the models in force will be
    static Topology build(StreamsSettings settings, TopicSerdes serdes, ModelShelf shelf) {
        TopicNames topics = settings.topics();
        LabelShelf labels = new LabelShelf(serdes.labels().deserializer());
        EventTimeRules rules = settings.eventTime();
        EarlyCommits.Pace pace = new EarlyCommits.Pace();
        OpenSeries.Room room = OpenSeries.Room.asCached(settings);
        Topology topology = new Topology()
                .addGlobalStore(Stores.models(), "models", new StringDeserializer(), new ByteArrayDeserializer(),
                        topics.models(), "model-keeper", shelf::keeper)
                .addSource(AS_CONFIGURED, "observations", new EventTime(rules), new StringDeserializer(),
                        Arrival.deserializer(serdes.observations().deserializer()), topics.observations())
                .addProcessor(FORECASTER, () -> new ForecastProcessor(shelf, settings.evaluation(), rules,
                        settings.alerts().budget(), labels, pace, room),
                        "observations")
                .addStateStore(Stores.series(), FORECASTER)
                .addStateStore(Stores.waiting(), FORECASTER)
                .addStateStore(Stores.shadows(), FORECASTER)
                .addSink(FORECASTS, topics.forecasts(), new StringSerializer(), serdes.forecasts().serializer(),
                        FORECASTER)
                .addSink(EVALUATIONS, topics.evaluations(), new StringSerializer(), serdes.evaluations().serializer(),
                        FORECASTER)
                // last, so that tasks keep their numbers, and with them their folders
                .addGlobalStore(Stores.modelEvents(), "model-events", new StringDeserializer(),
                        new ByteArrayDeserializer(), topics.modelEvents(), "event-keeper", shelf::eventKeeper)
                .addGlobalStore(Stores.labels(), "labels", new StringDeserializer(), new ByteArrayDeserializer(),
                        settings.alerts().labelsTopic(), "label-keeper", labels::keeper);
        addAnomalies(topology, settings, serdes);
        if (settings.evaluation().fleet().isPresent()) {
            topology.addStateStore(Stores.fleet(), FORECASTER);
        }
        if (rules.silence().isPresent()) {
            topology.addStateStore(Stores.silences(), FORECASTER);
        }
        if (rules.lateTopic()) {
            topology.addSink(LATE, topics.late(), new StringSerializer(), serdes.observations().serializer(),
                    FORECASTER);
        }
        return topology;
    }

    private static void addAnomalies(Topology topology, StreamsSettings settings, TopicSerdes serdes) {
        String topic = settings.topics().anomalies();
        if (settings.cloudEvents()) {
            topology.addProcessor(ANOMALIES, () -> new CloudEvents(serdes.anomalies().serializer(), topic, settings),
                    FORECASTER)
                    .addSink("anomalies-as-cloud-events", topic, new StringSerializer(), new CloudEventSerializer(),
                            ANOMALIES);
        } else {
            topology.addSink(ANOMALIES, topic, new StringSerializer(), serdes.anomalies().serializer(), FORECASTER);
        }
    }
}
