package io.gatecast.app.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.streams.ChangelogEnds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of a question for a changelog's end where all is well; where it is not, see
/// [io.gatecast.app.chaos.DeposedLeaderIT].
@Timeout(60)
class ChangelogEndsIT {
    private static final TopicPartition FIRST = new TopicPartition("app-series-changelog", 0);
    private static final TopicPartition SECOND = new TopicPartition("app-series-changelog", 1);

    @Test
    void anEndLiesBehindATombstoneForNobody() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = ChangelogEnds.admin(properties, properties)) {
                admin.createTopics(List.of(new NewTopic(FIRST.topic(), 2, (short) 1))).all().get();

                assertEquals(0, admin.listOffsets(Map.of(FIRST, OffsetSpec.latest())).partitionResult(FIRST).get()
                        .offset(), "who only wants to know about where it ends writes nothing");
                var ends = admin.listOffsets(Map.of(FIRST, OffsetSpec.latest(), SECOND, OffsetSpec.earliest()),
                        new ListOffsetsOptions());
                assertEquals(1, ends.partitionResult(FIRST).get().offset());
                assertEquals(0, ends.partitionResult(SECOND).get().offset());
            }
            try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
                consumer.assign(List.of(FIRST, SECOND));
                consumer.seekToBeginning(List.of(FIRST, SECOND));
                List<ConsumerRecord<String, String>> records = consumer.poll(Duration.ofSeconds(20)).records(FIRST);
                assertEquals(1, records.size());
                assertEquals("\uFFFD", records.getFirst().key());
                assertEquals(null, records.getFirst().value());
                assertEquals(0, consumer.endOffsets(List.of(SECOND)).get(SECOND));
            }
        }
    }

    @Test
    void anEndThatCannotBeToldIsNamed() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = ChangelogEnds.admin(properties, Map.of("bootstrap.servers", broker.bootstrapServers(),
                    "max.request.size", "10"))) {
                admin.createTopics(List.of(new NewTopic(FIRST.topic(), 2, (short) 1))).all().get();
                KafkaException e = assertThrows(KafkaException.class,
                        () -> admin.listOffsets(Map.of(FIRST, OffsetSpec.latest()), new ListOffsetsOptions()));
                String said = String.valueOf(e.getMessage());
                assertTrue(
                        said.startsWith("app-series-changelog-0 cannot be written, which would tell where it ends: "),
                        said);
            }
        }
    }
}
