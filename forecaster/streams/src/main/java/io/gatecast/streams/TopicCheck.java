package io.gatecast.streams;

import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster.Found;
import io.gatecast.streams.TopicPlan.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;

/// Holds topics as they are against what they have to be.
///
///     grave                                          since
///     a topic is not there                           nothing can be read or written
///     what is kept by key is not only compacted      retention deletes the model that judges, the mute that lasts
///     observations or dead letters are compacted     the newest of a series deletes those before it
///     fewer partitions than the observations have    a series' records do not stay side by side
///     min.insync.replicas above the replicas         nothing can be written
///     forecasts smaller than the producer may send   the instance stops at the first that does not fit
///
/// Told, and lived with: one copy where there are more brokers, as many in sync as there are copies (one broker's restart
/// stops all writing), times by the event, more partitions than the observations have, little room for models.
///
/// Where a topic's settings may not be seen, only its partitions are looked at.
public final class TopicCheck {
    private static final int ENOUGH_COPIES = 3;
    private static final int KAFKAS_LARGEST = 1_048_588;

    private final String servers;
    private final int largestRequest;
    private final int brokers;
    private final Map<String, Found> found;
    private final List<TopicFault> faults = new ArrayList<>();

    private TopicCheck(StreamsSettings settings, int brokers, Map<String, Found> found) {
        this.servers = settings.kafka().getOrDefault("bootstrap.servers", "");
        this.largestRequest = settings.largestRequest();
        this.brokers = brokers;
        this.found = found;
    }

    /// @param brokers how many there are
    /// @param found   the topics that are there
    /// @return what is not as it should be, in the order of the plan
    public static List<TopicFault> of(StreamsSettings settings, int brokers, Map<String, Found> found) {
        return of(settings, TopicPlan.of(settings), brokers, found);
    }

    private static List<TopicFault> of(StreamsSettings settings, List<TopicPlan> plans, int brokers,
            Map<String, Found> found) {
        TopicCheck check = new TopicCheck(settings, brokers, found);
        Found observations = found.get(settings.topics().observations());
        for (TopicPlan plan : plans) {
            Found topic = found.get(plan.name());
            if (topic == null) {
                check.grave(plan.name(), "does not exist",
                        "make it with `gatecast topics create`, or correct its name");
                continue;
            }
            if (plan.shares() && observations != null) {
                check.partitions(plan, topic, observations.partitions());
            }
            if (!topic.config().isEmpty()) {
                check.config(plan, topic);
            }
        }
        return List.copyOf(check.faults);
    }

    /// @param client whose topics are looked at: of others it may not even see that they are there
    /// @throws IOException with the faults that it should not run with, if there are any
    public static List<TopicFault> require(StreamsSettings settings, Grants.Role client, Cluster cluster)
            throws IOException {
        List<TopicPlan> plans = TopicPlan.of(settings, client);
        List<TopicFault> all = of(settings, plans, cluster.brokers(),
                cluster.find(plans.stream().map(TopicPlan::name).toList()));
        String grave = all.stream().filter(TopicFault::grave).map(TopicFault::sentence)
                .collect(Collectors.joining("; "));
        if (!grave.isEmpty()) {
            throw new IOException(grave);
        }
        return all;
    }

    private void grave(String topic, String finding, String remedy) {
        faults.add(new TopicFault(topic, true, finding, remedy));
    }

    private void slight(String topic, String finding, String remedy) {
        faults.add(new TopicFault(topic, false, finding, remedy));
    }

    private void partitions(TopicPlan plan, Found topic, int wanted) {
        if (topic.partitions() < wanted) {
            grave(plan.name(), String.format(Locale.ROOT, "has %d partitions, the observations have %d: what comes of a"
                    + " series would not lie beside it", topic.partitions(), wanted),
                    "kafka-topics --bootstrap-server " + servers + " --alter --topic " + plan.name() + " --partitions "
                            + wanted);
        } else if (topic.partitions() > wanted) {
            slight(plan.name(), String.format(Locale.ROOT, "has %d partitions, the observations have %d: who joins them"
                    + " does not find them side by side", topic.partitions(), wanted),
                    "delete it and make it anew with `gatecast topics create`, partitions cannot be taken away");
        }
    }

    private void config(TopicPlan plan, Found topic) {
        String cleanup = topic.config().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
        if (plan.role() == Role.KEPT) {
            if (!cleanup.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                graveConfig(plan, "has cleanup.policy=" + cleanup + ", expected compact: retention would delete what"
                        + " still counts", "cleanup.policy=compact");
            }
        } else if (plan.role() != Role.OUTPUT && cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            graveConfig(plan, "has cleanup.policy=" + cleanup
                    + ", expected delete: the newest record of a series would delete those before it",
                    "cleanup.policy=delete");
        }
        size(plan, topic.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, KAFKAS_LARGEST));
        copies(plan, topic);
        if (plan.role() == Role.OUTPUT && !TimestampType.LOG_APPEND_TIME.name
                .equals(topic.config().get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))) {
            slightConfig(plan,
                    "keeps records by their own time: a replayed past is deleted at once, and what lies an hour"
                            + " ahead is refused",
                    "message.timestamp.type=LogAppendTime");
        }
    }

    private void size(TopicPlan plan, int largest) {
        if (plan.creation() == Topics.FORECASTS && largest < Math.min(largestRequest, Topics.FORECAST_BYTES)) {
            graveConfig(plan, "takes " + largest + " bytes a record, a forecast may have " + largestRequest
                    + " (producer.max.request.size)", "max.message.bytes=" + Topics.FORECAST_BYTES);
        } else if (plan.creation() == Topics.MODELS && largest < Topics.MODEL_BYTES) {
            slightConfig(plan, "takes models of at most " + largest + " bytes, one may have " + Topics.MODEL_BYTES,
                    "max.message.bytes=" + Topics.MODEL_BYTES);
        }
    }

    private void copies(TopicPlan plan, Found topic) {
        int inSync = topic.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, 1);
        if (inSync > topic.replicas()) {
            graveConfig(plan, "has min.insync.replicas=" + inSync + " and " + topic.replicas()
                    + " replicas: nothing can be written", "min.insync.replicas=" + Math.max(1, topic.replicas() - 1));
        } else if (topic.replicas() > 1 && inSync == topic.replicas()) {
            slightConfig(plan, "has min.insync.replicas=" + inSync + " and as many replicas: when one broker restarts,"
                    + " nothing can be written", "min.insync.replicas=" + (topic.replicas() - 1));
        }
        int wanted = Math.min(ENOUGH_COPIES, brokers);
        if (topic.replicas() < wanted) {
            slight(plan.name(), "has " + topic.replicas() + " replicas on " + brokers
                    + " brokers: it is gone when they are",
                    "raise them to " + wanted + " with kafka-reassign-partitions");
        }
    }

    private void graveConfig(TopicPlan plan, String finding, String config) {
        grave(plan.name(), finding, alter(plan, config));
    }

    private void slightConfig(TopicPlan plan, String finding, String config) {
        slight(plan.name(), finding, alter(plan, config));
    }

    private String alter(TopicPlan plan, String config) {
        return "kafka-configs --bootstrap-server " + servers + " --alter --entity-type topics --entity-name "
                + plan.name() + " --add-config " + config;
    }
}
