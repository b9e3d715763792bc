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

/// Every cell alone, stacked, residual and bidirectional, and some of each in one stack, each with its name: for a
/// [org.junit.jupiter.params.provider.MethodSource].
public final class Compositions {
    private static final HeadShape HEAD = new HeadShape(2, 1, 3, List.of(0.5));

    /// @param inputs that two directions and every position of the grids divide
    private record Sizes(int inputs, int units, Grid row, Grid field) {}

    private Compositions() {}

    /// So small that every weight can be tried.
    public static Stream<Named<Architecture>> small() {
        return of(new Sizes(6, 3, new Grid(1, 3, 3), new Grid(2, 3, 3)));
    }

    /// Of sizes that no number of lanes divides.
    public static Stream<Named<Architecture>> odd() {
        return of(new Sizes(30, 19, new Grid(1, 5, 3), new Grid(3, 5, 3)));
    }

    private static Stream<Named<Architecture>> of(Sizes sizes) {
        return Stream.concat(Arrays.stream(CellKind.values()).flatMap(kind -> ofKind(kind, sizes)), mixed(sizes));
    }

    private static Stream<Named<Architecture>> ofKind(CellKind kind, Sizes sizes) {
        Grid grid = kind.isConvolutional() ? sizes.row : null;
        int alike = sizes.inputs / (grid == null ? 1 : grid.positions()); // as many outputs as inputs
        RecurrentLayer plain = new RecurrentLayer(kind, sizes.units, grid, false, false);
        RecurrentLayer residual = new RecurrentLayer(kind, alike, grid, false, true);
        RecurrentLayer both = new RecurrentLayer(kind, sizes.units, grid, true, false);
        RecurrentLayer bothResidual = new RecurrentLayer(kind, alike / 2, grid, true, true);
        List<Named<Architecture>> of = new ArrayList<>(List.of(named(sizes, plain), named(sizes, plain, plain),
                named(sizes, residual, residual), named(sizes, both), named(sizes, both, plain),
                named(sizes, bothResidual, residual)));
        if (kind.isConvolutional()) {
            of.add(named(sizes, new RecurrentLayer(kind, 2, sizes.field, false, false)));
            of.add(named(sizes, new RecurrentLayer(kind, 2, sizes.field, true, false),
                    new RecurrentLayer(kind, 1, sizes.field, false, false)));
        }
        return of.stream();
    }

    private static Stream<Named<Architecture>> mixed(Sizes sizes) {
        int inputs = sizes.inputs, units = sizes.units;
        RecurrentLayer field = new RecurrentLayer(CellKind.CONVLSTM, inputs / sizes.field.positions(), sizes.field,
                false, true);
        RecurrentLayer row = new RecurrentLayer(CellKind.CONVLSTM_PEEPHOLE, units, sizes.row, false, false);
        return Stream.of(
                named(sizes, new RecurrentLayer(CellKind.GRU, inputs / 2, null, true, true),
                        new RecurrentLayer(CellKind.LSTM, units),
                        new RecurrentLayer(CellKind.PEEPHOLE, units, null, false, true),
                        new RecurrentLayer(CellKind.RNN, 2, null, true, false)),
                named(sizes, field, new RecurrentLayer(CellKind.GRU_RESET_BEFORE, inputs / 2, null, true, true),
                        new RecurrentLayer(CellKind.LSTM, inputs, null, false, true)),
                named(sizes, new RecurrentLayer(CellKind.RNN, inputs), row, new RecurrentLayer(CellKind.GRU, 4)));
    }

    private static Named<Architecture> named(Sizes sizes, RecurrentLayer... layers) {
        String name = Arrays.stream(layers).map(Compositions::name).collect(Collectors.joining(", "));
        return Named.of(name, new Architecture(sizes.inputs, List.of(layers), HEAD));
    }

    private static String name(RecurrentLayer layer) {
        Grid grid = layer.grid();
        return layer.cell().label() + " of " + layer.units()
                + (grid == null ? "" : " at " + grid.rows() + "x" + grid.columns())
                + (layer.bidirectional() ? " both ways" : "") + (layer.residual() ? " residual" : "");
    }
}
