package io.gatecast.schemas;

import io.gatecast.avro.AdminAction;
import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Label;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Mute;
import io.gatecast.avro.Observation;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// All topics in one table. The names are defaults, which settings may change; keys are UTF-8 strings throughout.
///
///     name                       key              value          clean-up
///     observations               series id        Observation    delete
///     forecasts                  series id        Forecast       delete
///     anomalies                  series id        Anomaly        delete
///     models                     modelId/version  Model          compact, one partition
///     models.events              sequence         ModelEvent     compact, one partition
///     evaluations                series id        Evaluation     delete
///     observations.dead-letters  as it came       as it came     delete, one partition
///     mutes                      pattern@from     Mute           compact, one partition
///     labels                     episode id       Label          compact, one partition
///     anomalies.undelivered      series id        as it came     delete, one partition
///     audit                      action id        AdminAction    delete, one partition
public final class Topics {
    /// How large one model may be, bytes. A writer needs it as its `max.request.size`, too.
    public static final int MODEL_BYTES = 64 << 20;

    /// A record is kept for as long as the topic's retention says after it came, not after the time it speaks of: a past
    /// that is replayed would otherwise be deleted as soon as it is there, and what lies far ahead of the broker's clock
    /// would be refused.
    private static final Map<String, String> KEPT_BY_ARRIVAL = Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            TimestampType.LOG_APPEND_TIME.name);
    /// How large one forecast may be, bytes: hundreds of steps of hundreds of channels are more than a broker's default.
    public static final int FORECAST_BYTES = 8 << 20;
    private static final Map<String, String> KEPT_BY_ARRIVAL_AND_LARGE = Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TimestampType.LOG_APPEND_TIME.name,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(FORECAST_BYTES));
    /// Observations, forecasts and anomalies are spread by series id; this many instances or threads can share them.
    private static final int PARTITIONS = 6;

    public static final Topic<Observation> OBSERVATIONS = new Topic<>("observations", Observation.class, PARTITIONS,
            KEPT_BY_ARRIVAL);
    public static final Topic<Forecast> FORECASTS = new Topic<>("forecasts", Forecast.class, PARTITIONS,
            KEPT_BY_ARRIVAL_AND_LARGE);
    public static final Topic<Anomaly> ANOMALIES = new Topic<>("anomalies", Anomaly.class, PARTITIONS, KEPT_BY_ARRIVAL);
    public static final Topic<Model> MODELS = new Topic<>("models", Model.class, 1,
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(MODEL_BYTES)));
    public static final Topic<ModelEvent> MODEL_EVENTS = new Topic<>("models.events", ModelEvent.class, 1,
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    public static final Topic<Evaluation> EVALUATIONS = new Topic<>("evaluations", Evaluation.class, PARTITIONS,
            KEPT_BY_ARRIVAL);
    public static final Topic<SpecificRecord> DEAD_LETTERS = new Topic<>("observations.dead-letters", null, 1,
            KEPT_BY_ARRIVAL_AND_LARGE);
    private static final Map<String, String> KEPT_BY_KEY = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT);
    public static final Topic<Mute> MUTES = new Topic<>("mutes", Mute.class, 1, KEPT_BY_KEY);
    public static final Topic<Label> LABELS = new Topic<>("labels", Label.class, 1, KEPT_BY_KEY);
    public static final Topic<SpecificRecord> UNDELIVERED = new Topic<>("anomalies.undelivered", null, 1,
            KEPT_BY_ARRIVAL);

    public static final Topic<AdminAction> AUDIT = new Topic<>("audit", AdminAction.class, 1, KEPT_BY_ARRIVAL);

    private Topics() {}

    /// One topic.
    ///
    /// @param name       by default
    /// @param value      what its records hold; null where it is raw bytes
    /// @param partitions that it is created with
    /// @param config     Kafka's topic settings that it is created with, where they are not the broker's
    public record Topic<T extends SpecificRecord>(String name, @Nullable Class<T> value, int partitions,
            Map<String, String> config) {

        /// @param actual its name in this installation
        /// @return how to create it, as often replicated as the broker's default says
        public NewTopic creation(String actual) {
            return creation(actual, partitions);
        }

        /// As [#creation(String)], with another number of partitions.
        public NewTopic creation(String actual, int partitions) {
            return new NewTopic(actual, Optional.of(partitions), Optional.empty()).configs(config);
        }
    }
}
