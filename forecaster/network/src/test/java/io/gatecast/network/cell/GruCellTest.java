package io.gatecast.network.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GruCellTest extends CellContract {
    @Override
    RecurrentLayer layer(int units) {
        return new RecurrentLayer(CellKind.GRU, units);
    }

    @Override
    String golden() {
        return "gru.json";
    }

    /// Cho et al.: with z = 1 the unit remembers for ever.
    @Test
    void anOpenUpdateGateKeepsTheState() {
        int units = 3;
        Parameters parameters = parametersOf(2, units);
        initialise(parameters, new SplittableRandom(1));
        Tensor b = parameters.tensor("cell.b");
        Arrays.fill(parameters.values, b.offset() + units, b.offset() + 2 * units, 100);
        Cell cell = cell(parameters);
        float[] state = {0.25f, -0.5f, 0.75f}, gates = new float[cell.sizes().gates()];
        for (int t = 0; t < 1000; t++) {
            cell.project(1, new float[]{1, -1}, 0, 2, gates, 0);
            cell.advance(1, state, 0, state, 0, gates, 0);
        }
        assertArrayEquals(new float[]{0.25f, -0.5f, 0.75f}, state, 1e-3f);
    }

    /// The bias of the product behind the reset gate is what tells the two conventions apart: a shut gate silences it.
    @Test
    void aShutResetGateSilencesThePastAndItsBias() {
        Parameters parameters = parametersOf(1, 1);
        parameters.values[parameters.tensor("cell.V").offset()] = 3;
        parameters.values[parameters.tensor("cell.a").offset()] = 5;
        int b = parameters.tensor("cell.b").offset();
        parameters.values[b] = -100; // r = 0
        parameters.values[b + 1] = -100; // z = 0, so that the candidate is the state
        parameters.values[b + 2] = 0.5f;
        Cell cell = cell(parameters);
        float[] state = {0.9f}, gates = new float[cell.sizes().gates()];
        cell.project(1, new float[]{0}, 0, 1, gates, 0);
        cell.advance(1, state, 0, state, 0, gates, 0);
        assertEquals(Math.tanh(0.5), state[0], 1e-6);
    }
}
