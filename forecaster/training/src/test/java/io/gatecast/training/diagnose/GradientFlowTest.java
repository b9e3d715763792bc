package io.gatecast.training.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.cell.Cell;
import io.gatecast.network.cell.Cells;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.training.diagnose.GradientFlow.Setting;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientFlowTest {
    private static final int INPUTS = 3;
    private static final int LENGTH = 6;
    private static final float STEP = 1f / 32;

    /// Every distance, by hidden and by cell state, against slopes of the cell run forward: an order of steps, a state's
    /// place or an off-by-one that is wrong shows.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = {"CONVLSTM", "CONVLSTM_PEEPHOLE"})
    void theNormsAreThoseOfCentralDifferences(CellKind kind) {
        for (int units : new int[]{1, 2, 5}) {
            SplittableRandom random = new SplittableRandom(units);
            Cell cell = randomCell(kind, units, random);
            float[] inputs = numbers(LENGTH * INPUTS, random);
            GradientFlow flow = GradientFlow.of(kind, new GradientFlow.Walk(cell, LENGTH, inputs));
            for (int k = 0; k <= LENGTH; k++) {
                float[] slopes = slopes(cell, inputs, LENGTH - k);
                String place = kind + ", " + units + " units, k = " + k;
                int state = cell.sizes().state();
                assertNear(GradientFlow.norm(slopes, 0, units, state), flow.byHidden()[k], place);
                if (flow.byCell() != null) {
                    assertNear(GradientFlow.norm(slopes, units, units, state), flow.byCell()[k], place + ", cell");
                }
            }
        }
    }

    private static void assertNear(double expected, double found, String place) {
        assertEquals(expected, found, 1e-4 * Math.max(0.1, expected), place);
    }

    private static Cell randomCell(CellKind kind, int units, SplittableRandom random) {
        RecurrentLayer layer = new RecurrentLayer(kind, units);
        Parameters.Layout layout = new Parameters.Layout();
        Cells.layOut("cell", INPUTS, layer, layout);
        Parameters parameters = layout.build();
        System.arraycopy(numbers(parameters.size(), random), 0, parameters.values, 0, parameters.size());
        return Cells.cell("cell", layer, parameters, Kernels.best());
    }

    private static float[] numbers(int count, SplittableRandom random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }

    /// @return `[H][S]`, the last hidden state by the state after `from` steps; two widths and Richardson's
    ///         extrapolation
    private static float[] slopes(Cell cell, float[] inputs, int from) {
        int state = cell.sizes().state(), units = cell.sizes().units();
        float[] start = walk(cell, inputs, 0, from, new float[state]);
        float[] slopes = new float[units * state];
        for (int s = 0; s < state; s++) {
            double[] near = slope(cell, inputs, from, start, s, STEP);
            double[] far = slope(cell, inputs, from, start, s, 2 * STEP);
            for (int j = 0; j < units; j++) {
                slopes[j * state + s] = (float) ((4 * near[j] - far[j]) / 3);
            }
        }
        return slopes;
    }

    private static double[] slope(Cell cell, float[] inputs, int from, float[] start, int s, float step) {
        float[] above = start.clone(), below = start.clone();
        above[s] += step;
        below[s] -= step;
        double width = (double) above[s] - below[s];
        float[] high = walk(cell, inputs, from, LENGTH, above), low = walk(cell, inputs, from, LENGTH, below);
        double[] slope = new double[cell.sizes().units()];
        for (int j = 0; j < slope.length; j++) {
            slope[j] = ((double) high[j] - low[j]) / width;
        }
        return slope;
    }

    private static float[] walk(Cell cell, float[] inputs, int from, int to, float[] start) {
        float[] state = start.clone();
        float[] gates = new float[cell.sizes().gates()];
        for (int t = from; t < to; t++) {
            cell.project(1, inputs, t * INPUTS, INPUTS, gates, 0);
            cell.advance(1, state, 0, state, 0, gates, 0);
        }
        return state;
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = {"CONVLSTM", "CONVLSTM_PEEPHOLE"})
    void theLastHiddenStateByItselfIsTheIdentity(CellKind kind) {
        GradientFlow flow = GradientFlow.of(setting(kind, 7, 3, 1, 1));
        assertEquals(1, flow.byHidden()[0], 1e-12);
        assertEquals(4, flow.byHidden().length);
        boolean hasCell = kind == CellKind.LSTM || kind == CellKind.PEEPHOLE;
        assertEquals(hasCell, flow.byCell() != null);
    }

    /// An orthogonal matrix times the gain, and a slope of tanh of at most 1: no norm can be above gain to the power k.
    @ParameterizedTest
    @CsvSource({"0.5, 1", "0.9, 2", "1, 3", "1.1, 4", "1.5, 5"})
    void aVanillaCellStaysBelowItsGainsPower(double gain, long seed) {
        double[] norms = GradientFlow.of(setting(CellKind.RNN, 33, 60, gain, seed)).byHidden();
        for (int k = 0; k < norms.length; k++) {
            assertTrue(norms[k] <= Math.pow(gain, k) * (1 + 1e-4), "k = " + k + ": " + norms[k]);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aVanillaCellVanishesLongBeforeACellState(long seed) {
        double vanilla = GradientFlow.of(setting(CellKind.RNN, 64, 200, 1, seed)).byHidden()[200];
        GradientFlow lstm = GradientFlow.of(setting(CellKind.LSTM, 64, 200, 1, seed));
        assertTrue(vanilla < 1e-3 * lstm.byHidden()[200], vanilla + " against " + lstm.byHidden()[200]);
        assertTrue(vanilla < 1e-3 * cellNorms(lstm)[200], vanilla + " against " + cellNorms(lstm)[200]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aForgetGateHeldOpenLetsTheGradientThrough(long seed) {
        double open = cellNorms(GradientFlow.of(new Setting(CellKind.LSTM, 32, 100, 1, 5, seed)))[100];
        double half = cellNorms(GradientFlow.of(new Setting(CellKind.LSTM, 32, 100, 1, 0, seed)))[100];
        assertTrue(open > 0.01 && half < 1e-10, open + " with a bias of 5, " + half + " with none");
    }

    private static double[] cellNorms(GradientFlow flow) {
        double[] norms = flow.byCell();
        assertNotNull(norms);
        return norms;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aVanillaCellWithLargeWeightsExplodes(long seed) {
        double[] norms = GradientFlow.of(setting(CellKind.RNN, 64, 400, 1.5, seed)).byHidden();
        assertTrue(norms[400] > 1e3 && norms[400] > norms[50], norms[50] + ", then " + norms[400]);
    }

    /// float32 ends at 1e-45 and at 3e38; a norm goes on.
    @Test
    void aNormGoesOnWhereFloatsEnd() {
        double[] small = GradientFlow.of(setting(CellKind.GRU, 64, 600, 1, 1)).byHidden();
        assertTrue(small[600] > 0 && small[600] < 1e-60, "vanishing: " + small[600]);
        for (int k = 251; k <= 600; k++) {
            assertEquals(0.75, small[k] / small[k - 1], 0.25, "k = " + k);
        }
        double large = GradientFlow.of(setting(CellKind.RNN, 64, 400, 4, 1)).byHidden()[400];
        assertTrue(large > 1e40 && Double.isFinite(large), "exploding: " + large);
    }

    /// Two rotations, in columns 1 and 2 of rows of four, around a diagonal of 3 and 0.5.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 1, 2.2, 3})
    void theNormIsTheLargestSingularValue(double angle) {
        double c = Math.cos(angle), s = Math.sin(angle), d = Math.cos(1.7 * angle), e = Math.sin(1.7 * angle);
        float[] matrix = {9, (float) (3 * c * d + 0.5 * s * e), (float) (3 * c * e - 0.5 * s * d), -9, //
                9, (float) (3 * s * d - 0.5 * c * e), (float) (3 * s * e + 0.5 * c * d), -9};
        assertEquals(3, GradientFlow.norm(matrix, 1, 2, 4), 1e-6);
        assertEquals(0, GradientFlow.norm(new float[8], 1, 2, 4));
    }

    @Test
    void aCellWithoutACellStateHasNoNormsByIt() {
        assertNull(GradientFlow.of(setting(CellKind.GRU_RESET_BEFORE, 4, 2, 1, 1)).byCell());
    }

    static Stream<Runnable> nonsense() {
        return Stream.of(() -> setting(CellKind.CONVLSTM, 4, 2, 1, 1), () -> setting(CellKind.RNN, 0, 2, 1, 1),
                () -> setting(CellKind.RNN, 4, 0, 1, 1), () -> setting(CellKind.RNN, 4, 2, 0, 1),
                () -> setting(CellKind.RNN, 4, 2, Double.NaN, 1),
                () -> setting(CellKind.RNN, 4, 2, Double.POSITIVE_INFINITY, 1),
                () -> new Setting(CellKind.LSTM, 4, 2, 1, Double.NaN, 1));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseIsRefused(Runnable setting) {
        String message = assertThrows(IllegalArgumentException.class, setting::run).getMessage();
        assertTrue(message != null && message.contains(": expected ") && message.contains(", found "), message);
    }

    private static Setting setting(CellKind kind, int units, int length, double gain, long seed) {
        return new Setting(kind, units, length, gain, 1, seed);
    }
}
