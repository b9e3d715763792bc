package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.series.FeatureSpec;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
    private static final FeatureSpec SPEC = FeatureSpec.of(Waves.INTERVAL, 1, List.of(Waves.SEASON), 4);
    private static final int DRAWS = 20_000;

    /// Of a series nine times as long as the other, nine stretches in ten are cut, or one in two.
    @ParameterizedTest
    @CsvSource({"false, 0.9", "true, 0.5"})
    void drawsStepsAlikeOrSeriesAlike(boolean seriesAlike, double expected) {
        Track longer = track(900), shorter = track(100);
        Batches batches = new Batches(List.of(longer, shorter), SPEC.warmUp(), seriesAlike);
        SplittableRandom random = new SplittableRandom(7);
        int drawn = 0;
        for (int i = 0; i < DRAWS; i++) {
            drawn += batches.pick(random) == longer ? 1 : 0;
        }
        assertEquals(expected, (double) drawn / DRAWS, 5 * Math.sqrt(expected * (1 - expected) / DRAWS));
    }

    private static Track track(int steps) {
        return new Track(SPEC, new Tracks(SPEC).of(Waves.series("s", 1, steps, 1)).getFirst(), 0, 1);
    }
}
