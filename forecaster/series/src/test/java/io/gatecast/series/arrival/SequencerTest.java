package io.gatecast.series.arrival;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.Observation;
import io.gatecast.series.arrival.Sequencer.Taken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SequencerTest {
    private static final long STEP = 60;
    private static final long GRACE = 150;

    /// A sensor that sends about three times a step, sometimes not for several, some readings missing.
    private static List<Observation> sent(SplittableRandom random) {
        List<Observation> sent = new ArrayList<>();
        long time = 1_000_000;
        for (int i = 0; i < 400; i++) {
            time += 1 + random.nextInt(random.nextInt(25) == 0 ? 500 : 40);
            sent.add(new Observation(time, value(random), value(random)));
        }
        return sent;
    }

    private static double value(SplittableRandom random) {
        return random.nextInt(6) == 0 ? Double.NaN : 10 * random.nextGaussian();
    }

    /// Each arrives up to the grace after its time.
    private static List<Observation> disordered(List<Observation> sent, SplittableRandom random) {
        Map<Observation, Long> arrival = new HashMap<>();
        sent.forEach(each -> arrival.put(each, each.timestamp() + random.nextLong(GRACE + 1)));
        return sent.stream().sorted(Comparator.comparing(arrival::get)).toList();
    }

    private static List<Observation> released(Sequencer sequencer, List<Observation> arriving, boolean stored) {
        List<Observation> released = new ArrayList<>();
        Waiting waiting = Waiting.of(null);
        for (Observation each : arriving) {
            assertEquals(Taken.TAKEN, sequencer.take(waiting, each, STEP, released::add));
            waiting = stored ? Waiting.of(waiting.bytes()) : waiting;
        }
        return released;
    }

    @ParameterizedTest
    @EnumSource
    void anyOrderWithinTheGraceGivesTheSame(Resampling resampling) {
        Sequencer sequencer = new Sequencer(resampling, GRACE);
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Observation> sent = sent(random), arriving = disordered(sent, random);
            assertTrue(!sent.equals(arriving), "nothing was out of order");
            List<Observation> expected = released(sequencer, sent, false);
            List<Observation> found = released(sequencer, arriving, true);
            assertTrue(Math.abs(expected.size() - found.size()) <= 5, "the newest steps may wait");
            for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
                assertEquals(expected.get(i).timestamp(), found.get(i).timestamp(), "seed " + seed);
                assertArrayEquals(expected.get(i).values(), found.get(i).values(), "seed " + seed);
            }
        }
    }

    /// Held against the definition, computed over all observations at once.
    @ParameterizedTest
    @EnumSource
    void aStepIsWhatItsObservationsMake(Resampling resampling) {
        for (long seed = 0; seed < 10; seed++) {
            List<Observation> sent = sent(new SplittableRandom(seed));
            for (Observation made : released(new Sequencer(resampling, 0), sent, false)) {
                long step = made.timestamp() - made.timestamp() % STEP;
                for (int c = 0; c < 2; c++) {
                    int channel = c;
                    double[] all = sent.stream().filter(each -> each.timestamp() / STEP == step / STEP)
                            .mapToDouble(each -> each.values()[channel]).toArray();
                    double[] known = Arrays.stream(all).filter(value -> !Double.isNaN(value)).toArray();
                    double expected = switch (resampling) {
                        case FIRST -> all[0];
                        case LAST -> all[all.length - 1];
                        case MEAN -> Arrays.stream(known).average().orElse(Double.NaN);
                        case SUM -> known.length == 0 ? Double.NaN : Arrays.stream(known).sum();
                        case MIN -> Arrays.stream(known).min().orElse(Double.NaN);
                        case MAX -> Arrays.stream(known).max().orElse(Double.NaN);
                    };
                    assertEquals(expected, made.values()[c], 1e-9, resampling + " at " + step);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"209, 0, TAKEN", "209, 59, TAKEN", "210, 59, LATE", "210, 60, TAKEN", "269, 60, TAKEN",
            "270, 119, LATE"})
    void whatComesForAClosedStepIsLate(long newest, long then, Taken expected) {
        Sequencer sequencer = new Sequencer(Resampling.LAST, GRACE);
        Waiting waiting = Waiting.of(null);
        sequencer.take(waiting, new Observation(newest, 1), STEP, each -> {});
        assertEquals(expected, sequencer.take(waiting, new Observation(then, 2), STEP, each -> {}));
    }

    @Test
    void aTimeThatIsThereIsADuplicateWhateverItsValue() {
        Sequencer sequencer = new Sequencer(Resampling.SUM, GRACE);
        Waiting waiting = Waiting.of(null);
        sequencer.take(waiting, new Observation(100, 1), STEP, each -> {});
        assertEquals(Taken.DUPLICATE, sequencer.take(waiting, new Observation(100, 5), STEP, each -> {}));
        assertEquals(1, waiting.size());
    }

    @Test
    void noMoreWaitThanMay() {
        Sequencer sequencer = new Sequencer(Resampling.SUM, 1_000_000);
        Waiting waiting = Waiting.of(null);
        for (int i = 0; i < Sequencer.MOST_WAITING; i++) {
            assertEquals(Taken.TAKEN, sequencer.take(waiting, new Observation(i, 1), STEP, each -> {}));
        }
        assertEquals(Taken.CROWDED, sequencer.take(waiting, new Observation(9999, 1), STEP, each -> {}));
    }

    @Test
    void damagedBytesAreRefused() {
        Sequencer sequencer = new Sequencer(Resampling.MEAN, GRACE);
        Waiting waiting = Waiting.of(null);
        sequencer.take(waiting, new Observation(100, 1, 2), STEP, each -> {});
        byte[] bytes = waiting.bytes();
        assertArrayEquals(bytes, Waiting.of(bytes).bytes());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> Waiting.of(cut));
        }
        bytes[0] = 9;
        assertEquals("stored observations that wait: layout version: expected 1, found 9",
                assertThrows(IllegalArgumentException.class, () -> Waiting.of(bytes)).getMessage());
    }
}
