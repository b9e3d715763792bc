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
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A plant whose output follows its valve three steps later, and the heat of the step before, as networks learn it from data.
/// Then the output stops to follow one of them, once, while all inputs stay as ever: the episode that opens names that
/// input, at its lag, before everything else.
@TestInstance(Lifecycle.PER_CLASS)
class PlantedCausesTest {
    private static final long STEP = 60_000;
    private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);
    private static final int VALVE_LAG = 3, HEAT_LAG = 1;
    private static final int LEARNED = 2000, USUAL = 400;
    private Model model;

    /// A valve that stands at 50 or, one step in three, a few above; heat that is 10 or a few above; an output of 100 and twice
    /// what both lay above.
    ///
    /// @param deaf the step at which the output follows neither; -1 = none
    private record Plant(double[] valve, double[] heat, int deaf, SplittableRandom random) {
        static Plant of(int steps, int deaf, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] valve = new double[steps], heat = new double[steps];
            for (int t = 0; t < steps; t++) {
                valve[t] = 50 + 0.3 * random.nextGaussian() + pulse(random);
                heat[t] = 10 + pulse(random);
            }
            return new Plant(valve, heat, deaf, random);
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
        List<Series> plants = List.of(Plant.of(LEARNED, -1, 1).series("a"), Plant.of(LEARNED, -1, 2).series("b"));
        FeatureSpec spec = new FeatureSpec(STEP, 2, List.of(), 1, 4, 32, 16)
                .withKnown(KnownInputs.NONE.withCovariates(CovariateUnits.of(List.of("heat"), plants)));
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 24)), LEVELS);
        TrainingPlan plan = new TrainingPlan(spec, architecture, new Sampling(100, 100, 16), Dropout.NONE,
                new Optimiser(1e-2, 1, 0), 0, 0.1, Limits.epochs(60), 1, 2);
        model = Trainer.train(plan, plants, (update, done, loss) -> {}).model("m", 1, 0);
    }

    /// @return what the episode that opens where the output is deaf says of itself
    private AnomalyEvent opened(Plant plant) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open("s", null);
        AnomalyEvent turn = null;
        for (int t = 0; t <= USUAL; t++) {
            turn = assertInstanceOf(Forecasted.class, forecaster.observe(state,
                    new Observation(t * STEP, new double[]{plant.valve[t], plant.output(t)},
                            new double[]{plant.heat[t]})))
                    .anomaly();
        }
        return Objects.requireNonNull(turn, "no episode opened");
    }

    private static void assertFirst(String expected, AnomalyEvent turn) {
        assertEquals(Phase.OPENED, turn.phase());
        assertEquals(1, turn.channel());
        Cause first = turn.causes().getFirst();
        assertEquals(expected, first.input() + ", lag " + first.lag(), () -> "" + turn.causes());
        assertTrue(first.effect() < 0, () -> "" + turn.causes());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void aValveThatIsNotFollowedComesFirst(long seed) {
        Plant plant = Plant.of(USUAL + 1, USUAL, seed);
        plant.valve[USUAL - VALVE_LAG] = 55;
        plant.heat[USUAL - HEAT_LAG] = 10;
        assertFirst("channel 0, lag 3", opened(plant));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void heatThatIsNotFollowedComesFirst(long seed) {
        Plant plant = Plant.of(USUAL + 1, USUAL, seed);
        plant.valve[USUAL - VALVE_LAG] = 50;
        plant.heat[USUAL - HEAT_LAG] = 15;
        assertFirst("covariate heat, lag 1", opened(plant));
    }
}
