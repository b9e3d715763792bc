package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final FeatureSpec SPEC = new FeatureSpec(Waves.INTERVAL, 1, List.of(Waves.SEASON), 6, 6, 36, 10);
    private static final Trainer.Listener SILENT = (update, done, loss) -> {};

    private static Architecture architecture(Double... quantiles) {
        return SPEC.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 12)), List.of(quantiles));
    }

    private static TrainingPlan plan(int epochs, long seed, int threads) {
        return new TrainingPlan(SPEC, architecture(0.1, 0.5, 0.9), 40, 40, 10, Dropout.NONE, 5e-3, 1, 1,
                new Limits(OptionalInt.of(epochs), Duration.ofMinutes(5)), seed, threads);
    }

    @Test
    void beatsSeasonalNaiveOnWhatItHasNotSeen() {
        List<Double> losses = new ArrayList<>();
        Trained trained = Trainer.train(plan(40, 1, 2), Waves.several(60, 1, 300),
                (update, done, loss) -> losses.add(loss));
        assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.getFirst() + " to " + losses.getLast());
        assertEquals(losses.size(), trained.updates());
        assertEquals(60, trained.series());
        assertEquals(60 * (300 - 30), trained.observations());
        assertEquals(60 * 6, trained.validation().targets());
        assertTrue(trained.validation().mase() < 0.9 * trained.validation().seasonalNaiveMase(),
                trained.validation().toString());
    }

    @Test
    void theNumberOfThreadsDoesNotChangeABit() {
        float[] one = Trainer.train(plan(2, 7, 1), Waves.several(5, 1, 150), SILENT).network().parameters().values;
        float[] four = Trainer.train(plan(2, 7, 4), Waves.several(5, 1, 150), SILENT).network().parameters().values;
        assertArrayEquals(one, four);
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        float[] one = Trainer.train(plan(1, 1, 2), Waves.several(5, 1, 150), SILENT).network().parameters().values;
        float[] other = Trainer.train(plan(1, 2, 2), Waves.several(5, 1, 150), SILENT).network().parameters().values;
        assertTrue(one[0] != other[0]);
    }

    @Test
    void stopsWhenItsTimeIsUp() {
        TrainingPlan plan = new TrainingPlan(SPEC, architecture(0.5), 40, 40, 10, Dropout.NONE, 5e-3, 1, 1,
                new Limits(OptionalInt.empty(), Duration.ofMillis(300)), 1, 2);
        Trained trained = Trainer.train(plan, Waves.several(5, 1, 150), SILENT);
        assertTrue(trained.updates() > 0);
        assertTrue(trained.took().compareTo(Duration.ofMillis(300)) >= 0);
    }

    @Test
    void tooLittleDataIsRefused() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> Trainer.train(plan(1, 1, 1), Waves.several(3, 1, 7), SILENT));
        assertEquals(
                "too little data: none of the 3 series has more than the 6 steps of the horizon, which are held"
                        + " out, in one run without a long gap; check that the interval, PT1M, is that of the data",
                refusal.getMessage());
    }

    @Test
    void aSeriesWithAnotherNumberOfChannelsIsRefused() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> Trainer.train(plan(1, 1, 1), Waves.several(1, 2, 100), SILENT));
        assertEquals("series s0: expected 1 channels, as the first series has, found 2", refusal.getMessage());
    }
}
