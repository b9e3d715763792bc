package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.look.FanText;
import io.gatecast.avro.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `inspect` and `top` against a running server.
class LookTest {

    @Test
    void aFanIsDrawnInCharacters() throws Exception {
        JsonNode series = JsonMapper.builder().build().readTree("""
                {"observations": {"values": [[null, 0, 5, 10]]},
                 "forecast": {"values": [[[6, 4, 0], [8, 6, 4], [9, 8, 6]]]}}""");
        List<String> lines = FanText.draw(series, 0, 30, 11);
        assertEquals("     10.00    ●│", lines.get(0));
        assertEquals("               │░", lines.get(1));
        assertEquals("               │─░", lines.get(2));
        assertEquals("     5.000   ● │ ░░", lines.get(5));
        assertEquals("               │ ░─", lines.get(6));
        assertEquals("     0.000  ●  │  ░", lines.get(10));
    }

    @Test
    void aRunningInstanceIsLookedAt() throws Exception {
        FakeFleet fleet = FakeFleet.of(5);
        try (ApiServer server = ApiServer.start(HttpSettings.loopback(HttpSettings.ANY_PORT))) {
            server.attach(fleet.of(server));
            fleet.tellPast(server.events(), 30);
            fleet.fail("plant-2/sensor-004", server.events(), Severity.MAJOR);
            String url = "http://" + server.address();
            Run run = Gatecasts.run("inspect", "plant-2/sensor-004", "--url", url, "--json");
            assertEquals(0, run.status(), run.err());
            assertTrue(run.out().getFirst().startsWith(
                    "plant-2/sensor-004: 300 steps, the newest at 2026-01-13T12:00:00Z; model fake/2"),
                    run.out().getFirst());
            assertTrue(run.out().get(1).startsWith("Open episode: improbable, major, score 0.97"), run.out().get(1));
            assertTrue(run.out().stream().anyMatch(line -> line.contains("▒")));
            assertTrue(run.out().getLast().startsWith("{\"answer\":{\"id\":\"plant-2/sensor-004\""));
            run = Gatecasts.run("top", "--url", url, "--rows", "3");
            assertEquals(0, run.status(), run.err());
            assertTrue(run.out().getFirst().startsWith("5 series, 1 open episodes, MASE 0."), run.out().getFirst());
            assertTrue(run.out().get(3).startsWith("plant-2/sensor-004") && run.out().get(3).endsWith(
                    "improbable, major"), run.out().get(3));
            assertEquals(6, run.out().size());
            run = Gatecasts.run("inspect", "nobody", "--url", url);
            assertEquals(1, run.status());
            assertEquals("gatecast: " + url + ": nothing has come of a series 'nobody'", run.err().strip());
        }
    }

    @Test
    void nobodyThereIsToldInOneSentence() {
        Run run = Gatecasts.run("top", "--url", "http://127.0.0.1:1");
        assertEquals(1, run.status());
        assertEquals("gatecast: no instance answers at http://127.0.0.1:1: start one with run --port or"
                + " gatecast.http.port, or name another with --url", run.err().strip());
    }
}
