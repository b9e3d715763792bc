package io.gatecast.app.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.alerts.ReceivingServer.Request;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.streams.AlertSettings.Receiver;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against Alertmanager's OpenAPI: an array of `postableAlert {labels, annotations, startsAt, endsAt, generatorURL}`, labels
/// and annotations being maps of strings, moments `date-time`.
@Timeout(60)
class AlertmanagerTest {
    private static final Instant NOW = Turns.at(60);
    private static final Set<String> POSTABLE = Set.of("labels", "annotations", "startsAt", "endsAt", "generatorURL");

    private ReceivingServer server;
    private Alertmanager alertmanager;

    @BeforeEach
    void start() throws IOException {
        server = ReceivingServer.start();
        Receiver receiver = Turns.receiver(Map.of("alertmanager.url", server.url() + "/prefix/",
                "alertmanager.resend", "1m", "alertmanager.attempts", "1"));
        InstantSource clock = InstantSource.fixed(NOW);
        alertmanager = new Alertmanager(receiver, new Post(receiver, new Tally(), clock), clock);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anEpisodeIsAnAlertUntilItCloses() throws Exception {
        Turn opened = Turns.turn("pump", "pump@0", Phase.OPENED, 0, Severity.MINOR);
        Episode episode = new Episode(opened);
        alertmanager.tell(opened, episode);
        JsonNode alert = one(alerts());
        assertEquals(new TreeSet<>(Map.of("alertname", "", "series", "", "kind", "", "severity", "", "channel", "",
                "model", "").keySet()), new TreeSet<>(names(alert.get("labels"))));
        assertEquals("pump", alert.get("labels").get("series").asText());
        assertEquals("minor", alert.get("labels").get("severity").asText());
        assertEquals("1", alert.get("labels").get("channel").asText());
        assertEquals("pump@0", alert.get("annotations").get("episode").asText());
        assertEquals(Turns.at(0).toString(), alert.get("startsAt").asText());
        assertEquals(NOW.plusSeconds(240).toString(), alert.get("endsAt").asText());

        episode.tell(opened);
        Turn closed = Turns.turn("pump", "pump@0", Phase.CLOSED, 30, Severity.CRITICAL);
        alertmanager.tell(closed, episode);
        JsonNode resolved = one(alerts());
        assertEquals(alert.get("labels"), resolved.get("labels"), "an alert is its labels");
        assertEquals(alert.get("startsAt"), resolved.get("startsAt"));
        assertEquals(Turns.at(30).toString(), resolved.get("endsAt").asText());
    }

    @Test
    void aGraverEpisodeIsAnotherAlertAndTheOldOneEnds() throws Exception {
        Turn opened = Turns.turn("pump", "pump@0", Phase.OPENED, 0, Severity.MINOR);
        Episode episode = new Episode(opened);
        episode.tell(opened);
        alertmanager.tell(Turns.turn("pump", "pump@0", Phase.UPDATED, 5, Severity.MINOR), episode);
        assertEquals(NOW.plusSeconds(240).toString(), one(alerts()).get("endsAt").asText());

        alertmanager.tell(Turns.turn("pump", "pump@0", Phase.UPDATED, 6, Severity.CRITICAL), episode);
        List<JsonNode> both = alerts();
        assertEquals(2, both.size());
        assertEquals("minor", both.get(0).get("labels").get("severity").asText());
        assertEquals(Turns.at(6).toString(), both.get(0).get("endsAt").asText());
        assertEquals("critical", both.get(1).get("labels").get("severity").asText());
        assertEquals(Turns.at(0).toString(), both.get(1).get("startsAt").asText());
        assertEquals(NOW.plusSeconds(240).toString(), both.get(1).get("endsAt").asText());
    }

    @Test
    void whatIsOpenIsSaidAgainInOneRequest() throws Exception {
        Episode told = new Episode(Turns.turn("a", "a@0", Phase.OPENED, 0, Severity.MINOR));
        told.tell(told.first());
        Episode untold = new Episode(Turns.turn("b", "b@0", Phase.OPENED, 0, Severity.MINOR));
        assertFalse(alertmanager.remind(List.of(untold)));
        assertTrue(alertmanager.remind(List.of(told, untold, told)));
        assertEquals(2, alerts().size());
        assertEquals(0, server.waiting());
        server.willAnswer(500);
        assertThrows(Undelivered.class, () -> alertmanager.remind(List.of(told)));
    }

    /// A clock of ours that is behind the events must not make an alert that ends before it starts.
    @Test
    void anEndIsNeverAheadOfNowNorBeforeTheStart() throws Exception {
        Turn opened = Turns.turn("pump", "pump@0", Phase.OPENED, 100, Severity.MINOR);
        Episode episode = new Episode(opened);
        episode.tell(opened);
        alertmanager.tell(Turns.turn("pump", "pump@0", Phase.CLOSED, 110, Severity.MINOR), episode);
        JsonNode alert = one(alerts());
        assertEquals(NOW.toString(), alert.get("startsAt").asText());
        assertEquals(NOW.toString(), alert.get("endsAt").asText());
    }

    private List<JsonNode> alerts() throws Exception {
        Request request = server.take();
        assertEquals("POST /prefix/api/v2/alerts", request.method() + " " + request.path());
        assertEquals("application/json", request.header("Content-Type"));
        List<JsonNode> alerts = new ArrayList<>();
        new ObjectMapper().readTree(request.body()).forEach(alerts::add);
        for (JsonNode alert : alerts) {
            assertTrue(POSTABLE.containsAll(names(alert)), alert.toString());
            for (JsonNode map : List.of(alert.get("labels"), alert.get("annotations"))) {
                map.forEach(value -> assertTrue(value.isTextual(), map.toString()));
            }
            assertFalse(Instant.parse(alert.get("endsAt").asText())
                    .isBefore(Instant.parse(alert.get("startsAt").asText())));
        }
        return alerts;
    }

    private static JsonNode one(List<JsonNode> alerts) {
        assertEquals(1, alerts.size());
        return alerts.getFirst();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
