package io.gatecast.network;

import java.util.List;

/// What to build: how many numbers enter at each step, which recurrent layers they pass, and what the head answers.
/// The same record describes a network to the trainer, to the file and to the topology, so that all three build the
/// same tensors in the same order.
///
/// @param inputs numbers that enter at each step, X
/// @param layers from the first to the last; the last one's hidden state feeds the head
/// @param head   what is answered at each step
public record Architecture(int inputs, List<RecurrentLayer> layers, QuantileHeadShape head) {

    public Architecture {
        require(inputs > 0, "inputs: expected at least 1, found " + inputs);
        require(!layers.isEmpty(), "layers: expected at least one recurrent layer, found none");
        layers = List.copyOf(layers);
    }

    /// The kinds of cell that a layer can be made of.
    public enum CellKind {
        LSTM
    }

    /// One recurrent layer.
    ///
    /// @param cell  its kind
    /// @param units size of its hidden state, H
    public record RecurrentLayer(CellKind cell, int units) {
        public RecurrentLayer {
            require(units > 0, "units: expected at least 1, found " + units);
        }
    }

    /// The answer at each step: for every channel, the quantiles of each of the next steps. Each starts from a blend of
    /// `bases` simple forecasts (the last value, the value one season ago, ...), of which the network learns the weights.
    ///
    /// @param channels  values in one observation, C
    /// @param bases     simple forecasts to blend, at least 1
    /// @param horizon   steps ahead
    /// @param quantiles levels, rising, within (0, 1), the median 0.5 among them
    public record QuantileHeadShape(int channels, int bases, int horizon, List<Double> quantiles) {
        public QuantileHeadShape {
            require(channels > 0, "channels: expected at least 1, found " + channels);
            require(bases > 0, "bases: expected at least 1, found " + bases);
            require(horizon > 0, "horizon: expected at least 1 step, found " + horizon);
            quantiles = List.copyOf(quantiles);
            for (int i = 0; i < quantiles.size(); i++) {
                double q = quantiles.get(i);
                require(q > 0 && q < 1, "quantiles: expected levels between 0 and 1, found " + q);
                require(i == 0 || q > quantiles.get(i - 1), "quantiles: expected rising levels, found " + quantiles);
            }
            require(quantiles.contains(0.5), "quantiles: expected the median 0.5 among them, found " + quantiles);
        }

        /// @return where the median stands in [#quantiles]
        public int median() {
            return quantiles.indexOf(0.5);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
