package io.gatecast.network.reference;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// Every cell alone, stacked, residual and bidirectional, and some of each in one stack: small, of odd sizes, each with its
/// name. Every input row has [#INPUTS] numbers, which the grids divide.
public final class Compositions {
    private static final int INPUTS = 6;
    private static final Grid ROW = new Grid(1, 3, 3);
    private static final Grid FIELD = new Grid(2, 3, 3);
    private static final HeadShape HEAD = new HeadShape(1, 1, 1, List.of(0.5));

    private Compositions() {}

    /// For a [org.junit.jupiter.params.provider.MethodSource].
    public static Stream<Named<Architecture>> all() {
        return Stream.concat(Arrays.stream(CellKind.values()).flatMap(Compositions::ofKind), mixed());
    }

    private static Stream<Named<Architecture>> ofKind(CellKind kind) {
        Grid grid = kind.isConvolutional() ? ROW : null;
        int alike = kind.isConvolutional() ? INPUTS / ROW.positions() : INPUTS; // as many outputs as inputs
        RecurrentLayer plain = new RecurrentLayer(kind, 3, grid, false, false);
        RecurrentLayer residual = new RecurrentLayer(kind, alike, grid, false, true);
        RecurrentLayer both = new RecurrentLayer(kind, 3, grid, true, false);
        List<Named<Architecture>> of = new ArrayList<>(List.of(named(plain), named(plain, plain), named(residual),
                named(residual, residual), named(both), named(both, plain)));
        if (kind.isConvolutional()) {
            of.add(named(new RecurrentLayer(kind, 2, FIELD, false, false)));
        }
        return of.stream();
    }

    private static Stream<Named<Architecture>> mixed() {
        RecurrentLayer field = new RecurrentLayer(CellKind.CONVLSTM, 1, FIELD, false, true);
        return Stream.of(
                named(new RecurrentLayer(CellKind.GRU, 3, null, true, true), new RecurrentLayer(CellKind.LSTM, 5),
                        new RecurrentLayer(CellKind.PEEPHOLE, 5, null, false, true),
                        new RecurrentLayer(CellKind.RNN, 2, null, true, false)),
                named(field, new RecurrentLayer(CellKind.GRU_RESET_BEFORE, 3, null, true, true),
                        new RecurrentLayer(CellKind.LSTM, 6, null, false, true)),
                named(new RecurrentLayer(CellKind.RNN, 6), new RecurrentLayer(CellKind.CONVLSTM_PEEPHOLE, 3, ROW, false,
                        false), new RecurrentLayer(CellKind.GRU, 1)));
    }

    private static Named<Architecture> named(RecurrentLayer... layers) {
        String name = Arrays.stream(layers).map(Compositions::name).collect(Collectors.joining(", "));
        return Named.of(name, new Architecture(INPUTS, List.of(layers), HEAD));
    }

    private static String name(RecurrentLayer layer) {
        Grid grid = layer.grid();
        return layer.cell().label() + " of " + layer.units()
                + (grid == null ? "" : " at " + grid.rows() + "x" + grid.columns())
                + (layer.bidirectional() ? " both ways" : "") + (layer.residual() ? " residual" : "");
    }
}
