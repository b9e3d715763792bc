package io.gatecast.streams;

import io.gatecast.schemas.Topics;
import io.gatecast.schemas.Topics.Topic;
import io.gatecast.streams.StreamsSettings.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/// One topic that settings name, and what it has to be.
///
/// @param name      in this installation
/// @param role      what it is there for
/// @param creation  what it is made with
/// @param shares    whether it has as many partitions as the observations, so that a series stays in one place
public record TopicPlan(String name, Role role, Topic<?> creation, boolean shares) {
    private static final int ENOUGH_FOR_TWO_IN_SYNC = 3;

    /// What a topic is there for.
    public enum Role {
        OBSERVATIONS, OUTPUT, SET_ASIDE, MODELS, LABELS
    }

    /// @return all topics that an instance with these settings reads or writes, its own changelogs apart, which Kafka Streams
    ///         makes
    public static List<TopicPlan> of(StreamsSettings settings) {
        TopicNames names = settings.topics();
        List<TopicPlan> plans = new ArrayList<>(List.of(
                new TopicPlan(names.observations(), Role.OBSERVATIONS, Topics.OBSERVATIONS, true),
                new TopicPlan(names.forecasts(), Role.OUTPUT, Topics.FORECASTS, true),
                new TopicPlan(names.anomalies(), Role.OUTPUT, Topics.ANOMALIES, true),
                new TopicPlan(names.evaluations(), Role.OUTPUT, Topics.EVALUATIONS, true),
                new TopicPlan(names.models(), Role.MODELS, Topics.MODELS, false),
                new TopicPlan(names.modelEvents(), Role.MODELS, Topics.MODEL_EVENTS, false),
                new TopicPlan(settings.alerts().labelsTopic(), Role.LABELS, Topics.LABELS, false),
                new TopicPlan(names.deadLetters(), Role.SET_ASIDE, Topics.DEAD_LETTERS, false)));
        if (settings.eventTime().lateTopic()) {
            plans.add(new TopicPlan(names.late(), Role.SET_ASIDE, Topics.OBSERVATIONS, true));
        }
        return List.copyOf(plans);
    }

    /// @param partitions  of the observations
    /// @param replication copies of each partition; empty = as the broker's default says
    /// @return how to make it; of three copies two have to have a record before it counts as written
    public NewTopic creation(int partitions, OptionalInt replication) {
        Map<String, String> config = new HashMap<>(creation.config());
        if (replication.orElse(0) >= ENOUGH_FOR_TWO_IN_SYNC) {
            config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return new NewTopic(name, Optional.of(shares ? partitions : creation.partitions()),
                replication.isPresent() ? Optional.of((short) replication.getAsInt()) : Optional.empty())
                .configs(config);
    }
}
