package io.gatecast.network.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.tensor.Parameters;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LstmCellTest extends CellContract {
    @Override
    RecurrentLayer layer(int units) {
        return new RecurrentLayer(CellKind.LSTM, units);
    }

    @Override
    String golden() {
        return "lstm.json";
    }

    /// Gers et al.: a cell that keeps everything and lets nothing in remembers for ever.
    @Test
    void anOpenForgetGateAndAShutInputGateKeepTheCell() {
        int units = 3;
        Parameters parameters = parametersOf(2, units);
        int bias = parameters.tensor("cell.b").offset();
        for (int j = 0; j < units; j++) {
            parameters.values[bias + j] = -100;
            parameters.values[bias + units + j] = 100;
        }
        Cell cell = cell(parameters);
        float[] state = {0, 0, 0, 0.25f, -0.5f, 2};
        float[] gates = new float[4 * units];
        for (int t = 0; t < 1000; t++) {
            cell.project(1, new float[]{1, -1}, 0, 2, gates, 0);
            cell.advance(1, state, 0, state, 0, gates, 0);
        }
        assertEquals(0.25, state[3], 1e-3);
        assertEquals(-0.5, state[4], 1e-3);
        assertEquals(2, state[5], 1e-3);
    }

    @Test
    void aFreshForgetGateStandsOpen() {
        Parameters parameters = parametersOf(2, 3);
        initialise(parameters, new SplittableRandom(1));
        int bias = parameters.tensor("cell.b").offset();
        for (int j = 0; j < 12; j++) {
            assertEquals(j / 3 == 1 ? 1 : 0, parameters.values[bias + j]);
        }
    }
}
