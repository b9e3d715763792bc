package io.gatecast.schemas;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.Observation;
import java.util.Map;
import org.apache.avro.Schema;

/// All topics in one table: by which name they go unless configured, what their records hold, how they are kept. The key
/// is UTF-8 in each: the series id, in `models` modelId/version.
public enum Topics {
    OBSERVATIONS("observations", Observation.getClassSchema(), Map.of()), FORECASTS("forecasts",
            Forecast.getClassSchema(), Map.of()), ANOMALIES("anomalies", Anomaly.getClassSchema(), Map.of()),
    /// One partition, so that versions keep their order; large records, since a model travels in one.
    MODELS("models", Model.getClassSchema(),
            Map.of("cleanup.policy", "compact", "max.message.bytes",
                    Integer.toString(Topics.LARGEST_MODEL))), EVALUATIONS("evaluations", Evaluation.getClassSchema(),
                            Map.of());

    /// Bytes; some sixteen million weights.
    public static final int LARGEST_MODEL = 64 * 1024 * 1024;

    private final String defaultName;
    private final Schema schema;
    private final Map<String, String> configuration;

    Topics(String defaultName, Schema schema, Map<String, String> configuration) {
        this.defaultName = defaultName;
        this.schema = schema;
        this.configuration = configuration;
    }

    public String defaultName() {
        return defaultName;
    }

    /// @return the schema of its values
    public Schema schema() {
        return schema;
    }

    /// @return Kafka's own keys that the topic is to be made with
    public Map<String, String> configuration() {
        return configuration;
    }
}
