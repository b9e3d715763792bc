package io.gatecast.network.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResetBeforeGruCellTest extends CellContract {
    @Override
    RecurrentLayer layer(int units) {
        return new RecurrentLayer(CellKind.GRU_RESET_BEFORE, units);
    }

    @Override
    String golden() {
        return "gru-reset-before.json";
    }

    /// With an open reset gate it makes no difference whether that comes before the product or after it.
    @Test
    void withAnOpenResetGateItIsTheOtherGru() {
        int inputs = 3, units = 5;
        Parameters.Layout layout = new Parameters.Layout();
        GruCell.layOut("cell", inputs, units, layout);
        Parameters parameters = layout.build();
        GruCell.initialise("cell", parameters, new SplittableRandom(1));
        Tensor b = parameters.tensor("cell.b");
        Arrays.fill(parameters.values, b.offset(), b.offset() + units, 100);
        float[] x = numbers(new SplittableRandom(2), inputs), before = numbers(new SplittableRandom(3), units);
        float[] after = before.clone();
        step(cell(parameters), x, before);
        step(new GruCell("cell", parameters, Kernels.best()), x, after);
        for (int j = 0; j < units; j++) {
            assertEquals(after[j], before[j], 1e-6);
        }
    }

    private static void step(Cell cell, float[] x, float[] state) {
        float[] gates = new float[cell.sizes().gates()];
        cell.project(1, x, 0, x.length, gates, 0);
        cell.advance(1, state, 0, state, 0, gates, 0);
    }
}
