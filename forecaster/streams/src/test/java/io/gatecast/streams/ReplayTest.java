package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same input topics give the same bytes, whatever crashed, moved or came early in between. Each case is made from
/// a seed, which a failure names.
final class ReplayTest {
    private static final long HOUR = TestModels.HOUR;
    private static final long SWAP = 30 * HOUR;
    private static final int SERIES = 3;
    private static final int STEPS = 60;

    @TempDir
    private Path folder;

    /// What was sent: a few readings are missing, late, double or out of order.
    private record Sent(String series, long timestamp, double value) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itDoesNotMatterHowLongBeforeItCountsAModelCame(long seed) {
        List<Sent> input = input(seed);
        List<String> early = new Run().publish(1, 0).publish(2, SWAP).observe(input).end();
        int at = firstAtOrAfter(input, SWAP);
        List<String> justInTime = new Run().publish(1, 0).observe(input.subList(0, at)).publish(2, SWAP)
                .observe(input.subList(at, input.size())).end();
        assertEquals(early, justInTime, "seed " + seed);
        assertNotEquals(early, new Run().publish(1, 0).observe(input).end(), "the second model says something else");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itDoesNotMatterWhereTheInstanceWasRestarted(long seed) {
        List<Sent> input = input(seed);
        List<String> straight = new Run().publish(1, 0).publish(2, SWAP).observe(input).end();
        Run run = new Run().publish(1, 0).publish(2, SWAP);
        int from = 0;
        for (int crash : new Random(seed).ints(4, 1, input.size()).sorted().toArray()) {
            run.observe(input.subList(from, crash)).restart();
            from = crash;
        }
        assertEquals(straight, run.observe(input.subList(from, input.size())).end(), "seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itDoesNotMatterWhichSeriesShareATask(long seed) {
        List<Sent> input = input(seed);
        List<String> together = new Run().publish(1, 0).publish(2, SWAP).observe(input).end();
        List<String> apart = new ArrayList<>();
        for (int s = 0; s < SERIES; s++) {
            String series = nameOf(s);
            apart.addAll(new Run().publish(1, 0).publish(2, SWAP)
                    .observe(input.stream().filter(sent -> sent.series.equals(series)).toList()).end());
        }
        assertEquals(together.stream().sorted().toList(), apart.stream().sorted().toList(), "seed " + seed);
    }

    @Test
    void afterARestartNothingIsWarmedAgain() {
        List<Sent> input = input(1);
        Run run = new Run().publish(1, 0).observe(input.subList(0, 40)).restart();
        run.observe(input.subList(40, input.size()));
        assertEquals(0, run.bench.count(StreamsMetrics.Meter.REWARMED));
        run.end();
    }

    private static List<Sent> input(long seed) {
        Random random = new Random(seed);
        List<Sent> input = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            for (int s = 0; s < SERIES; s++) {
                long time = step * HOUR + random.nextInt((int) HOUR);
                int chance = random.nextInt(20);
                if (chance == 0) {
                    continue;
                }
                long sentAt = chance == 1 ? Math.max(1, time - 2 * HOUR) : time;
                input.add(new Sent(nameOf(s), sentAt, chance == 2 && step > 1 ? Double.NaN : random.nextGaussian()));
            }
        }
        return input;
    }

    private static String nameOf(int series) {
        return "series-" + series;
    }

    private static int firstAtOrAfter(List<Sent> input, long time) {
        for (int i = 0; i < input.size(); i++) {
            if (input.get(i).timestamp >= time) {
                return i;
            }
        }
        return input.size();
    }

    /// One instance after another over the same topics and state.
    private final class Run {
        private final List<int[]> published = new ArrayList<>();
        private final List<String> forecasts = new ArrayList<>();
        private Bench bench = new Bench(folder);

        Run publish(int version, long effectiveFrom) {
            published.add(new int[]{version, (int) (effectiveFrom / HOUR)});
            bench.publish(version, effectiveFrom);
            return this;
        }

        Run observe(List<Sent> input) {
            input.forEach(sent -> bench.observe(sent.series, sent.timestamp, sent.value));
            return this;
        }

        /// The next instance finds the state of the last one and reads the models topic from its beginning.
        Run restart() {
            Map<String, byte[]> states = new HashMap<>();
            try (var all = bench.states().all()) {
                all.forEachRemaining(entry -> states.put(entry.key, entry.value));
            }
            end();
            bench = new Bench(folder);
            states.forEach(bench.states()::put);
            published.forEach(model -> bench.publish(model[0], model[1] * HOUR));
            return this;
        }

        List<String> end() {
            forecasts.addAll(bench.forecastBytes());
            bench.close();
            return forecasts;
        }
    }
}
