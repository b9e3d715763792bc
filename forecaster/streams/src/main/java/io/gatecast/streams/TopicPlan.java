package io.gatecast.streams;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.gatecast.schemas.Topics;
import io.gatecast.schemas.Topics.Topic;
import io.gatecast.streams.StreamsSettings.TopicNames;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/// One topic that settings name, what it has to be, and who does what with it. Whatever makes, checks or allows topics reads
/// it here: a new one is a line in [Topics] and one in [#of]; tests hold the rest against it.
///
/// @param name      in this installation
/// @param role      what it is there for
/// @param creation  what it is made with
/// @param shares    whether it has as many partitions as the observations, so that a series stays in one place
/// @param uses      what each kind of client does with it; whoever may read or write may describe, too
public record TopicPlan(String name, Role role, Topic<?> creation, boolean shares,
        Map<Grants.Role, List<AclOperation>> uses) {
    private static final int ENOUGH_FOR_TWO_IN_SYNC = 3;

    /// What a topic is there for.
    public enum Role {
        /// What is measured
        OBSERVATIONS,
        /// What comes of it, a series at a time
        OUTPUT,
        /// What could not be used or told
        SET_ASIDE,
        /// The newest record of a key counts, for as long as there is no newer one
        KEPT
    }

    public TopicPlan {
        uses = Map.copyOf(uses);
    }

    /// @return all topics that anything of Gatecast reads or writes with these settings, its own changelogs apart, which Kafka
    ///         Streams makes
    public static List<TopicPlan> of(StreamsSettings settings) {
        TopicNames names = settings.topics();
        AlertSettings alerts = settings.alerts();
        // The overseer of `run` reads evaluations and retires a canary; whoever answers over HTTP reads what goes out.
        AclOperation[] write = {WRITE, DESCRIBE_CONFIGS}, both = {READ, WRITE, DESCRIBE_CONFIGS};
        boolean watches = settings.oversight().isAsked(), answers = settings.answersHttp();
        boolean changes = watches || settings.isAdministered();
        List<TopicPlan> plans = new ArrayList<>(List.of(
                series(names.observations(), Role.OBSERVATIONS, Topics.OBSERVATIONS).by(Grants.Role.PRODUCE, WRITE)
                        .by(Grants.Role.LEARN, READ).by(Grants.Role.PUBLISH, READ) // how far the stream has come
                        .by(Grants.Role.RUN, READ, DESCRIBE_CONFIGS).by(Grants.Role.REPLAY, both),
                series(names.forecasts(), Role.OUTPUT, Topics.FORECASTS).by(Grants.Role.RUN, answers ? both : write),
                series(names.anomalies(), Role.OUTPUT, Topics.ANOMALIES).by(Grants.Role.RUN, answers ? both : write)
                        .by(Grants.Role.DELIVER, READ).by(Grants.Role.OPERATE, READ),
                series(names.evaluations(), Role.OUTPUT, Topics.EVALUATIONS).by(Grants.Role.RUN,
                        answers || watches ? both : write),
                single(names.models(), Role.KEPT, Topics.MODELS).by(Grants.Role.PUBLISH, both).by(Grants.Role.RUN, READ,
                        DESCRIBE_CONFIGS),
                single(names.modelEvents(), Role.KEPT, Topics.MODEL_EVENTS).by(Grants.Role.PUBLISH, both).by(
                        Grants.Role.RUN, changes ? both : new AclOperation[]{READ, DESCRIBE_CONFIGS}),
                single(names.deadLetters(), Role.SET_ASIDE, Topics.DEAD_LETTERS).by(Grants.Role.RUN, write)
                        .by(Grants.Role.REPLAY, both),
                single(alerts.mutesTopic(), Role.KEPT, Topics.MUTES).by(Grants.Role.DELIVER, READ).by(
                        Grants.Role.OPERATE, READ, WRITE),
                single(alerts.labelsTopic(), Role.KEPT, Topics.LABELS).by(Grants.Role.OPERATE, READ, WRITE).by(
                        Grants.Role.LEARN, READ).by(Grants.Role.RUN, READ, DESCRIBE_CONFIGS),
                single(alerts.deadLettersTopic(), Role.SET_ASIDE, Topics.UNDELIVERED).by(Grants.Role.DELIVER, READ,
                        WRITE)));
        if (settings.eventTime().lateTopic()) {
            plans.add(series(names.late(), Role.SET_ASIDE, Topics.OBSERVATIONS).by(Grants.Role.RUN, write));
        }
        if (settings.isAdministered()) {
            plans.add(single(names.audit(), Role.SET_ASIDE, Topics.AUDIT).by(Grants.Role.RUN, write));
        }
        return List.copyOf(plans);
    }

    /// @return those of them that a kind of client uses
    public static List<TopicPlan> of(StreamsSettings settings, Grants.Role client) {
        return of(settings).stream().filter(plan -> plan.uses.containsKey(client)).toList();
    }

    private static TopicPlan series(String name, Role role, Topic<?> creation) {
        return new TopicPlan(name, role, creation, true, Map.of());
    }

    private static TopicPlan single(String name, Role role, Topic<?> creation) {
        return new TopicPlan(name, role, creation, false, Map.of());
    }

    private TopicPlan by(Grants.Role client, AclOperation... operations) {
        Map<Grants.Role, List<AclOperation>> more = new EnumMap<>(Grants.Role.class);
        more.putAll(uses);
        more.put(client, List.of(operations));
        return new TopicPlan(name, role, creation, shares, more);
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
