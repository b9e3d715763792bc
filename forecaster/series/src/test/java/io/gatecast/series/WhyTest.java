package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.Features;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.series.input.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is named as the cause of an episode, by networks of every kind and by ones that know one effect alone.
class WhyTest {
    private static final long STEP = 60_000;
    private static final int WARM_UP = 16;
    private static final int RECENT = 12;
    private static final FeatureSpec FOUR = new FeatureSpec(STEP, 4, List.of(6), 3, 5, 18, WARM_UP, 30, 20, List.of());
    private static final KnownInputs HEAT = new KnownInputs(null, List.of(new Covariate("heat", 10, 2)), null);
    private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

    static Stream<Model> all() {
        Grid row = new Grid(1, 4, 3), square = new Grid(2, 2, 3);
        return Stream.concat(Stream.of(
                List.of(new RecurrentLayer(CellKind.RNN, 5)), List.of(new RecurrentLayer(CellKind.LSTM, 5)),
                List.of(new RecurrentLayer(CellKind.PEEPHOLE, 5)), List.of(new RecurrentLayer(CellKind.GRU, 5)),
                List.of(new RecurrentLayer(CellKind.GRU_RESET_BEFORE, 5)),
                List.of(new RecurrentLayer(CellKind.CONVLSTM, 3, row, false, false)),
                List.of(new RecurrentLayer(CellKind.CONVLSTM_PEEPHOLE, 2, square, false, false)),
                List.of(new RecurrentLayer(CellKind.GRU, 4, null, true, false)),
                List.of(new RecurrentLayer(CellKind.CONVLSTM, 2, square, true, false),
                        new RecurrentLayer(CellKind.LSTM, 8), new RecurrentLayer(CellKind.RNN, 8, null, false, true)))
                .map(layers -> random(FOUR, layers, HeadKind.QUANTILES)),
                Stream.of(HeadKind.GAUSSIAN, HeadKind.STUDENT_T).map(head -> random(
                        FOUR.withKnown(HEAT.withCategories(new Categories("^.", List.of("s", "t"), 3))),
                        List.of(new RecurrentLayer(CellKind.LSTM, 5)), head)));
    }

