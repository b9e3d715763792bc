package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Cause;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.streams.AlertSettings.Receiver;
import io.gatecast.streams.StreamsSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Turns and receivers for tests.
final class Turns {
    static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static long offset;

    private Turns() {}

    /// @param minute of the event, after [#START]
    static Turn turn(String series, String episode, Phase phase, long minute, Severity severity) {
        return turn(series, anomaly(episode, phase, minute, severity));
    }

    static Turn turn(String series, Anomaly anomaly) {
        return new Turn(new ConsumerRecord<>("anomalies", 0, offset++, series.getBytes(UTF_8),
                anomaly.getEpisodeId().getBytes(UTF_8)), anomaly);
    }

    static Anomaly anomaly(String episode, Phase phase, long minute, Severity severity) {
        return new Anomaly(episode, phase, at(minute), 1, 7.25, 3.5, 3.0, Double.NaN, 0.999, severity, "fleet", 4,
                Kind.IMPROBABLE, List.of(new Cause("covariate heat", 1, 0.5, -2.5)));
    }

    static Instant at(long minute) {
        return START.plusSeconds(60 * minute);
    }

    /// @param more keys behind `gatecast.alerts.`, among them an address
    static Receiver receiver(Map<String, String> more) {
        Map<String, String> entries = new HashMap<>(
                Map.of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url", "mock://turns"));
        more.forEach((key, value) -> entries.put("gatecast.alerts." + key, value));
        return StreamsSettings.of(entries).alerts().receivers().getFirst();
    }
}
