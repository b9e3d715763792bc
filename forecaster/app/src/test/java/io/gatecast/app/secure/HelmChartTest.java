package io.gatecast.app.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.streams.Grants;
import io.gatecast.streams.Grants.Role;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

/// The chart tells Strimzi what `topics create` makes and `topics acls` prints. `deploy/helm/check` holds the chart against
/// the golden render; this holds the render against the code.
class HelmChartTest {
    private static final Pattern ACL = Pattern.compile(
            "resource: \\{type: (\\w+), name: \"([^\"]+)\", patternType: (\\w+)}\\s+operations: \\[([^]]*)]");
    private static final Pattern TOPIC = Pattern.compile(
            "topicName: \"([^\"]+)\"\\s+partitions: (\\d+)\\s+replicas: 3\\s+config:((?:\\s+[a-z.]+: \"[^\"]+\")+)");
    private static final Pattern SETTING = Pattern.compile("([a-z.]+): \"([^\"]+)\"");
    private static final StreamsSettings SETTINGS = StreamsSettings.of(Map.of("bootstrap.servers", "kafka:9092",
            "schema.registry.url", "http://registry:8081", "application.id", "gatecast", "gatecast.late", "topic",
            "gatecast.http.port", "8080", "gatecast.http.tokens.admin", "of-whoever-may-change-things"));

    private static String render() throws IOException {
        return Files.readString(Path.of("../../deploy/helm/golden/operators.yaml"));
    }

    @Test
    void theUserIsAllowedWhatAnInstanceNeeds() throws IOException {
        Map<String, Set<String>> rendered = new TreeMap<>();
        Matcher acl = ACL.matcher(render());
        while (acl.find()) {
            rendered.put(acl.group(1) + " " + acl.group(2) + " " + acl.group(3),
                    new TreeSet<>(Set.of(acl.group(4).split(", "))));
        }
        Map<String, Set<String>> needed = new TreeMap<>();
        for (Grants.Grant grant : Grants.of(SETTINGS, Role.RUN)) {
            String type = switch (grant.type()) {
                case TRANSACTIONAL_ID -> "transactionalId";
                default -> grant.type().name().toLowerCase(Locale.ROOT);
            };
            needed.computeIfAbsent(type + " " + grant.name() + " " + (grant.prefix() ? "prefix" : "literal"),
                    any -> new TreeSet<>()).addAll(grant.operations().stream().map(HelmChartTest::word).toList());
        }
        assertEquals(needed, rendered);
    }

    private static String word(AclOperation operation) {
        return Pattern.compile("_").splitAsStream(operation.name())
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    @Test
    void theTopicsAreWhatWouldBeMade() throws IOException {
        Map<String, String> rendered = new TreeMap<>();
        Matcher topic = TOPIC.matcher(render());
        while (topic.find()) {
            Map<String, String> config = new TreeMap<>();
            Matcher setting = SETTING.matcher(topic.group(3));
            while (setting.find()) {
                config.put(setting.group(1), setting.group(2));
            }
            rendered.put(topic.group(1), topic.group(2) + " " + config);
        }
        Map<String, String> made = new TreeMap<>();
        for (TopicPlan plan : TopicPlan.of(SETTINGS)) {
            NewTopic creation = plan.creation(6, OptionalInt.of(3));
            made.put(plan.name(), creation.numPartitions() + " " + new TreeMap<>(creation.configs()));
        }
        assertEquals(made, rendered);
    }
}
