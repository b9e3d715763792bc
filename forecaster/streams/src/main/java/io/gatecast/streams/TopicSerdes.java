package io.gatecast.streams;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.Observation;
import org.apache.kafka.common.serialization.Serde;

/// How the values of each topic are written.
public record TopicSerdes(Serde<Observation> observations, Serde<Forecast> forecasts, Serde<Anomaly> anomalies,
        Serde<Model> models) {}
