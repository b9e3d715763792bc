package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Topics made, checked, and refused, against a real broker.
@Timeout(90)
class TopicsIT {
    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    /// One application with topics of its own.
    private static Path config(String name, String... more) throws IOException {
        return Files.writeString(folder.resolve(name + ".properties"),
                """
                        bootstrap.servers=%s
                        schema.registry.url=mock://%s
                        application.id=%s
                        state.dir=%s
                        gatecast.topic.observations=%s-observations
                        gatecast.topic.forecasts=%s-forecasts
                        gatecast.topic.anomalies=%s-anomalies
                        gatecast.topic.models=%s-models
                        gatecast.evaluations.topic=%s-evaluations
                        gatecast.mutes.topic=%s-mutes
                        gatecast.labels.topic=%s-labels
                        %s
                        """.formatted(broker.bootstrapServers(), name, name, folder.resolve(name), name, name, name,
                        name, name, name, name,
                        String.join("\n", more)));
    }

    private static Run topics(String command, Path config, String... more) {
        List<String> arguments = new ArrayList<>(List.of("topics", command, "--config", config.toString()));
        arguments.addAll(List.of(more));
        return Gatecasts.run(arguments.toArray(String[]::new));
    }

    private static void make(Path config, NewTopic... topics) throws IOException {
        try (Cluster cluster = Cluster.connect(StreamsSettings.load(config))) {
            cluster.createMissing(List.of(topics));
        }
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> config) {
        return new NewTopic(name, partitions, (short) 1).configs(config);
    }

    @Test
    void whatIsMissingIsMadeOnce() throws IOException {
        Path config = config("made", "gatecast.late=topic");

        Run dry = topics("create", config, "--partitions", "4", "--dry-run");
        assertEquals(0, dry.status(), dry.err());
        assertEquals("would make made-observations, 4 partitions, message.timestamp.type=LogAppendTime",
                dry.out().getFirst());
        assertEquals("Would make 11, there already 0.", dry.out().getLast());
        Run before = topics("check", config);
        assertEquals(1, before.status());
        assertEquals("11 topics, 11 wrong, 0 weak.", before.out().getLast());

        Run made = topics("create", config, "--partitions", "4", "--replication", "1");
        assertEquals(0, made.status(), made.err());
        assertEquals("Made 11, there already 0.", made.out().getLast());
        assertTrue(made.out().contains("made made-models, 1 partition, cleanup.policy=compact,"
                + " max.message.bytes=67108864"), made.out().toString());
        assertEquals("Made 0, there already 11.", topics("create", config).out().getLast());
        Run after = topics("check", config, "--json");
        assertEquals(0, after.status(), after.err());
        assertEquals(List.of("11 topics, 0 wrong, 0 weak.", "{\"ready\":true,\"faults\":[]}"), after.out());
    }

    @Test
    void partitionsThatStatesBelongToStay() throws IOException {
        Path config = config("kept");
        make(config, topic("kept-observations", 3, Map.of()));
        Run run = topics("create", config, "--partitions", "5");
        assertEquals(1, run.status());
        assertEquals(
                "gatecast: --partitions: topic kept-observations is there with 3 partitions, which its states belong"
                        + " to: leave the option out, or begin with topics of other names",
                run.err().strip());
        assertEquals("Made 9, there already 1.", topics("create", config).out().getLast());
        assertEquals("gatecast: --replication: expected a number from 1 to 127, found 0",
                topics("create", config, "--replication", "0").err().strip());
    }

    @Test
    void anInstanceRefusesWrongTopicsWithTheCommandsThatMendThem() throws IOException {
        Path config = config("wrong");
        String mend = "kafka-configs --bootstrap-server " + broker.bootstrapServers()
                + " --alter --entity-type topics --entity-name ";
        make(config, topic("wrong-observations", 3, Map.of()),
                topic("wrong-forecasts", 2, Map.of("max.message.bytes", "100000")),
                topic("wrong-anomalies", 4, Map.of("message.timestamp.type", "LogAppendTime")),
                topic("wrong-models", 1, Map.of("max.message.bytes", "1000000")),
                topic("wrong-models.events", 1, Map.of("cleanup.policy", "compact,delete")),
                topic("wrong-observations.dead-letters", 1, Map.of("cleanup.policy", "compact")));

        IOException refused = assertThrows(IOException.class, () -> StreamsRunner.start(StreamsSettings.load(config)));

        assertEquals(
                String.join("; ", "topic wrong-forecasts has 2 partitions, the observations have 3: what comes of a"
                        + " series would not lie beside it: kafka-topics --bootstrap-server "
                        + broker.bootstrapServers()
                        + " --alter --topic wrong-forecasts --partitions 3",
                        "topic wrong-forecasts takes 100000 bytes a record, a forecast may have 8388608"
                                + " (producer.max.request.size): " + mend
                                + "wrong-forecasts --add-config max.message.bytes=8388608",
                        "topic wrong-models has cleanup.policy=delete, expected compact: retention would delete what still counts: "
                                + mend + "wrong-models --add-config cleanup.policy=compact",
                        "topic wrong-models.events has cleanup.policy=compact,delete, expected compact: retention would delete"
                                + " what still counts: " + mend
                                + "wrong-models.events --add-config cleanup.policy=compact",
                        "topic wrong-observations.dead-letters has cleanup.policy=compact, expected delete: the newest record of a"
                                + " series would delete those before it: " + mend
                                + "wrong-observations.dead-letters --add-config cleanup.policy=delete"),
                refused.getMessage());
        Run check = topics("check", config);
        assertEquals(1, check.status());
        assertEquals("10 topics, 7 wrong, 3 weak.", check.out().getLast());
        assertTrue(
                check.out().contains("weak  wrong-anomalies has 4 partitions, the observations have 3: who joins them"
                        + " does not find them side by side"),
                check.out().toString());
        assertTrue(check.out().contains("      " + mend + "wrong-models --add-config max.message.bytes=67108864"),
                check.out().toString());
    }

    @Test
    void aclsAreCommandsThatCanBeRun() throws IOException {
        Run run = topics("acls", config("acls"), "--role", "produce", "--principal", "User:sensors");
        assertEquals(0, run.status(), run.err());
        assertEquals(List.of("kafka-acls --bootstrap-server " + broker.bootstrapServers()
                + " --add --allow-principal 'User:sensors' --operation Write --topic 'acls-observations'"), run.out());
        List<String> of = topics("acls", config("acls"), "--role", "run", "--principal", "User:gatecast").out();
        assertTrue(of.contains("kafka-acls --bootstrap-server " + broker.bootstrapServers()
                + " --add --allow-principal 'User:gatecast' --operation Create --operation Read --operation Write"
                + " --operation DescribeConfigs --topic 'acls-' --resource-pattern-type prefixed"), of.toString());
        assertTrue(of.contains("kafka-acls --bootstrap-server " + broker.bootstrapServers()
                + " --add --allow-principal 'User:gatecast' --operation Write --transactional-id 'gatecast-models-acls-models'"),
                of.toString());
        assertEquals("gatecast: --principal: expected TYPE:NAME, as in User:gatecast, found 'gatecast'",
                topics("acls", config("acls"), "--role", "run", "--principal", "gatecast").err().strip());
    }
}
