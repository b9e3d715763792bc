package io.gatecast.network.cell;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;

class PeepholeLstmCellTest extends CellContract {
    @Override
    RecurrentLayer layer(int units) {
        return new RecurrentLayer(CellKind.PEEPHOLE, units);
    }

    @Override
    String golden() {
        return "peephole.json";
    }
}
