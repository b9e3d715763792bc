package io.gatecast.app.command;

import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.Cluster.Found;
import io.gatecast.streams.Grants;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicCheck;
import io.gatecast.streams.TopicFault;
import io.gatecast.streams.TopicPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What has to be on a cluster before an instance runs: topics, and leave to use them.
@Command(name = "topics", mixinStandardHelpOptions = true, description = "Make and check the topics that a configuration names.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        TopicsCommand.CreateCommand.class, TopicsCommand.CheckCommand.class, TopicsCommand.AclsCommand.class})
public final class TopicsCommand {
    private static List<String> names(StreamsSettings settings) {
        return TopicPlan.of(settings).stream().map(TopicPlan::name).toList();
    }

    private static void tell(OutputOptions output, TopicFault fault) {
        output.say("%s %s %s", fault.grave() ? "WRONG" : "weak ", fault.topic(), fault.finding());
        output.say("      %s", fault.remedy());
    }

    /// Makes what is missing.
    @Command(name = "create", mixinStandardHelpOptions = true, sortOptions = false, description = "Make the topics that are missing, and check the others.")
    static final class CreateCommand implements Callable<Integer> {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Option(names = "--partitions", paramLabel = "N", description = "Of the observations and what comes of them: no more instances can share them (default: as the observations have, or else 6).")
        private @Nullable Integer partitions;
        @Option(names = "--replication", paramLabel = "N", description = "Copies of each (default: as the broker says); of three or more, two have to have a record.")
        private @Nullable Integer replication;
        @Option(names = "--dry-run", description = "Say what would be made, and make nothing.")
        private boolean dryRun;
        @Mixin
        private OutputOptions output = new OutputOptions();

        /// One that is made, for a program.
        record Made(String topic, int partitions, Map<String, String> config) {}

        /// The answer to a program.
        record Answer(List<Made> made, List<TopicFault> faults) {}

        @Override
        public Integer call() throws IOException {
            require("--partitions", partitions, Short.MAX_VALUE);
            require("--replication", replication, Byte.MAX_VALUE);
            StreamsSettings settings = kafka.load();
            try (Cluster cluster = Cluster.connect(settings)) {
                Map<String, Found> there = cluster.find(names(settings));
                int wanted = partitions(settings, there.get(settings.topics().observations()));
                List<NewTopic> missing = TopicPlan.of(settings).stream().filter(plan -> !there.containsKey(plan.name()))
                        .map(plan -> plan.creation(wanted,
                                replication == null ? OptionalInt.empty() : OptionalInt.of(replication)))
                        .toList();
                missing.forEach(this::tellMade);
                if (!dryRun) {
                    cluster.createMissing(missing);
                }
                List<TopicFault> faults = faults(settings, cluster);
                faults.forEach(fault -> tell(output, fault));
                output.say("%s %d, there already %d.", dryRun ? "Would make" : "Made", missing.size(), there.size());
                output.result(new Answer(missing.stream()
                        .map(topic -> new Made(topic.name(), topic.numPartitions(), sorted(topic))).toList(), faults));
                return faults.stream().anyMatch(TopicFault::grave) ? 1 : 0;
            }
        }

        private void require(String option, @Nullable Integer value, int most) {
            if (value != null && (value < 1 || value > most)) {
                throw new IllegalArgumentException(
                        option + ": expected a number from 1 to " + most + ", found " + value);
            }
        }

        private int partitions(StreamsSettings settings, @Nullable Found observations) {
            if (observations == null) {
                return partitions == null ? Topics.OBSERVATIONS.partitions() : partitions;
            }
            if (partitions != null && partitions != observations.partitions()) {
                throw new IllegalArgumentException("--partitions: topic " + settings.topics().observations()
                        + " is there with " + observations.partitions() + " partitions, which its states belong to:"
                        + " leave the option out, or begin with topics of other names");
            }
            return observations.partitions();
        }

        /// What a dry run would make is not missed.
        private List<TopicFault> faults(StreamsSettings settings, Cluster cluster) throws IOException {
            Map<String, Found> now = cluster.find(names(settings));
            return TopicCheck.of(settings, cluster.brokers(), now).stream()
                    .filter(fault -> !dryRun || now.containsKey(fault.topic())).toList();
        }

        private void tellMade(NewTopic topic) {
            output.say("%s %s, %d %s, %s", dryRun ? "would make" : "made", topic.name(), topic.numPartitions(),
                    topic.numPartitions() == 1 ? "partition" : "partitions",
                    sorted(topic).entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(", ")));
        }

        private static Map<String, String> sorted(NewTopic topic) {
            return topic.configs() == null ? Map.of() : new TreeMap<>(topic.configs());
        }
    }

    /// Looks, and changes nothing.
    @Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false, description = "Say what is wrong or weak about the topics, and the command that mends it. Exit status 1 where something is wrong.")
    static final class CheckCommand implements Callable<Integer> {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        /// The answer to a program.
        record Answer(boolean ready, List<TopicFault> faults) {}

        @Override
        public Integer call() throws IOException {
            StreamsSettings settings = kafka.load();
            try (Cluster cluster = Cluster.connect(settings)) {
                Map<String, Found> found = cluster.find(names(settings));
                List<TopicFault> faults = TopicCheck.of(settings, cluster.brokers(), found);
                faults.forEach(fault -> tell(output, fault));
                found.forEach((name, topic) -> {
                    if (topic.config().isEmpty()) {
                        output.warn(
                                "topic %s: its settings may not be seen (DescribeConfigs), so they were not checked",
                                name);
                    }
                });
                boolean ready = faults.stream().noneMatch(TopicFault::grave);
                output.say("%d topics, %d wrong, %d weak.", names(settings).size(),
                        faults.stream().filter(TopicFault::grave).count(),
                        faults.stream().filter(fault -> !fault.grave()).count());
                output.result(new Answer(ready, faults));
                return ready ? 0 : 1;
            }
        }
    }

    /// Needs no cluster.
    @Command(name = "acls", mixinStandardHelpOptions = true, sortOptions = false, description = "Print the kafka-acls commands that allow a client the least it needs.")
    static final class AclsCommand implements Callable<Integer> {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Option(names = "--role", paramLabel = "ROLE", required = true, description = "${COMPLETION-CANDIDATES}: what the client does.")
        private Grants.Role role;
        @Option(names = "--principal", paramLabel = "TYPE:NAME", required = true, description = "Who it is, as in User:gatecast.")
        private String principal;
        @Mixin
        private OutputOptions output = new OutputOptions();

        /// The answer to a program.
        record Answer(List<Grants.Grant> grants) {}

        @Override
        public Integer call() throws IOException {
            if (!principal.matches("[A-Za-z]+:[^']*[^' ]")) {
                throw new IllegalArgumentException(
                        "--principal: expected TYPE:NAME, as in User:gatecast, found '" + principal + "'");
            }
            StreamsSettings settings = kafka.load();
            List<Grants.Grant> grants = Grants.of(settings, role);
            grants.forEach(grant -> output.say("%s",
                    grant.command(settings.kafka().getOrDefault("bootstrap.servers", ""), principal)));
            output.result(new Answer(grants));
            return 0;
        }
    }
}
