package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before any cluster is asked.
class AlertsCommandTest {
    @TempDir
    Path folder;

    private Run alerts(String more, String... arguments) throws IOException {
        Path config = Files.writeString(folder.resolve("a.properties"),
                "bootstrap.servers=127.0.0.1:1\nschema.registry.url=mock://alerts-command\n" + more);
        List<String> all = new ArrayList<>(List.of("alerts"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return Gatecasts.run(all.toArray(String[]::new));
    }

    @Test
    void whoeverDeliversSaysToWhom() throws IOException {
        Run run = alerts("", "deliver");
        assertEquals(1, run.status());
        assertEquals("gatecast: nobody is to be told: expected gatecast.alerts.webhook.url or"
                + " gatecast.alerts.alertmanager.url, found neither\n", run.err());
    }

    @Test
    void aKeyThatIsNoneIsRefusedWithItsLine() throws IOException {
        Run run = alerts("gatecast.alerts.webhook.tiemout=5s\n", "deliver");
        assertEquals(1, run.status());
        assertTrue(run.err().endsWith(
                "a.properties:3: gatecast.alerts.webhook.tiemout: no such key; did you mean"
                        + " gatecast.alerts.webhook.timeout?\n"),
                run.err());
    }

    @Test
    void aMuteHasAPatternAndAnEndBehindItsBeginning() throws IOException {
        assertEquals("gatecast: PATTERN: expected a regular expression, found '(': Unclosed group\n",
                alerts("", "mute", "(", "--to", "2100-01-01", "--reason", "x").err());
        assertEquals("gatecast: --to: expected a time after 2026-01-02T00:00:00Z, found 2026-01-01T00:00:00Z\n",
                alerts("", "mute", "a", "--from", "2026-01-02", "--to", "2026-01-01", "--reason", "x").err());
        assertEquals(2, alerts("", "mute", "a", "--to", "2100-01-01").status());
    }

    @Test
    void aLabelSaysOneThing() throws IOException {
        assertEquals(2, alerts("", "label", "e").status());
        assertEquals(2, alerts("", "label", "e", "--true-alarm", "--false-alarm").status());
    }
}
