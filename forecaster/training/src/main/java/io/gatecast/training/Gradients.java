package io.gatecast.training;

import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;

/// Where the gradient of an update comes from: the cores of this machine, or other machines.
public interface Gradients {

    /// @return steps that can be learned from, of which an epoch has as many
    long steps();

    /// Takes the mean gradient of an update's batch.
    ///
    /// @param network  the weights
    /// @param update   from 0; with the plan's seed it chooses the batch
    /// @param gradient to be filled
    /// @return mean loss
    double take(Network network, int update, Parameters gradient);
}
