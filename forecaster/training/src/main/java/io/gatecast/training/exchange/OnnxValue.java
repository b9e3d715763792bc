package io.gatecast.training.exchange;

import org.jspecify.annotations.Nullable;

/// What a value of a graph means to a network.
sealed interface OnnxValue {

    /// A tensor that is given: a weight, an axis, a shape.
    record Constant(OnnxTensor tensor) implements OnnxValue {}

    /// Zeros of whatever shape: an initial state.
    record Zeros() implements OnnxValue {}

    /// Numbers computed from shapes, on their way to zeros.
    record Sizes() implements OnnxValue {}

    /// Last hidden or cell states, which leave the graph.
    record States() implements OnnxValue {}

    /// What some of the layers hand on.
    ///
    /// @param layers   how many were passed; 0 = the network's inputs
    /// @param residual whether the last one's inputs were added
    /// @param axes     a letter an axis, t time, d directions, b batch, f numbers; without t it is the last step alone
    record Signal(int layers, boolean residual, String axes) implements OnnxValue {
        Signal withAxes(String other) {
            return new Signal(layers, residual, other);
        }
    }

    /// The top layer's outputs and, after them, the network's inputs.
    record Seen(Signal top) implements OnnxValue {}

    /// What the head gives.
    ///
    /// @param top        what it was over
    /// @param seesInputs whether over the inputs, too
    /// @param columns    `[F][O]` or `[F + X][O]`
    /// @param bias       `[O]`; null before it was added
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Answer(Signal top, boolean seesInputs, float[] columns, float @Nullable [] bias) implements OnnxValue {}
}
