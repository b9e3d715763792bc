package io.gatecast.training.exchange;

import io.gatecast.network.Architecture;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import java.util.List;

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
}
