package io.gatecast.network.cell;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import org.junit.jupiter.api.Nested;

class ConvLstmCellTest {

    @Nested
    class OverARow extends CellContract {
        @Override
        RecurrentLayer layer(int units) {
            return new RecurrentLayer(CellKind.CONVLSTM, units, new Grid(1, 5, 3), false, false);
        }

        @Override
        String golden() {
            return "convlstm-row.json";
        }
    }

    @Nested
    class OverAGrid extends CellContract {
        @Override
        RecurrentLayer layer(int units) {
            return new RecurrentLayer(CellKind.CONVLSTM, units, new Grid(3, 4, 3), false, false);
        }

        @Override
        String golden() {
            return "convlstm-grid.json";
        }
    }

    @Nested
    class WithPeepholes extends CellContract {
        @Override
        RecurrentLayer layer(int units) {
            return new RecurrentLayer(CellKind.CONVLSTM_PEEPHOLE, units, new Grid(3, 4, 3), false, false);
        }

        @Override
        String golden() {
            return "convlstm-peephole.json";
        }
    }
}
