package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {
    private static final long MINUTE = 60_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 250, 1_000, 31_000, 60_000, 300_000, 3_600_000, 86_400_000, 604_800_000})
    void itIsTheDistance(long millis) {
        assertEquals(Duration.ofMillis(millis), Interval.of(List.of(series("s", every(millis, 9)))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void gapsRepeatedReadingsDisorderAndJitterDoNotMoveIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] times = LongStream.range(0, 500).filter(t -> random.nextInt(4) > 0)
                .flatMap(t -> LongStream.generate(() -> t * MINUTE + random.nextInt(400)).limit(1)).toArray();
        LongStream again = LongStream.range(0, 60).map(i -> times[random.nextInt(times.length)]);
        assertEquals(Duration.ofMinutes(1),
                Interval.of(List.of(series("s", LongStream.concat(LongStream.of(times), again).toArray()))));
    }

    @Test
    void aSeriesOfOneObservationHasNoSay() {
        assertEquals(Duration.ofMinutes(1),
                Interval.of(List.of(series("one", 5), series("s", every(MINUTE, 5)), series("two", 7, 7))));
    }

    @Test
    void withoutTwoTimestampsThereIsNone() {
        assertRefused("interval: no series has two different timestamps; say how long a step is, as in --interval 1h",
                series("s", 0, 0, 0), series("t", 1));
    }

    @Test
    void seriesThatDoNotAgreeAreNamed() {
        assertRefused(
                "series fast: expected an observation every 60 s, as most series have, found every 5 s; say how long"
                        + " a step is, as in --interval 1h",
                series("a", every(MINUTE, 9)), series("b", every(MINUTE, 9)),
                series("fast", every(5_000, 9)));
        assertRefused(
                "series slow: expected an observation every 60 s, as most series have, found every 3600 s; say how"
                        + " long a step is, as in --interval 1h",
                series("a", every(MINUTE, 9)), series("b", every(MINUTE, 9)),
                series("slow", every(3_600_000, 9)));
    }

    private static void assertRefused(String sentence, Series... series) {
        assertEquals(sentence,
                assertThrows(IllegalArgumentException.class, () -> Interval.of(List.of(series))).getMessage());
    }

    private static long[] every(long millis, int count) {
        return LongStream.range(0, count).map(t -> 1_700_000_000_000L + t * millis).toArray();
    }

    private static Series series(String id, long... times) {
        return new Series(id, times, new double[][]{new double[times.length]});
    }
}
