package io.gatecast.streams;

import static io.gatecast.streams.TestModels.HOUR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Phase;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An instance goes in the middle of an episode, and records come again: the episode goes on under its id, opens once, and
/// nothing is counted twice.
class EpisodeRestartTest {
    private static final int HOURS = 200;
    private static final int OUTAGE = 150;

    @TempDir
    Path folder;

    private static double[] values(long seed) {
        Random random = new Random(seed);
        double[] values = new double[HOURS];
        for (int hour = 0; hour < HOURS; hour++) {
            values[hour] = 20 + random.nextGaussian();
            if (hour >= OUTAGE && hour < OUTAGE + 10) { // ever farther, so that nobody gets used to it
                values[hour] += 50 * Math.pow(1.7, hour - OUTAGE) * (hour % 2 == 0 ? 1 : -1);
            }
        }
        return values;
    }

    /// What came of a run, in its order.
    private static final class Run {
        final double[] values;
        final List<Anomaly> turns = new ArrayList<>();
        final List<String> forecasts = new ArrayList<>();
        final List<String> evaluations = new ArrayList<>();
        Bench bench;

        Run(Path folder, double[] values) {
            this.values = values;
            this.bench = begin(folder);
        }

        private static Bench begin(Path folder) {
            Bench bench = new Bench(folder);
            bench.publish(1, 0);
            return bench;
        }

        void observe(int from, int to) {
            for (int hour = from; hour < to; hour++) {
                bench.observe("a", hour * HOUR, values[hour]);
            }
        }

        void restart(Path folder) {
            Map<String, byte[]> series = bench.contents(Stores.SERIES), fleet = bench.contents(Stores.FLEET);
            end();
            bench = begin(folder);
            bench.restore(Stores.SERIES, series);
            bench.restore(Stores.FLEET, fleet);
        }

        byte[] end() {
            byte[] state = bench.states().get("a");
            bench.anomalies().forEach(turn -> turns.add(turn.value()));
            bench.evaluations().forEach(each -> evaluations.add(each.timestamp() + " " + each.value()));
            forecasts.addAll(bench.forecastBytes());
            bench.close();
            return state;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anEpisodeGoesOnAndNothingCountsTwice(long seed) {
        double[] values = values(seed);
        Run straight = new Run(folder, values);
        straight.observe(0, HOURS);
        byte[] state = straight.end();
        Anomaly opened = straight.turns.stream().filter(turn -> hourOf(turn) >= OUTAGE).findFirst().orElseThrow();
        Anomaly closed = straight.turns.stream().filter(turn -> turn.getPhase() == Phase.CLOSED
                && turn.getEpisodeId().equals(opened.getEpisodeId())).findFirst().orElseThrow();
        assertEquals(Phase.OPENED, opened.getPhase());
        assertFalse(opened.getCauses().isEmpty());
        assertTrue(hourOf(closed) > hourOf(opened) + 3, "seed " + seed + " has an episode with a middle");

        for (int crash : List.of(hourOf(opened) + 1, hourOf(opened) + 2, hourOf(closed) - 1, hourOf(closed))) {
            Run restarted = new Run(folder, values);
            restarted.observe(0, crash);
            restarted.restart(folder);
            restarted.observe(crash - 4, crash); // what the first one had already taken
            assertEquals(List.of(), restarted.bench.anomalies());
            assertEquals(4, restarted.bench.count(Meter.LATE) + restarted.bench.count(Meter.DUPLICATES));
            for (int hour = crash; hour < HOURS; hour++) {
                restarted.observe(hour, hour + 1);
                restarted.observe(hour, hour + 1);
            }
            assertEquals(HOURS - crash, restarted.bench.count(Meter.ACCEPTED));
            assertArrayEquals(state, restarted.end(), "the state, to the bit");
            String where = "seed " + seed + ", restarted at hour " + crash;
            assertEquals(straight.turns, restarted.turns, where);
            assertEquals(straight.evaluations, restarted.evaluations, where);
            assertEquals(straight.forecasts, restarted.forecasts, where);
            assertEquals(1, restarted.turns.stream().filter(turn -> turn.getPhase() == Phase.OPENED
                    && Objects.equals(turn.getEpisodeId(), opened.getEpisodeId())).count(), where);
        }
    }

    private static int hourOf(Anomaly turn) {
        return (int) (turn.getTimestamp().toEpochMilli() / HOUR);
    }
}
