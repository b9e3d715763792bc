package io.gatecast.streams;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// The least that each kind of client has to be allowed on a cluster that denies what is not listed: topics as [TopicPlan] says,
/// and the groups and transactions that are added here. Whoever may read or write may describe, too; whoever may create may
/// not.
public final class Grants {
    private static final String ANY_HOST = "*";

    private final StreamsSettings settings;
    private final List<Grant> grants = new ArrayList<>();

    /// A kind of client, by what it does.
    public enum Role {
        /// `gatecast topics create`
        TOPICS,
        /// `gatecast produce`, or whatever writes observations
        PRODUCE,
        /// `train`, `backtest` and `forecast` where they read a topic
        LEARN,
        /// `gatecast models`, `train --publish`
        PUBLISH,
        /// `gatecast trainer`, beside what PUBLISH has
        TRAINER,
        /// `gatecast run`
        RUN,
        /// `gatecast dead-letters`
        REPLAY,
        /// `gatecast alerts deliver`
        DELIVER,
        /// the other commands of `gatecast alerts`: mutes and labels
        OPERATE
    }

    /// Leave to do some things with one resource.
    ///
    /// @param prefix whether the name stands for all that begin with it
    public record Grant(ResourceType type, String name, boolean prefix, List<AclOperation> operations) {

        /// @param principal as in `User:gatecast`
        /// @return what an `Admin` takes
        public Stream<AclBinding> bindings(String principal) {
            ResourcePattern pattern = new ResourcePattern(type, name,
                    prefix ? PatternType.PREFIXED : PatternType.LITERAL);
            return operations.stream().map(operation -> new AclBinding(pattern,
                    new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW)));
        }

        /// @param servers   where the cluster is
        /// @param principal as in `User:gatecast`
        /// @return a command that gives the leave
        public String command(String servers, String principal) {
            String resource = type == ResourceType.TRANSACTIONAL_ID
                    ? "transactional-id"
                    : type.name().toLowerCase(Locale.ROOT);
            return "kafka-acls --bootstrap-server " + servers + " --add --allow-principal '" + principal + "' "
                    + operations.stream().map(operation -> "--operation " + word(operation))
                            .collect(Collectors.joining(" "))
                    + " --" + resource + " '" + name + "'" + (prefix ? " --resource-pattern-type prefixed" : "");
        }

        /// As Kafka's own tool spells it: `DescribeConfigs`.
        private static String word(AclOperation operation) {
            return Stream.of(operation.name().split("_"))
                    .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining());
        }
    }

    private Grants(StreamsSettings settings) {
        this.settings = settings;
    }

    /// @return what a client of that kind needs with these settings
    public static List<Grant> of(StreamsSettings settings, Role role) {
        Grants all = new Grants(settings);
        switch (role) {
            case TOPICS -> TopicPlan.of(settings).forEach(
                    plan -> all.add(ResourceType.TOPIC, plan.name(), false, CREATE, DESCRIBE, DESCRIBE_CONFIGS));
            case PRODUCE, LEARN, OPERATE -> all.topics(role);
            case PUBLISH -> {
                all.topics(role);
                all.changeModels();
            }
            case TRAINER -> all.trainer();
            case RUN -> all.run();
            case REPLAY -> {
                all.topics(role);
                all.add(ResourceType.TRANSACTIONAL_ID, all.application() + "-dead-letters-replay", false, WRITE);
            }
            case DELIVER -> {
                all.topics(role);
                all.add(ResourceType.GROUP, all.application() + "-alerts-", true, READ); // one a receiver
            }
        }
        return List.copyOf(all.grants);
    }

    private void trainer() {
        topics(Role.PUBLISH);
        changeModels();
        add(ResourceType.TRANSACTIONAL_ID, "gatecast-trainer-" + settings.topics().modelEvents() + "-", true, WRITE);
    }

    private void run() {
        topics(Role.RUN);
        // the changelogs, which Kafka Streams makes, and its transactions
        add(ResourceType.TOPIC, application() + "-", true, CREATE, READ, WRITE, DESCRIBE_CONFIGS);
        add(ResourceType.TRANSACTIONAL_ID, application() + "-", true, WRITE);
        add(ResourceType.GROUP, application(), false, READ);
        if (settings.oversight().isAsked()) { // a canary is retired, a drift is told
            add(ResourceType.GROUP, application() + "-oversight", false, READ);
        }
        if (settings.oversight().isAsked() || settings.isAdministered()) { // a version is promoted, a champion taken back
            changeModels();
        }
    }

    private String application() {
        return settings.kafka().getOrDefault("application.id", "gatecast");
    }

    private void changeModels() {
        add(ResourceType.TRANSACTIONAL_ID, "gatecast-models-" + settings.topics().models(), false, WRITE);
    }

    private void topics(Role role) {
        TopicPlan.of(settings, role)
                .forEach(plan -> grants.add(new Grant(ResourceType.TOPIC, plan.name(), false,
                        plan.uses().getOrDefault(role, List.of()))));
    }

    private void add(ResourceType type, String name, boolean prefix, AclOperation... operations) {
        grants.add(new Grant(type, name, prefix, List.of(operations)));
    }
}
