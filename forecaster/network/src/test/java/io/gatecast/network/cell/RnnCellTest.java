package io.gatecast.network.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.tensor.Parameters;
import org.junit.jupiter.api.Test;

class RnnCellTest extends CellContract {
    @Override
    RecurrentLayer layer(int units) {
        return new RecurrentLayer(CellKind.RNN, units);
    }

    @Override
    String golden() {
        return "rnn.json";
    }

    /// Elman's equation by hand: h' = tanh(0.5·2 - 0.25·1 + 0.125).
    @Test
    void aStepOfOneUnitIsTheEquation() {
        Parameters parameters = parametersOf(1, 1);
        parameters.values[parameters.tensor("cell.W").offset()] = 0.5f;
        parameters.values[parameters.tensor("cell.U").offset()] = -0.25f;
        parameters.values[parameters.tensor("cell.b").offset()] = 0.125f;
        Cell cell = cell(parameters);
        float[] state = {1}, gates = new float[1];
        cell.project(1, new float[]{2}, 0, 1, gates, 0);
        cell.advance(1, state, 0, state, 0, gates, 0);
        assertEquals(Math.tanh(0.875), state[0], 1e-6);
    }
}
