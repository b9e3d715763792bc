package io.gatecast.training.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.SequenceBatch;
import io.gatecast.training.diagnose.AddingProblem.Result;
import io.gatecast.training.diagnose.AddingProblem.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddingProblemTest {
    private static final int ENOUGH = 1500;

    @Test
    void aGruSolvesAShortOneAndEndsEarly() {
        List<Integer> heard = new ArrayList<>();
        Result result = AddingProblem.solve(setting(CellKind.GRU, 10, ENOUGH, 0.01, 1), heard::add);
        assertTrue(result.solved() && result.error() < 0.01, result.toString());
        assertTrue(result.updates() < ENOUGH, "not ended early: " + result);
        assertEquals(IntStream.rangeClosed(1, result.updates()).boxed().toList(), heard);
    }

    /// A rate at which no weight moves: fresh weights know as little as whoever always says 1.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatHasNotLearnedIsNoBetterThanAlwaysSayingOne(long seed) {
        Result result = AddingProblem.solve(setting(CellKind.LSTM, 20, 1, 1e-12, seed), update -> {});
        assertTrue(result.error() > 0.7 * AddingProblem.WITHOUT_MEMORY, result.toString());
        assertFalse(result.solved());
        assertEquals(1, result.updates());
    }

    @Test
    void theSeedFixesTheRun() {
        Setting setting = setting(CellKind.RNN, 6, 20, 0.01, 7);
        Result result = AddingProblem.solve(setting, update -> {});
        assertEquals(result, AddingProblem.solve(setting, update -> {}));
        Result other = AddingProblem.solve(setting(CellKind.RNN, 6, 20, 0.01, 8), update -> {});
        assertNotEquals(result.error(), other.error());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 50})
    void oneNumberOfEitherHalfIsMarkedAndTheirSumAskedFor(int length) {
        AddingProblem problem = new AddingProblem(setting(CellKind.RNN, length, 1, 0.01, length));
        SequenceBatch batch = problem.sequences(400);
        double missOfOne = 0;
        for (int n = 0; n < batch.batch; n++) {
            List<Integer> marked = new ArrayList<>();
            double sum = 0;
            for (int t = 0; t < length; t++) {
                int at = (t * batch.batch + n) * 2;
                assertTrue(batch.inputs[at] >= 0 && batch.inputs[at] < 1);
                if (batch.inputs[at + 1] == 1) {
                    marked.add(t);
                    sum += batch.inputs[at];
                } else {
                    assertEquals(0, batch.inputs[at + 1]);
                }
            }
            assertEquals(2, marked.size());
            assertTrue(marked.get(0) < length / 2 && marked.get(1) >= length / 2, marked.toString());
            assertEquals(sum, batch.targets[n], 1e-6);
            missOfOne += (batch.targets[n] - 1) * (batch.targets[n] - 1) / batch.batch;
        }
        assertEquals(1, batch.judged() / batch.batch, "only the last step is judged");
        assertEquals(AddingProblem.WITHOUT_MEMORY, missOfOne, 0.04);
    }

    static Stream<Runnable> nonsense() {
        return Stream.of(() -> setting(CellKind.CONVLSTM, 10, 1, 0.01, 1),
                () -> setting(CellKind.RNN, 1, 1, 0.01, 1), () -> setting(CellKind.RNN, 10, 0, 0.01, 1),
                () -> setting(CellKind.RNN, 10, 1, 0, 1), () -> setting(CellKind.RNN, 10, 1, Double.NaN, 1),
                () -> setting(CellKind.RNN, 10, 1, Double.POSITIVE_INFINITY, 1),
                () -> new Setting(CellKind.RNN, 0, 10, 8, 1, 0.01, 1, 1, 1),
                () -> new Setting(CellKind.RNN, 8, 10, 0, 1, 0.01, 1, 1, 1),
                () -> new Setting(CellKind.RNN, 8, 10, 8, 1, 0.01, 0, 1, 1),
                () -> new Setting(CellKind.LSTM, 8, 10, 8, 1, 0.01, 1, Double.NaN, 1));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseIsRefused(Runnable setting) {
        String message = assertThrows(IllegalArgumentException.class, setting::run).getMessage();
        assertTrue(message != null && message.contains(": expected ") && message.contains(", found "), message);
    }

    /// Only a cell with forget gates can heed their bias.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = {"CONVLSTM", "CONVLSTM_PEEPHOLE"})
    void theForgetBiasIsThatOfCellsWithForgetGates(CellKind kind) {
        Result closed = AddingProblem.solve(new Setting(kind, 8, 12, 4, 1, 1e-3, 1, -3, 1), update -> {});
        Result open = AddingProblem.solve(new Setting(kind, 8, 12, 4, 1, 1e-3, 1, 3, 1), update -> {});
        assertEquals(kind == CellKind.LSTM || kind == CellKind.PEEPHOLE, closed.error() != open.error());
    }

    @Test
    void aGradientThatExplodesEndsTheRun() {
        Result result = AddingProblem.solve(setting(CellKind.RNN, 10, 50, 1e38, 1), update -> {});
        assertTrue(result.diverged() && !result.solved() && result.updates() < 50, result.toString());
    }

    private static Setting setting(CellKind cell, int length, int updates, double rate, long seed) {
        return new Setting(cell, 16, length, 32, updates, rate, 1, 1, seed);
    }
}
