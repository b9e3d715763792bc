package io.gatecast.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.reference.Compositions;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnsembleTest {
    private static final int STEPS = 7;

    /// Every composition of the reference whose networks can lie side by side.
    static Stream<Named<Architecture>> sideBySide() {
        return Compositions.odd().filter(each -> isAllowed(each.getPayload()));
    }

    private static boolean isAllowed(Architecture architecture) {
        List<RecurrentLayer> layers = architecture.layers();
        for (int i = 1; i < layers.size(); i++) {
            if (layers.get(i).grid() != null && layers.get(i - 1).grid() == null) {
                return false;
            }
        }
        return !layers.getFirst().residual();
    }

    @ParameterizedTest
    @MethodSource("sideBySide")
    void itsHeadSaysTheMeanOfWhatItsMembersSay(Architecture member) {
        SplittableRandom random = new SplittableRandom(7);
        for (int members = 1; members <= 3; members++) {
            Ensemble ensemble = new Ensemble(member, members);
            List<Parameters> each = some(member, members, random);
            float[] x = numbers(STEPS * member.inputs(), random);
            float[] whole = BareRun.of(Network.compile(ensemble.architecture(), ensemble.merge(each)), x).outputs();
            float[] mean = new float[whole.length];
            for (Parameters parameters : each) {
                float[] one = BareRun.of(Network.compile(member, parameters), x).outputs();
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += one[i] / members;
                }
            }
            assertArrayEquals(mean, whole, 1e-4f, members + " members");
        }
    }

    private static List<Parameters> some(Architecture member, int members, SplittableRandom random) {
        List<Parameters> each = new ArrayList<>();
        for (int m = 0; m < members; m++) {
            Parameters parameters = Network.parametersOf(member);
            System.arraycopy(numbers(parameters.size(), random), 0, parameters.values, 0, parameters.size());
            each.add(parameters);
        }
        return each;
    }

    private static float[] numbers(int count, SplittableRandom random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        return numbers;
    }

    /// Each member has numbers of its own for a category, so there are more inputs than one alone takes.
    @Test
    void everyMemberKeepsItsOwnNumbersOfACategory() {
        HeadShape head = new HeadShape(1, 1, 3, List.of(0.1, 0.5));
        Architecture member = new Architecture(5, List.of(new RecurrentLayer(CellKind.GRU, 4)), head,
                new Embedding(3, 2));
        SplittableRandom random = new SplittableRandom(3);
        List<Parameters> each = some(member, 3, random);
        Ensemble ensemble = new Ensemble(member, 3);
        assertEquals(new Embedding(3, 6), ensemble.architecture().embedding());
        assertEquals(9, ensemble.architecture().inputs());
        Network whole = Network.compile(ensemble.architecture(), ensemble.merge(each));
        for (int category = 0; category <= 3; category++) {
            float[] seen = numbers(3, random);
            float[] expected = new float[4];
            List<float[]> states = new ArrayList<>();
            for (Parameters parameters : each) {
                states.add(stepped(Network.compile(member, parameters), seen, category));
            }
            float[] together = stepped(whole, seen, category);
            for (int m = 0; m < 3; m++) {
                System.arraycopy(together, 4 * m, expected, 0, 4);
                assertArrayEquals(states.get(m), expected, 1e-6f, "member " + m + ", category " + category);
            }
        }
    }

    private static float[] stepped(Network network, float[] seen, int category) {
        float[] x = new float[network.architecture().inputs()], state = new float[network.stateSize()];
        System.arraycopy(seen, 0, x, 0, seen.length);
        network.embed(category, x, 0);
        network.advance(x, state, network.scratch());
        return state;
    }

    @Test
    void whatCannotLieSideBySideIsRefused() {
        Grid grid = new Grid(1, 3, 3);
        RecurrentLayer residual = new RecurrentLayer(CellKind.LSTM, 6, null, false, true);
        RecurrentLayer row = new RecurrentLayer(CellKind.CONVLSTM, 2, grid, false, false);
        assertEquals(
                "members: expected 1 of a network whose first layer is residual, since its inputs are not there once"
                        + " for each, found 2",
                refusal(2, null, residual));
        assertEquals("members: expected 1 of a network whose layer 1 takes other positions than layer 0 gives, found 4",
                refusal(4, null, new RecurrentLayer(CellKind.RNN, 6), row));
        assertEquals("members: expected 1 of a network whose positions see the numbers of a category, found 2",
                refusal(2, new Embedding(2, 1), row));
        assertEquals("members: expected at least 1, found 0", refusal(0, null, row));
    }

    private static String refusal(int members, @Nullable Embedding embedding,
            RecurrentLayer... layers) {
        Architecture member = new Architecture(6, List.of(layers), new HeadShape(1, 1, 2, List.of(0.5)), embedding);
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> new Ensemble(member, members))
                .getMessage());
    }
}
