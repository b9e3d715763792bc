package io.gatecast.app.command.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.arrival.Resampling;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class TrainingOptionsTest {
    /// Two channels over ten days of hours.
    private static final Series DAILY = new Series("s", LongStream.range(0, 240).map(t -> t * 3_600_000).toArray(),
            new double[][]{wave(1), wave(5)});

    private static double[] wave(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, 240).mapToDouble(t -> Math.sin(t * Math.PI / 12) + random.nextGaussian() / 5)
                .toArray();
    }

    @Test
    void seasonsAreFoundUnlessTheyAreSaid() {
        assertEquals(List.of(24), plan("--horizon", "1").features().seasons());
        assertEquals(List.of(24), plan("--horizon", "1", "--seasonality", "auto").features().seasons());
        assertEquals(List.of(), plan("--horizon", "1", "--seasonality", "none").features().seasons());
        assertEquals(List.of(7), plan("--horizon", "1", "--seasonality", "7").features().seasons());
        var e = assertThrows(ParameterException.class, () -> plan("--horizon", "1", "--seasonality", "day"));
        assertEquals("Invalid value for option '--seasonality': 'day': expected lengths in steps such as 24,168, or"
                + " none, or auto", e.getMessage());
    }

    @Test
    void theDefaultsAreTheProbedRecipe() {
        TrainingPlan plan = plan("--seasonality", "24,168", "--horizon", "48");

        assertEquals(FeatureSpec.of(3_600_000, 2, List.of(24, 168), 48), plan.features());
        assertEquals(List.of(new RecurrentLayer(CellKind.LSTM, 128)), plan.architecture().layers());
        assertEquals(List.of(0.025, 0.1, 0.5, 0.9, 0.975), plan.architecture().head().quantiles());
        assertEquals(Limits.time(Duration.ofMinutes(5)), plan.limits());
        assertEquals(1, plan.seed());
    }

    @Test
    void epochsAloneAreNotCutShortByTime() {
        assertEquals(Limits.epochs(3),
                plan("--horizon", "1", "--epochs", "3").limits());
        assertEquals(new Limits(OptionalInt.of(3), Duration.ofMinutes(8), OptionalInt.empty()),
                plan("--horizon", "1", "--epochs", "3", "--max-time", "8m").limits());
    }

    @Test
    void allThatCanBeChosenIsChosen() {
        TrainingPlan plan = plan("--horizon", "2", "--quantiles", "0.1,0.5", "--cell", "LSTM", "--hidden", "16",
                "--layers", "2", "--seed", "7");
        RecurrentLayer layer = new RecurrentLayer(CellKind.LSTM, 16);
        assertEquals(List.of(layer, layer), plan.architecture().layers());
        assertEquals(List.of(0.1, 0.5), plan.architecture().head().quantiles());
        assertEquals(7, plan.seed());
    }

    @Test
    void theRecipeIsKeptWhereNothingElseIsSaid() {
        TrainingPlan plan = plan("--horizon", "2");
        TrainingPlan recipe = TrainingPlan.of(plan.features(), plan.architecture(), plan.limits(), 1);
        assertEquals(recipe, plan);
        assertEquals(Dropout.NONE, plan.dropout());
        assertEquals(plan.sampling().stretch(), plan.sampling().truncation(),
                "the gradient goes back all of a stretch");
    }

    @ParameterizedTest
    @EnumSource
    void howSeveralOfAStepBecomeOneCanBeChosen(Resampling resampling) {
        assertEquals(resampling,
                plan("--horizon", "2", "--resample", resampling.label()).features().resampling());
    }

    @Test
    void howItIsLearnedCanBeChosen() {
        TrainingPlan plan = plan("--horizon", "2", "--layers", "2", "--dropout", "0.25", "--learning-rate", "0.01",
                "--clip", "0.5", "--batch", "16", "--truncate", "50", "--weight-decay", "0.01", "--patience", "5",
                "--held-out", "0.2", "--scaling-window", "99", "--series-alike", "--ema", "0.99", "--members", "3");
        assertEquals(3, plan.members());
        assertEquals(0.99, plan.optimiser().memory());
        assertTrue(plan.sampling().seriesAlike());
        assertEquals(0.01, plan.optimiser().weightDecay());
        assertEquals(OptionalInt.of(5), plan.limits().patience());
        assertEquals(0.2, plan.heldOut());
        assertEquals(99, plan.features().scalingWindow());
        assertEquals(new Dropout(0.25, false), plan.dropout());
        assertEquals(0.01, plan.optimiser().learningRate());
        assertEquals(0.5, plan.optimiser().clip());
        assertEquals(16, plan.sampling().batch());
        assertEquals(50, plan.sampling().truncation());
    }

    @Test
    void wholeUnitsAreLeftOutOfASingleLayer() {
        assertEquals(new Dropout(0.5, true), plan("--horizon", "2", "--dropout", "0.5", "--variational").dropout());
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void everyHeadIsChosenByItsName(HeadKind kind) {
        HeadShape head = plan("--horizon", "3", "--head", kind.label()).architecture().head();
        assertEquals(kind, head.kind());
        assertEquals(kind == HeadKind.POINT ? List.of(0.5) : List.of(0.025, 0.1, 0.5, 0.9, 0.975), head.quantiles());
    }

    @Test
    void aPointMayBeToldThatItIsTheMedian() {
        assertEquals(List.of(0.5),
                plan("--horizon", "3", "--head", "point", "--quantiles", "0.5").architecture().head().quantiles());
    }

    @Test
    void theChannelsLieOnTheGrid() {
        TrainingPlan plan = plan("--horizon", "2", "--cell", "convlstm,lstm", "--hidden", "4,8", "--grid", "2x1");
        assertEquals(List.of(new RecurrentLayer(CellKind.CONVLSTM, 4, new Grid(2, 1, 3), false, false),
                new RecurrentLayer(CellKind.LSTM, 8)), plan.architecture().layers());
    }

    @Test
    void anUnknownHeadNamesTheKnown() {
        var e = assertThrows(ParameterException.class, () -> plan("--horizon", "2", "--head", "oracle"));
        assertEquals("Invalid value for option '--head': no head 'oracle': expected one of quantiles, point, gaussian, "
                + "student-t", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --horizon=-1                     | horizon: expected at least 1 step, found -1
            --horizon=1 --layers=0           | layers: expected at least 1, found 0
            --horizon=1 --hidden=0           | units: expected at least 1, found 0
            --horizon=1 --quantiles=0.1,0.9  | quantiles: expected the median 0.5 among them, found [0.1, 0.9]
            --horizon=1 --seasonality=168,24 | seasonality: expected rising lengths of at least 2 steps, found [168, 24]
            --horizon=1 --head=point --quantiles=0.1,0.5 | quantiles: expected 0.5 alone for a point forecast, found [0.1, 0.5]
            --horizon=1 --quantiles=0,0.5    | quantiles: expected levels between 0 and 1, found 0.0
            --horizon=1 --quantiles=0.5,0.1  | quantiles: expected rising levels, found [0.5, 0.1]
            --horizon=1 --layers=2 --dropout=1    | dropout: expected a share from 0 to below 1, found 1.0
            --horizon=1 --layers=2 --dropout=-0.1 | dropout: expected a share from 0 to below 1, found -0.1
            --horizon=1 --layers=2 --dropout=NaN  | dropout: expected a share from 0 to below 1, found NaN
            --horizon=1 --variational        | --variational: expected a share to leave out beside it, as in --dropout 0.2, found none
            --horizon=1 --dropout=0.2        | --dropout: expected several layers, between which it leaves numbers out, found one; add --layers 2, or --variational, which leaves units out within a layer, too
            --horizon=1 --learning-rate=0    | learning rate: expected more than 0, found 0.0
            --horizon=1 --learning-rate=NaN  | learning rate: expected more than 0, found NaN
            --horizon=1 --clip=-1            | clip: expected more than 0, found -1.0
            --horizon=1 --batch=0            | batch: expected at least 1, found 0
            --horizon=1 --truncate=0         | truncation: expected at least 1 step, found 0
            --horizon=1 --epochs=0           | epochs: expected at least 1, found 0
            --horizon=1 --hidden=8,4 --residual | layer 1: a residual connection adds its inputs to its outputs, but found 8 inputs and 4 outputs
            --horizon=1 --cell=lstm,convlstm --hidden=5 | layer 1: expected as many inputs at each of the 2 positions of its grid, found 5 inputs in all
            --horizon=1 --cell=convlstm --grid=3x1 | --grid: expected as many positions as an observation has channels, 2, found 3x1
            """)
    void whatCannotBeLearnedIsRefused(String arguments, String refusal) {
        var e = assertThrows(IllegalArgumentException.class, () -> plan(arguments.split(" ")));
        assertEquals(refusal, e.getMessage());
    }

    @Command
    private static final class Parsed {
        @CommandLine.Mixin
        TrainingOptions options = new TrainingOptions();
    }

    private static TrainingPlan plan(String... arguments) {
        Parsed parsed = new Parsed();
        new CommandLine(parsed).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return parsed.options.plan(Duration.ofHours(1), List.of(DAILY));
    }
}
