package io.gatecast.network;

import io.gatecast.network.tensor.Parameters;

/// Layers and head as one: a network ready to take steps.
public final class Network {
    private final Architecture architecture;
    private final Parameters parameters;

    private Network(Architecture architecture, Parameters parameters) {
        this.architecture = architecture;
        this.parameters = parameters;
    }

    /// The tensors that an architecture needs, all zero, in the order of a model file.
    public static Parameters parametersOf(Architecture architecture) {
        throw new UnsupportedOperationException();
    }

    /// Fresh weights, ready to be trained.
    public static Parameters initialise(Architecture architecture, long seed) {
        throw new UnsupportedOperationException();
    }

    /// Packs the weights for the processor at hand. Later changes of `parameters` are not seen.
    public static Network compile(Architecture architecture, Parameters parameters) {
        return new Network(architecture, parameters);
    }

    public Architecture architecture() {
        return architecture;
    }

    public Parameters parameters() {
        return parameters;
    }
}
