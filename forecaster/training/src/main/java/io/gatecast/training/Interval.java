package io.gatecast.training;

import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// How far apart the observations of recorded series lie.
public final class Interval {
    private static final String SAY_IT = "; say how long a step is, as in --interval 1h";
    /// Lengths that people set clocks to, in seconds.
    private static final long[] USUAL = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200,
            10_800, 14_400, 21_600, 28_800, 43_200, 86_400, 604_800};
    /// Share of a usual length by which clocks may be off.
    private static final double JITTER = 0.02;
    private static final double FAR = 1.5;

    private Interval() {}

    /// The median distance, which neither gaps nor repeated readings move; next to a usual length, that length.
    ///
    /// @throws IllegalArgumentException with a sentence, if there is none or the series do not agree on one
    public static Duration of(List<Series> series) {
        long[] medians = series.stream().mapToLong(Interval::median).filter(median -> median > 0).sorted().toArray();
        if (medians.length == 0) {
            throw new IllegalArgumentException("interval: no series has two different timestamps" + SAY_IT);
        }
        long millis = usual(medians[medians.length / 2]);
        for (Series each : series) {
            long own = median(each);
            if (own > millis * FAR || own > 0 && own < millis / FAR) {
                throw new IllegalArgumentException("series " + each.id() + ": expected an observation every "
                        + seconds(millis) + ", as most series have, found every " + seconds(own) + SAY_IT);
            }
        }
        return Duration.ofMillis(millis);
    }

    /// @return 0 where no two timestamps differ
    private static long median(Series series) {
        long[] sorted = Arrays.stream(series.timestamps()).sorted().distinct().toArray();
        long[] distances = LongStream.range(1, sorted.length).map(i -> sorted[(int) i] - sorted[(int) i - 1]).sorted()
                .toArray();
        return distances.length == 0 ? 0 : distances[distances.length / 2];
    }

    private static long usual(long millis) {
        return Arrays.stream(USUAL).map(seconds -> seconds * 1_000)
                .filter(usual -> Math.abs(usual - millis) <= JITTER * usual).findFirst().orElse(millis);
    }

    private static String seconds(long millis) {
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
    }
}
