package io.gatecast.training.exchange;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A network as other tools know it: layers, a head and their weights, without what a series is scaled by.
///
/// @param parameters laid out as [Network#parametersOf] says
public record BareNetwork(Architecture architecture, Parameters parameters) {

    public BareNetwork {
        List<Parameters.Tensor> expected = Network.parametersOf(architecture).tensors();
        if (!expected.equals(parameters.tensors())) {
            throw new IllegalArgumentException("tensors: expected " + expected + ", found " + parameters.tensors());
        }
    }

    /// An imported network, all its weights zero as yet.
    ///
    /// @param outputs numbers that leave the head, O
    /// @param said    the architecture that the file's metadata give; null where they give none
    /// @param head    what the caller says of the head; null = what the metadata say, or else O steps of one channel
    /// @throws IllegalArgumentException if these do not fit
    static BareNetwork zero(int inputs, List<RecurrentLayer> layers, int outputs, @Nullable Architecture said,
            @Nullable HeadShape head) {
        if (said != null && (said.inputs() != inputs || !said.layers().equals(layers))) {
            throw new IllegalArgumentException("expected what its metadata " + ArchitectureText.KEY + " say, "
                    + said.inputs() + " inputs and " + said.layers() + ", found " + inputs + " inputs and " + layers
                    + "; drop that key if the network was changed");
        }
        HeadShape shape = head != null ? head : said != null ? said.head() : point(outputs);
        Architecture architecture = new Architecture(inputs, layers, shape);
        Parameters parameters = Network.parametersOf(architecture);
        int expected = parameters.tensor("head.b").columns();
        if (expected != outputs) {
            throw new IllegalArgumentException(
                    "expected a head of " + expected + " outputs for " + shape + ", found " + outputs);
        }
        return new BareNetwork(architecture, parameters);
    }

    private static HeadShape point(int outputs) {
        return new HeadShape(HeadKind.POINT, 1, 1, outputs, List.of(0.5));
    }
}
