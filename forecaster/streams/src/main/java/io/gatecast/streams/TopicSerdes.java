package io.gatecast.streams;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.StreamsSettings.TopicNames;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/// How the values of each topic are written.
public record TopicSerdes(Serde<Observation> observations, Serde<Forecast> forecasts, Serde<Anomaly> anomalies,
        Serde<Model> models) {

    /// Registers each topic's schema, so that no record has to wait for it.
    ///
    /// @throws IOException with a sentence, if the registry does not answer or refuses
    public static TopicSerdes register(Registry registry, TopicNames topics) throws IOException {
        return new TopicSerdes(serde(registry, Observation.class, topics.observations()),
                serde(registry, Forecast.class, topics.forecasts()),
                serde(registry, Anomaly.class, topics.anomalies()), serde(registry, Model.class, topics.models()));
    }

    private static <T extends SpecificRecord> Serde<T> serde(Registry registry, Class<T> type, String topic)
            throws IOException {
        AvroSerde<T> serde = new AvroSerde<>(registry, type, topic);
        serde.register();
        return serde;
    }
}
