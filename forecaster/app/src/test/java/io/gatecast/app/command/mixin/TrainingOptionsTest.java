package io.gatecast.app.command.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Limits;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class TrainingOptionsTest {
    @Test
    void theDefaultsAreTheProbedRecipe() {
        TrainingPlan plan = plan("--seasonality", "24,168", "--horizon", "48");

        assertEquals(FeatureSpec.of(3_600_000, 2, List.of(24, 168), 48), plan.features());
        assertEquals(List.of(new RecurrentLayer(CellKind.LSTM, 128)), plan.architecture().layers());
        assertEquals(List.of(0.025, 0.1, 0.5, 0.9, 0.975), plan.architecture().head().quantiles());
        assertEquals(new Limits(OptionalInt.empty(), Duration.ofMinutes(5)), plan.limits());
        assertEquals(1, plan.seed());
    }

    @Test
    void epochsAloneAreNotCutShortByTime() {
        assertEquals(new Limits(OptionalInt.of(3), Duration.ofDays(365)),
                plan("--horizon", "1", "--epochs", "3").limits());
        assertEquals(new Limits(OptionalInt.of(3), Duration.ofMinutes(8)),
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --horizon=-1                     | horizon: expected at least 1 step, found -1
            --horizon=1 --layers=0           | layers: expected at least 1, found 0
            --horizon=1 --hidden=0           | units: expected at least 1, found 0
            --horizon=1 --quantiles=0.1,0.9  | quantiles: expected the median 0.5 among them, found [0.1, 0.9]
            --horizon=1 --seasonality=168,24 | seasonality: expected rising lengths of at least 2 steps, found [168, 24]
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
        return parsed.options.plan(Duration.ofHours(1), 2);
    }
}
