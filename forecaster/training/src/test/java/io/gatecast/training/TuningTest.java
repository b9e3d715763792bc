package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.Tuning.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TuningTest {
    private static final FeatureSpec SPEC = new FeatureSpec(Waves.INTERVAL, 1, List.of(Waves.SEASON), 6, 6, 36, 10);
    private static final Tuning.Listener SILENT = (round, rounds, trial) -> {};

    private static TrainingPlan plan(Limits limits, double heldOut) {
        return new TrainingPlan(SPEC, SPEC.architecture(List.of(new RecurrentLayer(CellKind.GRU, 8)), List.of(0.5)),
                new Sampling(40, 40, 10), Dropout.NONE, new Optimiser(1e-12, 1, 0), 1, heldOut, limits, 1, 2);
    }

    /// The plan as asked learns nothing at its rate, so any other is better.
    @Test
    void theBetterHalfGoesOnForTwiceAsLong() {
        List<List<Trial>> rounds = new ArrayList<>(List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
        TrainingPlan asked = plan(Limits.time(Duration.ofSeconds(6)), 0.1).withMembers(2);
        TrainingPlan best = Tuning.tune(asked, 5, Waves.several(20, 1, 200),
                (round, all, trial) -> {
                    assertEquals(3, all);
                    rounds.get(round - 1).add(trial);
                });
        assertEquals(List.of(5, 3, 2), rounds.stream().map(List::size).toList());
        assertEquals(Duration.ofMillis(200), rounds.get(0).getFirst().plan().limits().maxTime());
        assertEquals(Duration.ofMillis(500), rounds.get(2).getFirst().plan().limits().maxTime());
        for (int round = 0; round < 2; round++) {
            double worstOfBetter = rounds.get(round).stream().map(Trial::heldOut).sorted().toList()
                    .get(rounds.get(round + 1).size() - 1);
            for (Trial trial : rounds.get(round)) {
                boolean goesOn = rounds.get(round + 1).stream().anyMatch(later -> same(later.plan(), trial.plan()));
                assertTrue(trial.heldOut() > worstOfBetter || goesOn, trial + " was left behind");
            }
        }
        TrainingPlan winner = rounds.get(2).stream().min(Comparator.comparingDouble(Trial::heldOut)).orElseThrow()
                .plan();
        assertTrue(same(winner, best));
        assertEquals(2, best.members());
        assertEquals(1, winner.members(), "each is tried as one network");
        assertEquals(Duration.ofSeconds(3), best.limits().maxTime());
        assertTrue(best.optimiser().learningRate() >= 1e-3, "the one that learns nothing has won");
    }

    private static boolean same(TrainingPlan one, TrainingPlan other) {
        return one.architecture().equals(other.architecture()) && one.optimiser().equals(other.optimiser())
                && one.dropout().equals(other.dropout());
    }

    @Test
    void theAskedOneIsFirstAndTheOthersKeepItsCell() {
        TrainingPlan asked = plan(Limits.time(Duration.ofMinutes(1)), 0.1);
        List<TrainingPlan> candidates = Tuning.candidates(asked, 12);
        assertEquals(asked, candidates.getFirst());
        assertEquals(candidates, Tuning.candidates(asked, 12), "the same seed, the same candidates");
        assertTrue(new HashSet<>(candidates).size() > 8);
        assertTrue(candidates.stream().flatMap(plan -> plan.architecture().layers().stream())
                .allMatch(layer -> layer.cell() == CellKind.GRU));
    }

    @Test
    void whatCannotChooseIsRefused() {
        Limits minute = Limits.time(Duration.ofMinutes(1));
        for (var refused : List.of(plan(minute, 0), plan(Limits.epochs(3), 0.1))) {
            assertThrows(IllegalArgumentException.class,
                    () -> Tuning.tune(refused, 4, Waves.several(3, 1, 99), SILENT));
        }
        assertThrows(IllegalArgumentException.class,
                () -> Tuning.tune(plan(minute, 0.1), 1, Waves.several(3, 1, 99), SILENT));
        assertEquals(OptionalInt.empty(), minute.patience());
    }
}
