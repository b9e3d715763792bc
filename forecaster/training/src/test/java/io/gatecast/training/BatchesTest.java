package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.SequenceBatch;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.KnownInputs;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
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

    /// One sequence in twenty goes without its category; a series that has none goes as it is, and nothing is drawn for it.
    @Test
    void someSequencesAreShownWithoutTheirCategory() {
        FeatureSpec spec = SPEC.withKnown(KnownInputs.NONE.withCategories(new Categories("^s", List.of("s"), 2)));
        Track known = new Track(spec, new Tracks(spec).of(Waves.series("s", 1, 60, 1)).getFirst(), 0, 1);
        SequenceBatch batch = new SequenceBatch(
                spec.architecture(List.of(new RecurrentLayer(CellKind.RNN, 2)), List.of(0.5)), 50, 0, 2000);
        Batches batches = new Batches(List.of(known), spec.warmUp(), false);
        batches.fill(batch, new SplittableRandom(3));
        double unknown = Arrays.stream(batch.categories).filter(category -> category == 0).count();
        assertEquals(2000 / 20, unknown, 5 * Math.sqrt(2000 * 0.05 * 0.95));
        assertEquals(2000 - unknown, Arrays.stream(batch.categories).sum());
        Track stranger = new Track(spec, new Tracks(spec).of(Waves.series("x", 1, 60, 1)).getFirst(), 0, 1);
        new Batches(List.of(stranger), spec.warmUp(), false).fill(batch, new SplittableRandom(3));
        assertEquals(0, Arrays.stream(batch.categories).sum());
    }
}