    private static Model random(FeatureSpec spec, List<RecurrentLayer> layers, HeadKind head) {
        Architecture architecture = spec.architecture(layers, head, LEVELS);
        Parameters parameters = Network.initialise(architecture, 1);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < parameters.size(); i++) {
            parameters.values[i] += (float) random.nextDouble(-0.2, 0.2);
        }
        return new Model("random", 1, 0, spec, Network.compile(architecture, parameters));
    }

    private static Observation chance(Model model, int step, SplittableRandom random) {
        double[] values = random.doubles(model.features().channels(), -1, 1).toArray();
        for (int c = 0; c < values.length; c++) {
            values[c] = 50 + 3 * step % 7 + 2 * values[c];
            if (step > 0 && random.nextInt(10) == 0) {
                values[c] = Double.NaN;
            }
        }
        double[] covariates = random.doubles(model.features().known().covariates().size(), 5, 15).toArray();
        if (covariates.length > 0 && random.nextInt(6) == 0) {
            covariates[0] = Double.NaN;
        }
        return new Observation(step * STEP, values, covariates);
    }

    /// Of a series no older than a replay, nothing lies further back, so what is told apart sums to the deviation, but for
    /// the integral.
    @ParameterizedTest
    @MethodSource("all")
    void causesSumToTheDeviation(Model model) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        for (long seed = 1; seed <= 4; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SeriesState state = forecaster.open("s", null);
            for (int step = 0; step < WARM_UP; step++) {
                assertInstanceOf(Forecasted.class, forecaster.observe(state, chance(model, step, random)));
            }
            int channel = (int) seed % 4;
            Scaling scaling = Scaling.of(state.window.values, state.window.at(channel, 0), model.features());
            double expected = scaling.toValue(state.next[channel * LEVELS.size() + 1]), observed = expected + 7;
            List<Cause> causes = new Why(model).all(state, channel, observed, expected);

            double told = 0, shares = 0, rest = 0;
            for (Cause cause : causes) {
                boolean earlier = cause.input().equals(Cause.EARLIER);
                told += earlier ? 0 : cause.effect();
                rest += earlier ? cause.effect() : 0;
                shares += cause.share();
                assertEquals(earlier ? RECENT + 1 : cause.lag(), cause.lag());
            }
            assertEquals(7, told, 1e-3 * scaling.scale(), "seed " + seed);
            assertEquals(7, told + rest, 1e-9);
            assertEquals(1, shares, 1e-9);
            assertTrue(causes.size() > 2 * RECENT, () -> causes.size() + " causes");
            assertEquals(causes, new Why(model).all(state, channel, observed, expected), "to the bit");
        }
    }

    /// A network that adds to the last value a multiple of one input, and knows nothing else.
    private static Model knowing(FeatureSpec spec, int input, int channel, float effect) {
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 3)), LEVELS);
        Parameters parameters = Network.initialise(architecture, 1);
        Tensor weights = parameters.tensor("head.Wx");
        int outputs = weights.columns() / spec.channels(), median = (spec.bases() - 1 + 1) * spec.horizon();
        parameters.values[weights.offset() + input * weights.columns() + channel * outputs + median] = effect;
        return new Model("knowing", 1, 0, spec, Network.compile(architecture, parameters));
    }

    private static double noise(SplittableRandom random) {
        return 100 + random.nextDouble(-1, 1);
    }

    @Test
    void aCovariateThatJumpsAndIsNotFollowedComesFirst() {
        FeatureSpec spec = new FeatureSpec(STEP, 1, List.of(), 2, 6, 24, WARM_UP).withKnown(HEAT);
        Model model = knowing(spec, new Features(spec).columns(), 0, 8);
        SeriesForecaster forecaster = new SeriesForecaster(model);
        for (long seed = 1; seed <= 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SeriesState state = forecaster.open("s", null);
            int step = 0;
            for (; step < 300; step++) {
                forecaster.observe(state, new Observation(step * STEP, new double[]{noise(random)}, new double[]{10}));
            }
            forecaster.observe(state, new Observation(step * STEP, new double[]{noise(random)}, new double[]{40}));
            AnomalyEvent turn = Objects
                    .requireNonNull(observe(forecaster, state, step + 1, noise(random), 40).anomaly());
            assertEquals(Phase.OPENED, turn.phase());
            Cause first = turn.causes().getFirst();
            assertEquals("covariate heat 1", first.input() + " " + first.lag(), () -> "seed of " + turn);
            assertTrue(first.effect() < 0 && first.share() > 0.5, () -> "" + turn.causes());
            assertTrue(turn.causes().size() <= 5);
        }
    }

    private static Forecasted observe(SeriesForecaster forecaster, SeriesState state, int step, double value,
            double covariate) {
        return assertInstanceOf(Forecasted.class, forecaster.observe(state,
                new Observation(step * STEP, new double[]{value}, new double[]{covariate})));
    }

    @Test
    void aNeighbourThatJumpsAndIsNotFollowedComesFirst() {
        FeatureSpec spec = new FeatureSpec(STEP, 2, List.of(), 2, 6, 24, WARM_UP);
        Model model = knowing(spec, 0, 1, 8);
        SeriesForecaster forecaster = new SeriesForecaster(model);
        for (long seed = 1; seed <= 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SeriesState state = forecaster.open("s", null);
            for (int step = 0; step < 100; step++) {
                forecaster.observe(state, new Observation(step * STEP,
                        new double[]{noise(random) + (step == 99 ? 9 : 0), noise(random)}));
            }
            Scaling scaling = Scaling.of(state.window.values, state.window.at(1, 0), spec);
            List<Cause> causes = new Why(model).of(state, 1, noise(random), scaling.toValue(state.next[4]));
            assertEquals("channel 0 1", causes.getFirst().input() + " " + causes.getFirst().lag(),
                    () -> "" + causes);
        }
    }

    /// Where the past was as ever, it is the observation itself, which is all that its opening says; other turns say nothing.
    @Test
    void aSpikeIsItsOwnCause() {
        FeatureSpec spec = new FeatureSpec(STEP, 1, List.of(6), 2, 6, 24, WARM_UP);
        SeriesForecaster forecaster = new SeriesForecaster(Models.of(spec, 1));
        SplittableRandom random = new SplittableRandom(3);
        SeriesState state = forecaster.open("s", null);
        int step = 0;
        for (; step < 300; step++) {
            forecaster.observe(state, new Observation(step * STEP, new double[]{noise(random)}));
        }
        AnomalyEvent opened = Objects.requireNonNull(
                assertInstanceOf(Forecasted.class, forecaster.observe(state,
                        new Observation(step++ * STEP, new double[]{140}))).anomaly());
        Cause first = opened.causes().getFirst();
        assertEquals("channel 0 0", first.input() + " " + first.lag());
        assertTrue(first.share() > 0.8 && first.effect() > 30, () -> "" + opened.causes());
        AnomalyEvent closed = null;
        for (; closed == null; step++) {
            closed = assertInstanceOf(Forecasted.class, forecaster.observe(state,
                    new Observation(step * STEP, new double[]{noise(random)}))).anomaly();
        }
        assertEquals(List.of(), closed.causes());
    }

    /// What an opening costs must leave the state, and so every forecast after it, as it was.
    @Test
    void askingChangesNothing() {
        Model model = all().findFirst().orElseThrow();
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SplittableRandom random = new SplittableRandom(3);
        SeriesState state = forecaster.open("s", null);
        for (int step = 0; step < 60; step++) {
            forecaster.observe(state, chance(model, step, random));
        }
        byte[] before = state.bytes();
        new Why(model).all(state, 2, 80, 60);
        assertTrue(Arrays.equals(before, state.bytes()));
    }
}
