package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeasonalityTest {
    private static final long HOUR = 3_600_000;

    /// A pattern of any shape over a wandering level, under noise of half its size.
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 12, 13, 24, 31, 48, 60, 96})
    void aSeasonIsFoundWhateverItsShape(int length) {
        for (long seed = 1; seed <= 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed * 1_000 + length);
            double[] shape = IntStream.range(0, length)
                    .mapToDouble(i -> Math.sin(2 * Math.PI * i / length) + random.nextGaussian() / 2).toArray();
            double[] level = {0};
            int steps = 6 * length + random.nextInt(1_000);
            assertEquals(List.of(length), found(steps, t -> {
                level[0] += random.nextGaussian() / 10;
                return level[0] + shape[t % length] + random.nextGaussian() / 2;
            }), "seed " + seed + ", " + steps + " steps");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aWeekOfDaysHasTwo(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assertEquals(List.of(24, 168), found(168 * 6, t -> {
            boolean weekend = t / 24 % 7 >= 5;
            return (weekend ? 0.5 : 1) * (2 + Math.sin(t * Math.PI / 12)) + random.nextGaussian() / 10;
        }));
    }

    /// Chance repeats itself, too, if seldom clearly enough to be taken for a season.
    @Test
    void randomWalksHaveNone() {
        SplittableRandom random = new SplittableRandom(1);
        int some = 0;
        for (int trial = 0; trial < 50; trial++) {
            double[] level = {0};
            some += found(200 + random.nextInt(1_000), t -> level[0] += random.nextGaussian()).isEmpty() ? 0 : 1;
        }
        assertTrue(some <= 2, some + " of 50");
    }

    @Test
    void noiseAndTrendsHaveNone() {
        SplittableRandom random = new SplittableRandom(1);
        double[] level = {0};
        assertEquals(List.of(), found(900, t -> random.nextGaussian()));
        assertEquals(List.of(), found(900, t -> 3.0 * t));
        assertEquals(List.of(), found(900, t -> 0.01 * t * t + random.nextGaussian()));
        assertEquals(List.of(), found(900, t -> level[0] = 0.9 * level[0] + random.nextGaussian()));
    }

    @Test
    void whatSaysNothingHasNone() {
        assertEquals(List.of(), found(1, t -> 1));
        assertEquals(List.of(), found(900, t -> 1));
        assertEquals(List.of(), found(900, t -> Double.NaN));
        assertEquals(List.of(), found(5, t -> t % 2));
    }

    @Test
    void missingValuesAreBridged() {
        SplittableRandom random = new SplittableRandom(1);
        assertEquals(List.of(24), found(600,
                t -> random.nextInt(5) == 0 ? Double.NaN : Math.sin(t * Math.PI / 12) + random.nextGaussian() / 5));
    }

    @Test
    void mostSeriesCount() {
        SplittableRandom random = new SplittableRandom(1);
        Series daily = series(600, t -> Math.sin(t * Math.PI / 12) + random.nextGaussian() / 5);
        Series noise = series(600, t -> random.nextGaussian());
        Series brief = series(30, t -> t);
        assertEquals(List.of(24), of(List.of(noise, daily, brief, daily, daily)));
    }

    /// A fleet of thousands is not read through.
    @Test
    void aLargeFleetIsSampled() {
        SplittableRandom random = new SplittableRandom(1);
        Series[] fleet = new Series[5_000];
        Arrays.setAll(fleet, i -> series(100, t -> Math.sin(t * Math.PI / 6) + random.nextGaussian() / 5));
        assertEquals(List.of(12), of(List.of(fleet)));
    }

    private static List<Integer> found(int steps, IntToDoubleFunction value) {
        return of(List.of(series(steps, value)));
    }

    private static List<Integer> of(List<Series> series) {
        return Seasonality.of(series, Duration.ofMillis(HOUR));
    }

    private static Series series(int steps, IntToDoubleFunction value) {
        return new Series("s", LongStream.range(0, steps).map(t -> t * HOUR).toArray(),
                new double[][]{IntStream.range(0, steps).mapToDouble(value).toArray()});
    }
}
