package io.gatecast.streams;

import static io.gatecast.streams.TestModels.HOUR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Label;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people say of alarms, in the stream.
class LabelsTest {
    private static final int HOURS = 400;
    private static final int FROM = 60;

    @TempDir
    Path folder;

    /// Said before anything was observed, or in the midst of it but before it counts: the same turns, to the bit.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLabelCountsFromItsEventTimeWheneverItCame(long seed) {
        List<String> early = turns(seed, 0, Verdict.FALSE_ALARM, "a"), late = turns(seed, FROM - 1, Verdict.FALSE_ALARM,
                "a"), none = turns(seed, 0, null, "a");
        assertEquals(early, late);
        assertEquals(until(none), until(early));
    }

    /// Never one more in any of the pasts, and fewer in all together.
    @Test
    void falseAlarmsLeaveFewerAlarms() {
        int with = 0, without = 0;
        for (long seed = 1; seed <= 3; seed++) {
            int fewer = openings(turns(seed, 0, Verdict.FALSE_ALARM, "a")), usual = openings(turns(seed, 0, null, "a"));
            assertTrue(fewer <= usual, "seed " + seed + ": " + fewer + " of " + usual);
            with += fewer;
            without += usual;
        }
        assertTrue(with < without, with + " of " + without);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void othersAndTrueAlarmsChangeNothing(long seed) {
        List<String> none = turns(seed, 0, null, "a");
        assertEquals(none, turns(seed, 0, Verdict.FALSE_ALARM, "b"));
        assertEquals(none, turns(seed, 0, Verdict.TRUE_ALARM, "a"));
    }

    @Test
    void whatIsTakenBackOrCannotBeReadSaysNothing() {
        List<String> none = turns(1, 0, null, "a");
        try (Bench bench = bench()) {
            label(bench, Verdict.FALSE_ALARM, "a");
            bench.labelRaw("a@9", "nonsense".getBytes(UTF_8));
            for (int i = 0; i < 4; i++) {
                bench.label("a@" + i, null);
            }
            assertEquals(none, turns(bench, 1, 0, null, "a"));
            assertEquals("{}", bench.contents(Stores.LABELS).toString());
        }
    }

    /// With a budget of an alarm in fifty steps, so that there are many to compare.
    private Bench bench() {
        return new Bench(Bench.settings(folder, Map.of("gatecast.alerts.per-day", "480")), Map.of());
    }

    private List<String> turns(long seed, int said, @Nullable Verdict verdict, String series) {
        try (Bench bench = bench()) {
            return turns(bench, seed, said, verdict, series);
        }
    }

    /// Noise with spikes of all sizes.
    private static List<String> turns(Bench bench, long seed, int said, @Nullable Verdict verdict, String series) {
        Random random = new Random(seed);
        bench.publish(1, 0);
        for (int hour = 0; hour < HOURS; hour++) {
            if (hour == said && verdict != null) {
                label(bench, verdict, series);
            }
            double size = hour % 23 == 22 ? 3 + random.nextInt(20) : 1;
            bench.observe("a", hour * HOUR, size * random.nextGaussian());
        }
        List<String> turns = new ArrayList<>();
        bench.anomalies().forEach(turn -> turns.add(turn.timestamp() + " " + turn.value()));
        return turns;
    }

    /// Four of one verdict, which is as much as counts.
    private static void label(Bench bench, Verdict verdict, String series) {
        for (int i = 0; i < 4; i++) {
            bench.label(series + "@" + i, new Label(series + "@" + i, series, Instant.EPOCH, Instant.EPOCH, verdict,
                    "me", Instant.EPOCH, null, Instant.ofEpochMilli(FROM * HOUR)));
        }
    }

    private static List<String> until(List<String> turns) {
        return turns.stream().filter(turn -> Long.parseLong(turn.split(" ")[0]) < FROM * HOUR).toList();
    }

    private static int openings(List<String> turns) {
        return (int) turns.stream().filter(turn -> turn.contains(Phase.OPENED.name())).count();
    }
}
