package io.gatecast.app.command.mixin;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The recurrent layers of a network.
public final class LayerOptions {
    private static final int KERNEL = 3;

    @Option(names = "--cell", split = ",", defaultValue = "lstm", paramLabel = "CELL", converter = CellKinds.class, completionCandidates = CellKinds.class, description = "Recurrent cell: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). Several, as in gru,lstm, are layers from the first to the last.")
    private List<CellKind> cells;

    @Option(names = "--hidden", split = ",", defaultValue = "128", paramLabel = "UNITS", description = "Size of a layer's hidden state (default: ${DEFAULT-VALUE}); of a convolutional cell, at each position. Several are one for each layer.")
    private List<Integer> units;

    @Option(names = "--layers", paramLabel = "N", description = "Recurrent layers (default: as many as --cell and --hidden name).")
    private @Nullable Integer layers;

    @Option(names = "--bidirectional", description = "Let every layer read the window from both ends. Such a network keeps no hidden state from event to event: it runs over the whole window at each one, forty times the arithmetic.")
    private boolean bidirectional;

    @Option(names = "--residual", description = "Add what enters a layer to what leaves it, from the second layer on; they must be of one size.")
    private boolean residual;

    @Option(names = "--grid", paramLabel = "ROWSxCOLUMNS", converter = Grids.class, description = "How the channels lie, row by row, for a convolutional cell (default: in one row).")
    private Grids.@Nullable Size grid;

    @Option(names = "--kernel", paramLabel = "N", description = "Neighbours that a position of a convolutional cell sees in each direction, itself included (default: 3).")
    private @Nullable Integer kernel;

    /// @param channels values in an observation, the positions of a grid
    /// @throws IllegalArgumentException if they cannot be built
    List<RecurrentLayer> layers(int channels) {
        requireGridToBeUsed();
        int count = count();
        List<RecurrentLayer> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CellKind cell = each("--cell", cells, count, i);
            found.add(new RecurrentLayer(cell, each("--hidden", units, count, i),
                    cell.isConvolutional() ? grid(channels) : null, bidirectional, residual && i > 0));
        }
        return found;
    }

    private int count() {
        if (layers == null) {
            return Math.max(cells.size(), units.size());
        }
        if (layers < 1) {
            throw new IllegalArgumentException("layers: expected at least 1, found " + layers);
        }
        return layers;
    }

    private static <T> T each(String option, List<T> values, int count, int layer) {
        if (values.size() != 1 && values.size() != count) {
            throw new IllegalArgumentException(
                    option + ": expected one for all or one for each of " + count + " layers, found " + values.size());
        }
        return values.get(values.size() == 1 ? 0 : layer);
    }

    private void requireGridToBeUsed() {
        if ((grid != null || kernel != null) && cells.stream().noneMatch(CellKind::isConvolutional)) {
            throw new IllegalArgumentException((grid != null ? "--grid" : "--kernel")
                    + ": expected a convolutional cell beside it, as in --cell convlstm, found --cell "
                    + cells.stream().map(CellKind::label).collect(Collectors.joining(",")));
        }
    }

    private Grid grid(int channels) {
        int width = kernel == null ? KERNEL : kernel;
        Grid found = grid == null ? new Grid(1, channels, width) : new Grid(grid.rows(), grid.columns(), width);
        if (found.positions() != channels) {
            throw new IllegalArgumentException("--grid: expected as many positions as an observation has channels, "
                    + channels + ", found " + found.rows() + "x" + found.columns());
        }
        return found;
    }
}
