package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Ensemble;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.Trainer.Checkpoints;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final FeatureSpec SPEC = new FeatureSpec(Waves.INTERVAL, 1, List.of(Waves.SEASON), 6, 6, 36, 10);
    private static final Trainer.Listener SILENT = (update, done, loss) -> {};

    private static Architecture architecture(Double... quantiles) {
        return SPEC.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 12)), List.of(quantiles));
    }

    private static TrainingPlan plan(int epochs, long seed, int threads) {
        return new TrainingPlan(SPEC, architecture(0.1, 0.5, 0.9), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(5e-3, 1, 0), 1, 0.1,
                Limits.epochs(epochs), seed, threads);
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

    /// Every cell, composition and head.
    static Stream<Arguments> compositions() {
        List<Arguments> all = new ArrayList<>();
        for (CellKind kind : CellKind.values()) {
            all.add(Arguments.of(kind.label(), HeadKind.QUANTILES, Dropout.NONE, 40,
                    List.of(layer(kind, false, false))));
            all.add(Arguments.of(kind.label() + " both ways", HeadKind.QUANTILES, Dropout.NONE, 40,
                    List.of(layer(kind, true, false))));
        }
        RecurrentLayer lstm = layer(CellKind.LSTM, false, false), gru = layer(CellKind.GRU, false, false);
        all.add(Arguments.of("three", HeadKind.QUANTILES, Dropout.NONE, 40, List.of(lstm, lstm, lstm)));
        all.add(Arguments.of("mixed, residual", HeadKind.QUANTILES, Dropout.NONE, 40,
                List.of(gru, layer(CellKind.LSTM, false, true), layer(CellKind.RNN, false, true))));
        all.add(Arguments.of("dropout", HeadKind.QUANTILES, new Dropout(0.3, false), 40, List.of(lstm, gru)));
        all.add(Arguments.of("variational", HeadKind.QUANTILES, new Dropout(0.3, true), 40, List.of(lstm, gru)));
        all.add(Arguments.of("truncated", HeadKind.QUANTILES, Dropout.NONE, 7, List.of(lstm)));
        all.add(Arguments.of("point", HeadKind.POINT, Dropout.NONE, 40, List.of(lstm)));
        all.add(Arguments.of("gaussian", HeadKind.GAUSSIAN, Dropout.NONE, 40, List.of(lstm)));
        all.add(Arguments.of("student", HeadKind.STUDENT_T, Dropout.NONE, 40, List.of(lstm)));
        return all.stream();
    }

    private static RecurrentLayer layer(CellKind kind, boolean bidirectional, boolean residual) {
        return kind.isConvolutional()
                ? new RecurrentLayer(kind, 4, new Grid(1, 2, 3), bidirectional, residual)
                : new RecurrentLayer(kind, 8, null, bidirectional, residual);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("compositions")
    void everyCompositionLearnsAndIsFixedByItsSeed(String name, HeadKind head, Dropout dropout, int truncation,
            List<RecurrentLayer> layers) {
        FeatureSpec spec = new FeatureSpec(Waves.INTERVAL, 2, List.of(Waves.SEASON), 6, 6, 36, 10);
        Architecture architecture = spec.architecture(layers, head,
                head == HeadKind.POINT ? List.of(0.5) : List.of(0.1, 0.5, 0.9));
        int epochs = architecture.streams() ? 6 : 1;
        List<float[]> weights = new ArrayList<>();
        for (int threads : new int[]{1, 3}) {
            Trained trained = Trainer.train(
                    new TrainingPlan(spec, architecture, new Sampling(40, truncation, 12), dropout,
                            new Optimiser(1e-2, 1, 0), 1, 0.1,
                            Limits.epochs(epochs), 1, threads),
                    Waves.several(6, 2, 150),
                    SILENT);
            assertTrue(trained.loss() < trained.firstLoss(), name + ": " + trained.firstLoss() + " to "
                    + trained.loss());
            weights.add(trained.network().parameters().values);
        }
        assertArrayEquals(weights.getFirst(), weights.getLast());
    }

    @Test
    void gradientsAreCountedAndKeptByLayer() {
        TrainingPlan tight = new TrainingPlan(SPEC, architecture(0.1, 0.5, 0.9), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(5e-3, 1e-6, 0), 1, 0.1,
                Limits.epochs(2), 1, 2);
        Trained trained = Trainer.train(tight, Waves.several(5, 1, 150), SILENT);
        assertEquals(trained.updates(), trained.gradients().clipped());
        GradientReport.Norms last = trained.gradients().norms().getLast();
        assertEquals(List.of("layer0", "head"), List.copyOf(last.byLayer().keySet()));
        assertEquals(trained.updates(), last.update());
        assertTrue(last.whole() > 0 && trained.gradients().largest() >= last.whole());
        assertEquals(0, Trainer.train(clippedAt(1e6), Waves.several(5, 1, 150), SILENT).gradients().clipped());
    }

    private static TrainingPlan clippedAt(double norm) {
        return new TrainingPlan(SPEC, architecture(0.1, 0.5, 0.9), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(5e-3, norm, 0), 1, 0.1,
                Limits.epochs(2), 1, 2);
    }

    @Test
    void aTrainingThatGoesAstrayStopsAndSaysWhere() {
        TrainingPlan wild = new TrainingPlan(SPEC, architecture(0.1, 0.5, 0.9), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(1e38, 1, 0), 1,
                0.1, Limits.epochs(5), 1, 2);
        TrainingDiverged stop = assertThrows(TrainingDiverged.class,
                () -> Trainer.train(wild, Waves.several(5, 1, 150), SILENT));
        assertTrue(String.valueOf(stop.getMessage()).matches("update \\d+: the (gradient of [a-z0-9]+\\.\\w+|loss)"
                + " is not finite at a learning rate of \\S+; try a lower --learning-rate or a lower --clip"),
                stop.getMessage());
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

    /// At a rate of nearly nothing nothing gets better: it stops after as many looks as it has patience for.
    @Test
    void stopsWhenNothingGetsBetter() {
        TrainingPlan plan = new TrainingPlan(SPEC, architecture(0.5), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(1e-30, 1, 0), 1, 0.1,
                new Limits(OptionalInt.of(50), Duration.ofMinutes(5), OptionalInt.of(3)), 1, 2);
        Trained trained = Trainer.train(plan, Waves.several(30, 1, 150), SILENT);
        assertEquals(3, trained.course().size());
        assertTrue(trained.updates() <= 4 * trained.course().getFirst().update(), trained.updates() + " updates");
    }

    @Test
    void tellsHowItWent() {
        Trained trained = Trainer.train(plan(20, 1, 2), Waves.several(20, 1, 300), SILENT);
        assertEquals(25, trained.course().size());
        assertEquals(trained.updates(), trained.course().getLast().update());
        assertTrue(trained.course().getLast().heldOut() < trained.course().getFirst().heldOut());
        assertTrue(trained.course().getLast().loss() < trained.course().getFirst().loss());
        assertEquals(6, trained.validation().steps().size());
        assertEquals(new Trainer.Range(0, 299 * Waves.INTERVAL), trained.range());
        assertEquals("0.005", trained.plan().choices().get("learning rate"));
    }

    @Test
    void aTrainingThatHoldsNothingOutKeepsTheLastWeights() {
        TrainingPlan plan = new TrainingPlan(SPEC, architecture(0.1, 0.5, 0.9), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(5e-3, 1, 0), 1,
                0, Limits.epochs(3), 1, 2);
        Trained trained = Trainer.train(plan, Waves.several(5, 1, 150), SILENT);
        assertEquals(5 * 150, trained.observations());
        assertEquals(0, trained.validation().targets());
        assertTrue(Double.isNaN(trained.course().getLast().heldOut()));
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> new TrainingPlan(SPEC, architecture(0.5), new Sampling(40, 40, 10), Dropout.NONE,
                        new Optimiser(5e-3, 1, 0), 1, 0,
                        new Limits(OptionalInt.of(1), Duration.ofMinutes(1), OptionalInt.of(2)), 1, 2));
        assertEquals("patience: expected a share to hold out, by which to see that nothing gets better, found 0",
                refusal.getMessage());
    }

    /// Killed at several places, also between two looks; with an average of the weights, and values that are missing.
    @ParameterizedTest
    @ValueSource(ints = {9, 80, 107})
    void whatIsResumedEndsAsIfItHadNeverStopped(int killed, @TempDir Path folder) throws IOException {
        List<Series> series = withMissing(Waves.several(20, 1, 300));
        TrainingPlan plan = averaged(0.9);
        Trained whole = Trainer.train(plan, series, SILENT);
        assertTrue(whole.updates() > 110, whole.updates() + " updates");
        Path file = folder.resolve("c.safetensors");
        assertThrows(IllegalStateException.class, () -> Trainer.train(plan, series, (update, done, loss) -> {
            if (update == killed) {
                throw new IllegalStateException("killed");
            }
        }, new Checkpoints(file, false)));
        Trained resumed = Trainer.train(plan, series, SILENT, new Checkpoints(file, true));
        assertArrayEquals(whole.network().parameters().values, resumed.network().parameters().values);
        assertEquals(whole.course(), resumed.course());
        assertEquals(whole.updates(), resumed.updates());
        assertEquals(whole.loss(), resumed.loss());
        assertEquals(whole.gradients().norms().size(), resumed.gradients().norms().size());
        IOException other = assertThrows(IOException.class,
                () -> Trainer.train(plan(3, 1, 2), series, SILENT, new Checkpoints(file, true)));
        assertTrue(String.valueOf(other.getMessage()).contains("expected a checkpoint of this training"),
                other.toString());
    }

    /// Members are what their own plans train; the first is what a training of one network gives. Interrupted in each.
    @ParameterizedTest
    @ValueSource(ints = {9, 80, 107})
    void membersAreTrainedByThemselvesAndForecastTogether(int killed, @TempDir Path folder) throws IOException {
        List<Series> series = withMissing(Waves.several(20, 1, 300));
        TrainingPlan plan = plan(3, 1, 2).withMembers(3);
        List<Trained> alone = Stream.of(0, 1, 2).map(m -> Trainer.train(plan.member(m), series, SILENT)).toList();
        assertArrayEquals(Trainer.train(plan(3, 1, 2), series, SILENT).network().parameters().values,
                alone.getFirst().network().parameters().values);
        assertFalse(Arrays.equals(alone.get(1).network().parameters().values,
                alone.get(2).network().parameters().values));
        List<Double> done = new ArrayList<>();
        Path file = folder.resolve("c.safetensors");
        assertThrows(IllegalStateException.class, () -> Trainer.train(plan, series, (update, share, loss) -> {
            if (update == killed) {
                throw new IllegalStateException("killed");
            }
        }, new Checkpoints(file, false)));
        Trained together = Trainer.train(plan, series, (update, share, loss) -> done.add(share),
                new Checkpoints(file, true));
        Ensemble ensemble = new Ensemble(plan.architecture(), 3);
        assertEquals(ensemble.architecture(), together.network().architecture());
        assertArrayEquals(ensemble.merge(alone.stream().map(one -> one.network().parameters()).toList()).values,
                together.network().parameters().values);
        assertEquals(alone.stream().mapToInt(Trained::updates).sum(), together.updates());
        assertEquals(together.updates(), together.course().getLast().update());
        assertEquals(done.stream().sorted().toList(), done);
        assertEquals(1, done.getLast());
        assertEquals("3", together.plan().choices().get("members"));
        double mean = alone.stream().mapToDouble(one -> one.validation().mase()).average().orElseThrow();
        assertTrue(together.validation().mase() < mean, together.validation().mase() + ", alone " + mean);
    }

    /// Of series that go on as they were, what is held out costs about what is learned from.
    @Test
    void bothLossesAreInTheSameUnits() {
        for (Trainer.Progress then : Trainer.train(plan(10, 1, 2), withMissing(Waves.several(20, 1, 300)), SILENT)
                .course()) {
            double ratio = then.heldOut() / then.loss();
            assertTrue(ratio > 0.4 && ratio < 2.5, then.toString());
        }
    }

    /// A mean over two forecasts is none.
    @Test
    void fewSeriesAreJudgedOnSeveralForecasts() {
        Trained trained = Trainer.train(plan(1, 1, 2), Waves.several(2, 1, 300), SILENT);
        assertEquals(30, trained.validation().lastSteps());
        assertEquals(2 * 30, trained.validation().targets());
        assertEquals(6, trained.validation().steps().size());
    }

    private static TrainingPlan averaged(double memory) {
        return new TrainingPlan(SPEC, architecture(0.1, 0.5, 0.9), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(5e-3, 1, 0, memory), 1, 0.1, Limits.epochs(10), 1, 2);
    }

    private static List<Series> withMissing(List<Series> series) {
        for (int i = 0; i < series.size(); i++) {
            for (int t = 5 + i % 3; t < series.get(i).length(); t += 11) {
                series.get(i).values()[0][t] = Double.NaN;
            }
        }
        return series;
    }

    /// The average is what is judged and kept: another network than the last weights, at less loss where these wander.
    @Test
    void theAverageOfTheWeightsIsKept() {
        List<Series> series = Waves.several(20, 1, 300);
        Trained plain = Trainer.train(averaged(0), series, SILENT);
        Trained average = Trainer.train(averaged(0.8), series, SILENT);
        assertEquals(plain.loss(), average.loss(), "it does not change the way");
        assertFalse(Arrays.equals(plain.network().parameters().values, average.network().parameters().values));
        assertEquals("0.8", average.plan().choices().get("average of the weights"));
        assertEquals("none", plain.plan().choices().get("average of the weights"));
    }

    @Test
    void anAverageThatNeverForgetsIsRefused() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> averaged(1));
        assertEquals("average of the weights: expected a memory from 0 to below 1, found 1.0", refusal.getMessage());
    }

    /// As many threads as one likes fill in what is missing: from the middle on, as what is held out shows.
    @Test
    void missingValuesLeaveTheResultTheSameWithAnyNumberOfThreads() {
        List<Series> series = withMissing(Waves.several(20, 1, 300));
        Trained one = Trainer.train(plan(12, 1, 1), series, SILENT);
        Trained three = Trainer.train(plan(12, 1, 3), series, SILENT);
        assertArrayEquals(one.network().parameters().values, three.network().parameters().values);
        assertEquals(one.course(), three.course());
    }

    @Test
    void stopsWhenItsTimeIsUp() {
        TrainingPlan plan = new TrainingPlan(SPEC, architecture(0.5), new Sampling(40, 40, 10), Dropout.NONE,
                new Optimiser(5e-3, 1, 0), 1, 0.1,
                Limits.time(Duration.ofMillis(300)), 1, 2);
        Trained trained = Trainer.train(plan, Waves.several(5, 1, 150), SILENT);
        assertTrue(trained.updates() > 0);
        assertTrue(trained.took().compareTo(Duration.ofMillis(300)) >= 0);
    }

    @Test
    void tooLittleDataIsRefused() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> Trainer.train(plan(1, 1, 1), Waves.several(3, 1, 7), SILENT));
        assertEquals(
                "too little data: none of the 3 series has more than the 6 steps of the horizon, and of what"
                        + " is held out, in one run without a long gap; check that the interval, PT1M, is that of the data",
                refusal.getMessage());
    }

    @Test
    void aSeriesWithAnotherNumberOfChannelsIsRefused() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> Trainer.train(plan(1, 1, 1), Waves.several(1, 2, 100), SILENT));
        assertEquals("series s0: expected 1 channels, as the first series has, found 2", refusal.getMessage());
    }
}
