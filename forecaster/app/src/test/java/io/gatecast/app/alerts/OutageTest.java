package io.gatecast.app.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.alerts.Tally.Count;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.streams.AlertSettings.Patience;
import io.gatecast.streams.AlertSettings.Receiver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A receiver that is down for a minute. Pauses are the default ones, a hundred times as short; the test's clock goes on by
/// the whole ones.
@Timeout(60)
class OutageTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int SHORTER = 100;
    private static final Patience PATIENCE = Turns.receiver(Map.of("webhook.url", "http://127.0.0.1:1/")).patience();

    private final Tally tally = new Tally();
    private final MockProducer<byte[], byte[]> letters = new MockProducer<>(true, null, new ByteArraySerializer(),
            new ByteArraySerializer());

    /// @return how long the first so many pauses take
    private static Duration pauses(long count) {
        Duration sum = Duration.ZERO, pause = PATIENCE.backoff();
        for (int i = 0; i < count; i++) {
            sum = sum.plus(pause);
            pause = pause.multipliedBy(2).compareTo(PATIENCE.backoffMax()) < 0
                    ? pause.multipliedBy(2)
                    : PATIENCE.backoffMax();
        }
        return sum;
    }

    @Test
    void theDefaultPatienceOutlastsAMinuteEvenIfEveryPauseIsAQuarterShorter() {
        Duration least = pauses(PATIENCE.attempts() - 1).multipliedBy(3).dividedBy(4);
        assertTrue(least.compareTo(MINUTE) > 0, () -> "found " + least);
    }

    @Test
    void whatCameMeanwhileArrivesOnceAndInOrder() throws Exception {
        ReceivingServer down = ReceivingServer.start();
        int port = down.port();
        down.close();
        Receiver receiver = Turns.receiver(Map.of("webhook.url", "http://127.0.0.1:" + port + "/hook",
                "webhook.backoff", PATIENCE.backoff().toMillis() / SHORTER + "ms", "webhook.backoff.max",
                PATIENCE.backoffMax().toMillis() / SHORTER + "ms"));
        InstantSource clock = () -> now();
        Courier courier = new Courier(receiver, new Webhook(receiver, new Post(receiver, tally, clock), clock),
                () -> Mutes.NONE, new DeadLetterBox("lost", letters), tally, clock);
        List<Turn> turns = turns();
        Thread courierThread = Thread.ofPlatform().start(() -> {
            try {
                for (Turn turn : turns) {
                    courier.take(turn);
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        while (now().isBefore(Turns.START.plus(MINUTE))) {
            Thread.onSpinWait();
        }
        try (ReceivingServer returned = ReceivingServer.start(port)) {
            List<String> arrived = new ArrayList<>();
            for (int i = 0; i < turns.size(); i++) {
                JsonNode json = new ObjectMapper().readTree(returned.take().body());
                arrived.add(json.get("id").asText());
            }
            courierThread.join();
            assertEquals(turns.stream().map(Turn::id).toList(), arrived, "each once, in the order in which it came");
            assertEquals(0, returned.waiting());
        }
        assertEquals(turns.size(), tally.of(Count.SENT));
        assertEquals(0, tally.of(Count.UNDELIVERED));
        assertEquals(List.of(), letters.history());
    }

    /// By the pauses that there have been.
    private Instant now() {
        return Turns.START.plus(pauses(tally.of(Count.RETRIES)));
    }

    /// Of two episodes, the one within the other.
    private static List<Turn> turns() {
        return List.of(Turns.turn("pump", "pump@0", Phase.OPENED, 0, Severity.MINOR),
                Turns.turn("fan", "fan@0", Phase.OPENED, 0, Severity.MAJOR),
                Turns.turn("pump", "pump@0", Phase.UPDATED, 1, Severity.MAJOR),
                Turns.turn("fan", "fan@0", Phase.CLOSED, 1, Severity.MAJOR),
                Turns.turn("pump", "pump@0", Phase.CLOSED, 2, Severity.MAJOR));
    }
}
