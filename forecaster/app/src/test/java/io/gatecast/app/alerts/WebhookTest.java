package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.alerts.ReceivingServer.Request;
import io.gatecast.app.alerts.Tally.Count;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.streams.AlertSettings.Receiver;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00.789Z");
    private static final Turn TURN = Turns.turn("pumpe-7/ü", "pumpe-7/ü@5", Phase.OPENED, 3, Severity.MAJOR);

    private final Tally tally = new Tally();
    private ReceivingServer server;

    @BeforeEach
    void start() throws IOException {
        server = ReceivingServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aTurnIsJsonWithEveryFieldOfTheContract() throws Exception {
        tell(Map.of("webhook.authorization", "Bearer t"));
        Request request = server.take();
        assertEquals("POST", request.method());
        assertEquals("/hook?x=1", request.path());
        assertEquals("application/json", request.header("Content-Type"));
        assertEquals("Bearer t", request.header("Authorization"));
        assertEquals("pumpe-7/%C3%BC@5/OPENED/" + Turns.at(3).toEpochMilli(), request.header("Idempotency-Key"));
        assertNull(request.header("webhook-signature"));
        JsonNode json = new ObjectMapper().readTree(request.body());
        assertEquals("pumpe-7/ü@5/OPENED/" + Turns.at(3).toEpochMilli(), json.get("id").asText());
        assertEquals("io.gatecast.anomaly.opened", json.get("type").asText());
        assertEquals("pumpe-7/ü", json.get("series").asText());
        assertEquals("2026-01-31T12:03:00Z", json.get("timestamp").asText());
        assertEquals(7.25, json.get("observed").asDouble());
        assertTrue(json.get("upper").isNull(), "NaN is no JSON");
        assertEquals("MAJOR", json.get("severity").asText());
        TURN.anomaly().getSchema().getFields()
                .forEach(field -> assertTrue(json.has(field.name()), () -> field.name() + " in " + json));
    }

    /// By the standard's words, not by our class; the example is the standard's own.
    @Test
    void aSignatureIsThatOfStandardWebhooks() throws Exception {
        assertEquals("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                new Signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                        "{\"test\": 2432232314}".getBytes(UTF_8)));

        tell(Map.of("webhook.secret", "s3cret"));
        Request request = server.take();
        String id = request.header("webhook-id"), seconds = request.header("webhook-timestamp");
        assertEquals(Long.toString(NOW.getEpochSecond()), seconds);
        assertEquals(request.header("Idempotency-Key"), id);
        assertEquals("v1," + hmac("s3cret", id + "." + seconds + "." + request.body()),
                request.header("webhook-signature"));
    }

    private static String hmac(String secret, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    }

    @Test
    void aSecretThatIsNoBase64IsRefused() {
        assertEquals("gatecast.alerts.webhook.secret: expected base64 behind whsec_: Illegal base64 character 21",
                assertThrows(IllegalArgumentException.class, () -> new Signature("whsec_!!!!")).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 503})
    void whatMayPassIsTriedAgainUnderTheSameId(int status) throws Exception {
        server.willAnswer(status, status);
        tell(Map.of());
        String id = server.take().header("webhook-id");
        assertNotNull(id);
        assertEquals(id, server.take().header("webhook-id"));
        assertEquals(id, server.take().header("webhook-id"));
        assertEquals(0, server.waiting());
        assertEquals(2, tally.of(Count.RETRIES));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 410})
    void whatWillNotPassIsNotTriedAgain(int status) throws Exception {
        server.willAnswer(status, Map.of("Location", "/elsewhere"));
        Undelivered refused = assertThrows(Undelivered.class, () -> tell(Map.of()));
        assertFalse(refused.mayPass());
        assertEquals(1, refused.attempts());
        assertTrue(String.valueOf(refused.getMessage()).endsWith(" answered " + status + " at attempt 1 of 5"),
                refused.getMessage());
        server.take();
        assertEquals(0, server.waiting());
    }

    @Test
    void retriesEnd() throws Exception {
        server.willAnswer(500, 500, 500, 500, 500);
        Undelivered exhausted = assertThrows(Undelivered.class, () -> tell(Map.of()));
        assertTrue(exhausted.mayPass());
        assertEquals(5, exhausted.attempts());
        assertTrue(String.valueOf(exhausted.getMessage()).endsWith(" answered 500 at attempt 5 of 5"),
                exhausted.getMessage());
        assertEquals(5, server.waiting());
    }

    @Test
    void aSlowAnswerIsNone() throws Exception {
        server.willAnswer(0, 0);
        tell(Map.of("webhook.timeout", "100ms"));
        for (int i = 0; i < 3; i++) {
            server.take();
        }
        assertEquals(2, tally.of(Count.RETRIES));
    }

    @Test
    void retryAfterIsWaitedForUpToTheLongestPause() throws Exception {
        server.willAnswer(429, Map.of("Retry-After", "3600"));
        server.willAnswer(503, Map.of("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME
                .format(NOW.plusSeconds(3600).atOffset(ZoneOffset.UTC))));
        server.willAnswer(503, Map.of("Retry-After", "soon"));
        long begin = System.nanoTime();
        tell(Map.of("webhook.backoff.max", "300ms"));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertEquals(4, server.waiting());
        assertTrue(took.toMillis() >= 600, () -> "two pauses of 300 ms at least, took " + took);
    }

    /// Down means that nothing listens: the port is given back, and taken again while the webhook is trying.
    @Test
    void aReceiverThatWasDownIsToldWhenItReturns() throws Exception {
        int port = server.port();
        Map<String, String> patience = Map.of("webhook.attempts", "3000");
        Post post = post(receiver(patience));
        Webhook webhook = new Webhook(receiver(patience), post, InstantSource.fixed(NOW));
        server.close();
        Thread telling = Thread.ofPlatform().start(() -> {
            try {
                webhook.tell(TURN, new Episode(TURN));
            } catch (Undelivered | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        while (tally.of(Count.RETRIES) < 3) {
            Thread.onSpinWait();
        }
        server = ReceivingServer.start(port);
        assertEquals("/hook?x=1", server.take().path());
        telling.join();
        assertEquals(0, server.waiting());
    }

    private void tell(Map<String, String> more) throws Undelivered, InterruptedException {
        Receiver receiver = receiver(more);
        new Webhook(receiver, post(receiver), InstantSource.fixed(NOW)).tell(TURN, new Episode(TURN));
    }

    private Post post(Receiver receiver) {
        return new Post(receiver, tally, InstantSource.fixed(NOW));
    }

    private Receiver receiver(Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of("webhook.url", server.url() + "/hook?x=1",
                "webhook.backoff", "2ms", "webhook.backoff.max", "5ms", "webhook.attempts", "5"));
        keys.putAll(more);
        return Objects.requireNonNull(Turns.receiver(keys));
    }
}
