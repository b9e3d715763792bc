package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Kind;
import io.gatecast.avro.Severity;
import io.gatecast.series.AlarmBudget;
import io.gatecast.streams.AlertSettings.Protocol;
import io.gatecast.streams.AlertSettings.Receiver;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlertSettingsTest {
    private static final String URL = "gatecast.alerts.webhook.url";

    @Test
    void withoutReceiversThereAreTopicsAlone() {
        assertEquals(new AlertSettings(AlarmBudget.DEFAULT, "mutes", "labels", "anomalies.undelivered",
                List.of()), of(Map.of()));
        assertEquals("odd.undelivered", of(Map.of("gatecast.topic.anomalies", "odd")).deadLettersTopic());
    }

    @Test
    void howManyAlarmsAreWantedMayDifferBySeries() {
        AlarmBudget budget = of(Map.of("gatecast.alerts.per-day", "36", "gatecast.alerts.per-day.except",
                "pump-.*=1000; test=0")).budget();
        assertEquals(0.036 / 288, budget.alarmsAStep("fan-1", 300_000), 1e-12);
        assertEquals(1.0 / 288, budget.alarmsAStep("pump-1", 300_000), 1e-12);
        assertEquals(0, budget.alarmsAStep("test", 300_000));
        assertEquals(1.0 / 8000, of(Map.of()).budget().alarmsAStep("fan-1", 300_000));
    }

    @Test
    void everyAddressIsAReceiverWithWhatIsSaidOfItsKind() {
        AlertSettings settings = of(Map.of(URL, "http://a/hook, https://b:8443/?x=1", "gatecast.alerts.webhook.secret",
                "s", "gatecast.alerts.webhook.timeout", "3s", "gatecast.alerts.webhook.severity", "Major",
                "gatecast.alerts.webhook.kinds", "silence", "gatecast.alerts.alertmanager.url", "http://am:9093",
                "gatecast.alerts.alertmanager.resend", "20s", "gatecast.alerts.alertmanager.authorization",
                "Bearer t"));
        Receiver first = settings.receivers().get(0), second = settings.receivers().get(1);
        assertEquals(List.of("webhook at a", "webhook at b:8443", "alertmanager at am:9093"), settings.receivers()
                .stream().map(each -> each.toString().replaceFirst("-[0-9a-f]{8} ", " ")).toList());
        assertEquals(3, settings.receivers().stream().map(Receiver::id).distinct().count());
        assertEquals("s", second.secret());
        assertEquals(Duration.ofSeconds(3), first.patience().timeout());
        assertEquals(Severity.MAJOR, first.filter().least());
        assertEquals(Set.of(Kind.SILENCE), first.filter().kinds());
        Receiver third = settings.receivers().get(2);
        assertEquals(Protocol.ALERTMANAGER, third.protocol());
        assertEquals(URI.create("http://am:9093"), third.url());
        assertEquals("", third.secret());
        assertEquals("Bearer t", third.authorization());
        assertEquals(Duration.ofSeconds(20), third.resend());
        assertEquals(EnumSet.allOf(Kind.class), third.filter().kinds());
        assertTrue(third.filter().series().matcher("any/1").matches());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            per-day                | many        | expected a number of alarms, at least 0, found 'many'
            per-day.except         | pump        | expected REGEX=NUMBER, separated by semicolons, found 'pump'
            per-day.except         | (=1         | expected a regular expression, found '(': Unclosed group
            webhook.url            | ftp://a/b   | expected addresses such as https://host/path, found 'ftp://a/b'
            webhook.url            | http:///b   | expected addresses such as https://host/path, found 'http:///b'
            webhook.attempts       | 0           | expected a number from 1 to 9999, found '0'
            webhook.backoff.max    | 1ms         | expected at least the 500ms of gatecast.alerts.webhook.backoff, found 1ms
            webhook.timeout        | soon        | expected a length of time such as 5s, 15m, 1h or 1d, found 'soon'
            alertmanager.severity  | bad         | expected minor, major, critical, found 'bad'
            alertmanager.series    | (           | expected a regular expression, found '(': Unclosed group
            """)
    void whatCannotBeIsRefused(String key, String value, String sentence) {
        var refused = assertThrows(IllegalArgumentException.class,
                () -> of(Map.of("gatecast.alerts." + key, value)));
        assertEquals("settings: gatecast.alerts." + key + ": " + sentence, refused.getMessage());
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearest() {
        var refused = assertThrows(IllegalArgumentException.class, () -> of(Map.of("gatecast.alerts.webhok.url", "x")));
        assertEquals("settings: gatecast.alerts.webhok.url: no such key; did you mean gatecast.alerts.webhook.url?",
                refused.getMessage());
    }

    @Test
    void aFormatOfAnomaliesIsOneOfTwo() {
        assertFalse(settings(Map.of()).cloudEvents());
        assertTrue(settings(Map.of("gatecast.anomalies.format", "cloudevents")).cloudEvents());
        assertEquals("settings: gatecast.anomalies.format: expected avro or cloudevents, found 'json'",
                assertThrows(IllegalArgumentException.class,
                        () -> settings(Map.of("gatecast.anomalies.format", "json"))).getMessage());
    }

    private static AlertSettings of(Map<String, String> more) {
        return settings(more).alerts();
    }

    private static StreamsSettings settings(Map<String, String> more) {
        Map<String, String> entries = new HashMap<>(more);
        entries.putAll(Map.of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url", "mock://alerts"));
        return StreamsSettings.of(entries);
    }
}
