package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.Cause;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.Series;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// A plant whose output follows its valve three steps later, and the heat of the step before, as networks learn it from data.
/// Then, after some calm steps, one of them pulses and the output does not follow, once: the episode that opens names that input, at
/// its lag, before everything else.
@TestInstance(Lifecycle.PER_CLASS)
class PlantedCausesTest {
    private static final long STEP = 60_000;
    private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);
    private static final int VALVE_LAG = 3, HEAT_LAG = 1;
    private static final int LEARNED = 2000, USUAL = 400, CALM = 14, PLANTS = 40;
    private Model model;

    /// A valve that stands at 50 or, one step in three, a few above; heat that is 10 or a few above; an output of 100 and twice
    /// what both lay above.
    ///
    /// @param deaf the step at which the output follows neither; -1 = none
    private record Plant(double[] valve, double[] heat, int deaf, SplittableRandom random) {
        /// @param lively steps in which either pulses at times
        static Plant of(int steps, int lively, int deaf, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] valve = new double[steps], heat = new double[steps];
            for (int t = 0; t < steps; t++) {
                valve[t] = 50 + 0.3 * random.nextGaussian() + (t < lively ? pulse(random) : 0);
                heat[t] = 10 + (t < lively ? pulse(random) : 0);
            }
            return new Plant(valve, heat, deaf, random);
        }

        static Plant usual(long seed) {
            return of(LEARNED, LEARNED, -1, seed);
        }

        static Plant deafAtLast(long seed) {
            return of(USUAL + CALM + 1, USUAL, USUAL + CALM, seed);
        }

        private static double pulse(SplittableRandom random) {
            return random.nextInt(3) == 0 ? random.nextDouble(3, 5) : 0;
        }

        double output(int t) {
            double driven = t == deaf || t < VALVE_LAG
                    ? 0
                    : 2 * (valve[t - VALVE_LAG] - 50) + 2 * (heat[t - HEAT_LAG] - 10);
            return 100 + driven + 0.3 * random.nextGaussian();
        }

        Series series(String id) {
            long[] timestamps = new long[heat.length];
            Arrays.setAll(timestamps, t -> t * STEP);
            double[] output = new double[heat.length];
            Arrays.setAll(output, this::output);
            return new Series(id, timestamps, new double[][]{valve, output}, new double[][]{heat});
        }
    }

    @BeforeAll
    void learn() {
        List<Series> plants = List.of(Plant.usual(1).series("a"), Plant.usual(2).series("b"));
        FeatureSpec spec = new FeatureSpec(STEP, 2, List.of(), 1, 4, 32, 16)
                .withKnown(KnownInputs.NONE.withCovariates(CovariateUnits.of(List.of("heat"), plants)));
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 24)), LEVELS);
        TrainingPlan plan = new TrainingPlan(spec, architecture, new Sampling(100, 100, 16), Dropout.NONE,
                new Optimiser(1e-2, 1, 0), 0, 0.1, Limits.epochs(150), 1, 2);
        model = Trainer.train(plan, plants, (update, done, loss) -> {}).model("m", 1, 0);
    }

    /// @return what the episode that opens where the output is deaf says of itself; empty where none does
    private Optional<AnomalyEvent> opened(Plant plant) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open("s", null);
        AnomalyEvent turn = null;
        for (int t = 0; t <= plant.deaf; t++) {
            turn = assertInstanceOf(Forecasted.class, forecaster.observe(state,
                    new Observation(t * STEP, new double[]{plant.valve[t], plant.output(t)},
                            new double[]{plant.heat[t]})))
                    .anomaly();
        }
        return Optional.ofNullable(turn).filter(each -> each.phase() == Phase.OPENED);
    }

    /// A chance alarm shortly before may leave a plant without another.
    private void assertFirst(String expected, Consumer<Plant> pulse) {
        int openings = 0;
        for (long seed = 1; seed <= PLANTS; seed++) {
            Plant plant = Plant.deafAtLast(100 + seed);
            pulse.accept(plant);
            AnomalyEvent turn = opened(plant).orElse(null);
            if (turn != null) {
                openings++;
                Cause first = turn.causes().getFirst();
                assertEquals(expected, first.input() + ", lag " + first.lag(), () -> "" + turn);
                assertTrue(first.effect() < 0 && first.share() > 1.0 / 3, () -> "" + turn);
                assertEquals(1, turn.channel());
            }
        }
        assertTrue(openings >= 0.8 * PLANTS, openings + " openings");
    }

    @Test
    void aValveThatIsNotFollowedComesFirst() {
        assertFirst("channel 0, lag 3", plant -> plant.valve[plant.deaf - VALVE_LAG] += 5);
    }

    @Test
    void heatThatIsNotFollowedComesFirst() {
        assertFirst("covariate heat, lag 1", plant -> plant.heat[plant.deaf - HEAT_LAG] += 5);
    }
}
