package io.gatecast.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatecast.streams.ChangelogEnds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A broker that was cut off, lost its partitions to others, and is seen by clients again before it has heard of that. What it
/// says of a changelog's end is of before; who restores a store up to there loses what was committed since.
///
/// Needs containers, as [ClusterChaosIT] does.
final class DeposedLeaderIT {
    private static final TopicPartition CHANGELOG = new TopicPartition("app-series-changelog", 0);
    private static final Map<TopicPartition, OffsetSpec> END = Map.of(CHANGELOG, OffsetSpec.latest());
    /// What Kafka Streams asks with before it restores.
    private static final ListOffsetsOptions AS_STREAMS = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
    private static final int BEFORE = 10;
    private static final int SINCE = 7;

    @Test
    @Timeout(180)
    void whatADeposedLeaderSaysIsNotTakenForTheEnd() throws Exception {
        Optional<String> missing = Containers.missing();
        missing.ifPresent(why -> System.out.println("DeposedLeaderIT is skipped: " + why));
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        try (BrokerContainers brokers = BrokerContainers.start()) {
            int leader;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.servers()));
                    Producer<String, String> producer = new KafkaProducer<>(
                            Map.of("bootstrap.servers", brokers.servers(), "acks", "all", "request.timeout.ms", "5000"),
                            new StringSerializer(), new StringSerializer())) {
                admin.createTopics(List.of(new NewTopic(CHANGELOG.topic(), 1, (short) 3))).all().get();
                write(producer, BEFORE);
                leader = admin.describeTopics(List.of(CHANGELOG.topic())).allTopicNames().get().get(CHANGELOG.topic())
                        .partitions().getFirst().leader().id();
                brokers.cutOff(leader);
                write(producer, SINCE); // which the others take once they have a leader among them
            }
            brokers.pauseAllBut(leader);
            brokers.reconnect(leader);
            // A client that has heard of the others asks them, too, and must not wait for them.
            Map<String, Object> toDeposed = Map.of("bootstrap.servers", brokers.server(leader), "request.timeout.ms",
                    "1000", "default.api.timeout.ms", "10000");
            try (Admin admin = Admin.create(toDeposed); Admin ends = ChangelogEnds.admin(toDeposed, toDeposed)) {
                assertEquals(BEFORE, endToldBy(admin), "the deposed leader answers, and has not heard");
                assertThrows(TimeoutException.class, () -> ends.listOffsets(END, AS_STREAMS));
                brokers.resumeAllBut(leader);
                assertTrue(endToldBy(ends) > BEFORE + SINCE);
            }
        }
    }

    private static void write(Producer<String, String> producer, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(CHANGELOG.topic(), CHANGELOG.partition(), "key-" + i, "value")).get();
        }
    }

    /// Asks again and again until there is an answer.
    private static long endToldBy(Admin admin) throws InterruptedException {
        while (true) {
            try {
                return admin.listOffsets(END, AS_STREAMS).partitionResult(CHANGELOG).get().offset();
            } catch (TimeoutException | ExecutionException notYet) {
                continue;
            }
        }
    }
}
