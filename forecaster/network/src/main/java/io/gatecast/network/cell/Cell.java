package io.gatecast.network.cell;

import io.gatecast.network.tensor.Parameters;

/// A recurrent cell: one step in time, forward and back, for any number of series at once. It holds weights and nothing
/// else, so one cell serves every series and every thread.
///
/// A step has two parts, because the first does not need the past and a whole sequence can take it in one product:
/// [#project] brings in the inputs, [#advance] the state. Arrays are row-major, a row a series; offsets are the first
/// number, strides the distance from a row to the next.
///
/// Shapes: X inputs, H units, S numbers of state (the hidden state h first), G numbers of gates.
public sealed interface Cell
        permits RnnCell, LstmCell, PeepholeLstmCell, GruCell, ResetBeforeGruCell, ConvLstmCell {

    /// What a cell needs.
    ///
    /// @param inputs X
    /// @param units  H
    /// @param state  S
    /// @param gates  G
    record Sizes(int inputs, int units, int state, int gates) {}

    Sizes sizes();

    /// `gates = x W + b` for any number of rows, in time as in the batch.
    ///
    /// @param x     `[rows][X]`
    /// @param gates `[rows][G]`
    void project(int rows, float[] x, int xOffset, int xStride, float[] gates, int gatesOffset);

    /// Takes one step. In place where `from` and `to` are the same.
    ///
    /// @param from  `[batch][S]`, the state before
    /// @param to    `[batch][S]`, the state after
    /// @param gates `[batch][G]` from [#project]; on return what [#back] needs to know
    void advance(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset);

    /// Takes the same step back.
    ///
    /// @param from  the state before the step
    /// @param to    the state after it
    /// @param gates as [#advance] left them; on return their gradient, before the non-linearity
    /// @param delta `[batch][S]`, the loss's gradient by the state after the step; on return by the state before it
    void back(int batch, float[] from, int fromOffset, float[] to, int toOffset, float[] gates, int gatesOffset,
            float[] delta);

    /// `dx += gradient by x`, once the gates hold gradients.
    void backToInputs(int rows, float[] gates, int gatesOffset, float[] dx, int dxOffset, int dxStride);

    /// Adds the gradient of every weight over `rows` steps of any time and series.
    ///
    /// @param x        `[rows][X]`, what entered
    /// @param from     `[rows][S]`, the states before
    /// @param gates    `[rows][G]`, gradients as [#back] left them
    /// @param gradient where to add, laid out as the network's parameters
    void addGradient(int rows, float[] x, int xOffset, int xStride, float[] from, int fromOffset, float[] gates,
            int gatesOffset, Parameters gradient);
}
