package io.gatecast.training.exchange;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What was found in a file of another house, its tensors as they lay there.
///
/// @param layers      from the first to the last
/// @param headColumns `[F][O]` over the top layer's outputs, or `[F + X][O]` over these and the network's inputs
/// @param headBias    `[O]`
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record FoundNetwork(List<Layer> layers, float[] headColumns, float[] headBias) {

    /// One layer of X inputs.
    ///
    /// @param directions the second, if there is one, reads from the end
    record Layer(RecurrentLayer shape, int inputs, List<Direction> directions) {}

    /// One cell's tensors, as [CellTensors] describes theirs.
    record Direction(float[] inputWeights, float[] recurrentWeights, float[] inputBias, float[] recurrentBias,
            float @Nullable [] peepholes) {}

    /// Makes it ours.
    ///
    /// @param order    of the gates in that house
    /// @param metadata what the file says of the architecture, as [ArchitectureText] writes it; null = nothing
    /// @param head     what the caller says of the head; null = what the metadata say, or else O steps of one channel
    /// @throws IllegalArgumentException if these do not fit
    BareNetwork toOurs(Function<CellKind, GateOrder> order, @Nullable String metadata, @Nullable HeadShape head) {
        Architecture architecture = architecture(ArchitectureText.read(metadata), head);
        Parameters parameters = Network.parametersOf(architecture);
        HeadTensors ours = new HeadTensors(parameters);
        if (ours.outputs() != headBias.length) {
            throw new IllegalArgumentException("expected a head of " + ours.outputs() + " outputs for "
                    + architecture.head() + ", found " + headBias.length);
        }
        for (int i = 0; i < layers.size(); i++) {
            fill(parameters, i, order.apply(layers.get(i).shape.cell()));
        }
        ours.set(headColumns, headBias);
        return new BareNetwork(architecture, parameters);
    }

    private Architecture architecture(@Nullable Architecture said, @Nullable HeadShape head) {
        int inputs = layers.getFirst().inputs;
        List<RecurrentLayer> shapes = layers.stream().map(Layer::shape).toList();
        if (said != null && (said.inputs() != inputs || !said.layers().equals(shapes))) {
            throw new IllegalArgumentException("expected what its metadata " + ArchitectureText.KEY + " say, "
                    + said.inputs() + " inputs and " + said.layers() + ", found " + inputs + " inputs and " + shapes
                    + "; drop that key if the network was changed");
        }
        HeadShape shape = head != null ? head : said != null ? said.head() : point(headBias.length);
        return new Architecture(inputs, shapes, shape);
    }

    private static HeadShape point(int outputs) {
        return new HeadShape(HeadKind.POINT, 1, 1, outputs, List.of(0.5));
    }

    private void fill(Parameters parameters, int index, GateOrder order) {
        RecurrentLayer shape = layers.get(index).shape;
        boolean reverse = false;
        for (Direction found : layers.get(index).directions) {
            CellTensors cell = new CellTensors(parameters, index, reverse, shape.cell(), shape.units());
            cell.setInputWeights(order, found.inputWeights);
            cell.setRecurrentWeights(order, found.recurrentWeights);
            cell.setBiases(order, found.inputBias, found.recurrentBias);
            if (found.peepholes != null) {
                cell.setPeepholes(found.peepholes);
            }
            reverse = true;
        }
    }
}
