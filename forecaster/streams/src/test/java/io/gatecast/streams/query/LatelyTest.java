package io.gatecast.streams.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Scope;
import io.gatecast.avro.Severity;
import io.gatecast.series.Forecast;
import io.gatecast.streams.query.Lately.Order;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatelyTest {
    private final Lately lately = new Lately();

    private static Forecast forecast(long origin, int version) {
        return new Forecast(origin, 1000, 2, 1, new float[]{0.1f, 0.5f, 0.9f}, new float[]{1, 2, 3, 4, 5, 6}, "m",
                version, true);
    }

    private static Anomaly anomaly(Phase phase, long time, Severity severity, double score) {
        return new Anomaly("s@1", phase, Instant.ofEpochMilli(time), 0, 1.0, 2.0, 1.0, 3.0, score, severity, "m", 1,
                Kind.IMPROBABLE, List.of());
    }

    private static Evaluation evaluation(long end, int version, double mase, double coverage) {
        return new Evaluation(Instant.ofEpochMilli(end - 1), Instant.ofEpochMilli(end), "m", version, 1L, mase, null,
                1.0, 1.0, coverage, 0.8, 1.0, 0L, 0.25, null, 1, Scope.SERIES, 1);
    }

    @Test
    void graveEpisodesComeFirstThenLargeErrors() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            lately.take(id, forecast(0, 1));
        }
        lately.take("b", evaluation(1, 1, 0.5, 0.8));
        lately.take("c", evaluation(1, 1, 1.5, 0.6));
        lately.take("d", anomaly(Phase.OPENED, 1, Severity.MINOR, 0.9));
        lately.take("e", anomaly(Phase.OPENED, 1, Severity.MAJOR, 0.5));
        assertEquals(List.of("e", "d", "c", "b", "a"), ids(Order.ATTENTION));
        assertEquals(List.of("c", "b", "a", "d", "e"), ids(Order.ERROR));
        lately.take("e", anomaly(Phase.CLOSED, 2, Severity.MAJOR, 0.1));
        assertEquals(List.of("d", "c", "b", "a", "e"), ids(Order.ATTENTION));
        assertEquals(List.of("c"), lately.ranked(Order.ATTENTION, "C", 0, 9).stream()
                .map(Lately.Standing::seriesId).toList());
        assertEquals(List.of("c"), lately.ranked(Order.ATTENTION, "", 1, 1).stream()
                .map(Lately.Standing::seriesId).toList());
    }

    private List<String> ids(Order order) {
        return lately.ranked(order, "", 0, 99).stream().map(Lately.Standing::seriesId).toList();
    }

    @Test
    void whatWasForecastOfAStepIsKeptForSoManySteps() {
        for (int i = 0; i < 500; i++) {
            lately.take("a", forecast(i * 1000L, i < 490 ? 1 : 2));
        }
        List<Lately.Said> past = lately.pastOf("a");
        assertEquals(192, past.size());
        assertEquals(500_000, past.getLast().time());
        assertEquals(2, past.getLast().version());
        assertEquals(List.of(), lately.pastOf("unseen"));
        Lately.Standing standing = lately.standing("a");
        assertNotNull(standing);
        assertEquals(499_000, standing.time());
        assertNull(lately.standing("unseen"));
    }

    @Test
    void anomaliesAreToldFromATimeOnOldestFirstTheNewestSoMany() {
        for (int i = 0; i < 10; i++) {
            lately.take("a", anomaly(Phase.OPENED, i, Severity.MINOR, 0.5));
        }
        assertEquals(List.of(7L, 8L, 9L), lately.anomalies(4, 3).stream()
                .map(turn -> turn.anomaly().getTimestamp().toEpochMilli()).toList());
        assertEquals(10, lately.anomaliesOf("a").size());
        assertEquals(10, lately.totals().episodes());
    }

    @Test
    void totalsAndWindowsAreMeansOverSeries() {
        lately.take("a", forecast(0, 1));
        lately.take("b", forecast(0, 2));
        lately.take("a", evaluation(10, 1, 0.5, 0.7));
        lately.take("b", evaluation(10, 1, 1.5, 0.9));
        lately.take("b", evaluation(20, 2, 1.0, 0.9));
        Lately.Totals totals = lately.totals();
        assertEquals(0.75, totals.mase());
        assertEquals(0.8, totals.coverage());
        assertEquals(Map.of(1, 1, 2, 1), totals.versions());
        assertEquals(List.of(new Lately.Window(10, 2, 1.0, 0.8, 0.25)), lately.windows().get("m/1"));
    }

    @Test
    void windowsThatEndWithinOneLengthGoTogether() {
        for (int end : new int[]{101, 150, 200, 201}) {
            Evaluation evaluation = evaluation(end, 1, 1, 0.9);
            evaluation.setWindowStart(Instant.ofEpochMilli(end - 100));
            lately.take("s" + end, evaluation);
        }
        assertEquals(List.of(200L, 300L), lately.windows().getOrDefault("m/1", List.of()).stream()
                .map(Lately.Window::end).toList());
    }
}
