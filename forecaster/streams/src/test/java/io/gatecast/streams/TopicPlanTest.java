package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.schemas.Topics;
import io.gatecast.schemas.Topics.Topic;
import io.gatecast.streams.Grants.Grant;
import io.gatecast.streams.Grants.Role;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// No topic of the code is forgotten where topics are made, checked and allowed.
class TopicPlanTest {
    private static StreamsSettings settings(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(more);
        all.put("bootstrap.servers", "kafka:9092");
        all.put("schema.registry.url", "http://registry:8081");
        return StreamsSettings.of(all);
    }

    private static StreamsSettings everything() {
        return settings(Map.of("gatecast.late", "topic", "gatecast.http.port", "8080",
                "gatecast.http.tokens.admin", "of-whoever-may-change-things"));
    }

    @Test
    void everyTopicOfTheTableIsPlanned() {
        Set<Topic<?>> table = Arrays.stream(Topics.class.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Topic.class)
                .map(field -> {
                    try {
                        return (Topic<?>) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(field + " is not public", e);
                    }
                }).collect(Collectors.toSet());
        assertEquals(table, TopicPlan.of(everything()).stream().map(TopicPlan::creation).collect(Collectors.toSet()));
    }

    @Test
    void whatIsNotRenamedBearsTheTablesName() {
        TopicPlan.of(everything()).stream().filter(plan -> !plan.name().equals("observations.late"))
                .forEach(plan -> assertEquals(plan.creation().name(), plan.name()));
    }

    /// Whoever writes what nobody reads, or reads what nobody writes, was forgotten in the plan. What is set aside, and what
    /// goes out, is for people and for others.
    @Test
    void everyTopicHasItsReadersAndWriters() {
        for (TopicPlan plan : TopicPlan.of(everything())) {
            Set<AclOperation> done = new HashSet<>();
            plan.uses().values().forEach(done::addAll);
            assertTrue(done.contains(AclOperation.WRITE), plan + ": nobody writes it");
            assertTrue(done.contains(AclOperation.READ) || plan.role() == TopicPlan.Role.SET_ASIDE,
                    plan + ": nobody reads it");
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aRoleIsAllowedTheTopicsThatThePlanNames(Role role) {
        Set<String> allowed = Grants.of(everything(), role).stream()
                .filter(grant -> grant.type() == ResourceType.TOPIC && !grant.prefix()).map(Grant::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Role> counted = role == Role.TRAINER
                ? EnumSet.of(Role.PUBLISH)
                : role == Role.TOPICS ? EnumSet.allOf(Role.class) : EnumSet.of(role);
        assertEquals(counted.stream().flatMap(each -> TopicPlan.of(everything(), each).stream()).map(TopicPlan::name)
                .collect(Collectors.toCollection(TreeSet::new)), allowed);
    }

    @Test
    void whoeverAnswersOverHttpMayReadWhatGoesOut() {
        assertEquals(List.of("WRITE", "DESCRIBE_CONFIGS"), operations(settings(Map.of()), "forecasts"));
        assertEquals(List.of("READ", "WRITE", "DESCRIBE_CONFIGS"), operations(everything(), "forecasts"));
        assertEquals(List.of("WRITE", "DESCRIBE_CONFIGS"), operations(
                settings(Map.of("gatecast.canary.margin", "none", "gatecast.drift", "none")), "evaluations"));
    }

    private static List<String> operations(StreamsSettings settings, String topic) {
        return Grants.of(settings, Role.RUN).stream().filter(grant -> grant.name().equals(topic))
                .flatMap(grant -> grant.operations().stream()).map(AclOperation::name).toList();
    }
}
