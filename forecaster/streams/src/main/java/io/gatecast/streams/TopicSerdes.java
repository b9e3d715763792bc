package io.gatecast.streams;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Label;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.StreamsSettings.TopicNames;
import org.apache.kafka.common.serialization.Serde;

/// How the values of each topic are written.
public record TopicSerdes(Serde<Observation> observations, Serde<Forecast> forecasts, Serde<Anomaly> anomalies,
        Serde<Evaluation> evaluations, Serde<Model> models,
        Serde<ModelEvent> modelEvents, Serde<Label> labels) {

    /// Registers each topic's schema, so that no record has to wait for it.
    ///
    /// @throws io.gatecast.schemas.RegistryException with a sentence, if the registry does not answer or refuses
    public static TopicSerdes register(Registry registry, StreamsSettings settings) {
        TopicNames topics = settings.topics();
        return new TopicSerdes(new AvroSerde<>(registry, topics.observations(), Observation.class),
                new AvroSerde<>(registry, topics.forecasts(), Forecast.class),
                new AvroSerde<>(registry, topics.anomalies(), Anomaly.class),
                new AvroSerde<>(registry, topics.evaluations(), Evaluation.class),
                new AvroSerde<>(registry, topics.models(), Model.class),
                new AvroSerde<>(registry, topics.modelEvents(), ModelEvent.class),
                new AvroSerde<>(registry, settings.alerts().labelsTopic(), Label.class));
    }
}
