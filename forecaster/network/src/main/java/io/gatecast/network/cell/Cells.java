package io.gatecast.network.cell;

import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import java.util.Objects;
import java.util.SplittableRandom;

/// From a layer's description to its cell: the one place that knows every kind.
public final class Cells {

    private Cells() {}

    /// Adds the tensors of a layer's cell to a layout, their names behind `prefix`.
    public static void layOut(String prefix, int inputs, RecurrentLayer layer, Parameters.Layout layout) {
        switch (layer.cell()) {
            case RNN -> RnnCell.layOut(prefix, inputs, layer.units(), layout);
            case LSTM -> LstmCell.layOut(prefix, inputs, layer.units(), layout);
            case PEEPHOLE -> PeepholeLstmCell.layOut(prefix, inputs, layer.units(), layout);
            case GRU -> GruCell.layOut(prefix, inputs, layer.units(), layout);
            case GRU_RESET_BEFORE -> ResetBeforeGruCell.layOut(prefix, inputs, layer.units(), layout);
            case CONVLSTM -> ConvLstmCell.layOut(prefix, inputs, layer.units(), grid(layer), false, layout);
            case CONVLSTM_PEEPHOLE -> ConvLstmCell.layOut(prefix, inputs, layer.units(), grid(layer), true, layout);
        }
    }

    /// Fresh weights for a layer's cell.
    public static void initialise(String prefix, RecurrentLayer layer, Parameters parameters, SplittableRandom random) {
        switch (layer.cell()) {
            case RNN -> RnnCell.initialise(prefix, parameters, random);
            case LSTM -> LstmCell.initialise(prefix, parameters, random);
            case PEEPHOLE -> PeepholeLstmCell.initialise(prefix, parameters, random);
            case GRU -> GruCell.initialise(prefix, parameters, random);
            case GRU_RESET_BEFORE -> ResetBeforeGruCell.initialise(prefix, parameters, random);
            case CONVLSTM, CONVLSTM_PEEPHOLE -> ConvLstmCell.initialise(prefix, grid(layer), parameters, random);
        }
    }

    /// @param parameters the network's; the weights are packed, so later changes are not seen
    public static Cell cell(String prefix, RecurrentLayer layer, Parameters parameters, Kernels kernels) {
        return switch (layer.cell()) {
            case RNN -> new RnnCell(prefix, parameters, kernels);
            case LSTM -> new LstmCell(prefix, parameters, kernels);
            case PEEPHOLE -> new PeepholeLstmCell(prefix, parameters, kernels);
            case GRU -> new GruCell(prefix, parameters, kernels);
            case GRU_RESET_BEFORE -> new ResetBeforeGruCell(prefix, parameters, kernels);
            case CONVLSTM -> new ConvLstmCell(prefix, grid(layer), false, parameters, kernels);
            case CONVLSTM_PEEPHOLE -> new ConvLstmCell(prefix, grid(layer), true, parameters, kernels);
        };
    }

    private static Grid grid(RecurrentLayer layer) {
        return Objects.requireNonNull(layer.grid(), "a convolutional layer has a grid");
    }
}
