package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.gatecast.avro.Phase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CloudEventsTest {
    private static final long HOUR = TestModels.HOUR;

    @TempDir
    private Path folder;

    @Test
    void aTurnIsACloudEventInBinaryModeWithTheSameBytes() {
        List<TestRecord<String, byte[]>> plain = turns("plain", Map.of());
        List<TestRecord<String, byte[]>> events = turns("events", Map.of("gatecast.anomalies.format", "cloudevents"));

        assertFalse(plain.isEmpty());
        assertEquals(plain.size(), events.size());
        Set<String> ids = new HashSet<>();
        Set<Phase> phases = new HashSet<>();
        try (CloudEventDeserializer deserializer = new CloudEventDeserializer();
                Bench bench = new Bench(folder.resolve("reading"))) {
            for (int i = 0; i < events.size(); i++) {
                TestRecord<String, byte[]> record = events.get(i);
                assertEquals(plain.get(i).key(), record.key());
                assertEquals(plain.get(i).timestamp(), record.timestamp());
                assertArrayEquals(plain.get(i).value(), record.value());

                var turn = bench.anomaly(record.value());
                long timestamp = turn.getTimestamp().toEpochMilli();
                Map<String, String> headers = text(record.headers());
                assertEquals(Map.of("ce_specversion", "1.0", "ce_id",
                        turn.getEpisodeId() + "/" + turn.getPhase() + "/" + timestamp, "ce_type",
                        "io.gatecast.anomaly." + turn.getPhase().name().toLowerCase(Locale.ROOT),
                        "ce_source", "/gatecast/gatecast", "ce_subject", "a", "ce_time",
                        Instant.ofEpochMilli(timestamp).toString(), "content-type",
                        "application/vnd.confluent.avro"), headers);
                CloudEvent event = deserializer.deserialize("anomalies", record.headers(), record.value());
                assertEquals(headers.get("ce_id"), event.getId());
                assertArrayEquals(record.value(), Objects.requireNonNull(event.getData()).toBytes());
                ids.add(event.getId());
                phases.add(turn.getPhase());
            }
        }
        assertEquals(events.size(), ids.size());
        assertEquals(Set.of(Phase.OPENED, Phase.CLOSED), Set.copyOf(phases.stream()
                .filter(phase -> phase != Phase.UPDATED).toList()));
    }

    private List<TestRecord<String, byte[]>> turns(String name, Map<String, String> more) {
        try (Bench bench = new Bench(Bench.settings(folder.resolve(name), more), Map.of())) {
            bench.publish(1, 0);
            for (int hour = 1; hour <= 260; hour++) {
                bench.observe("a", hour * HOUR, hour >= 201 && hour < 204 ? 1e4 * hour : Math.sin(hour));
            }
            return bench.anomalyRecords();
        }
    }

    private static Map<String, String> text(Headers headers) {
        Map<String, String> text = new TreeMap<>();
        headers.forEach(header -> text.merge(header.key(), new String(header.value(), UTF_8), (a, b) -> a + "; " + b));
        return text;
    }
}
