package io.gatecast.training.diagnose;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;

/// How far a forget gate stands open at first.
final class ForgetBias {
    private ForgetBias() {}

    /// Sets the bias of the forget gates of an LSTM, with peepholes or without; other cells have none.
    ///
    /// @param prefix of the cell's tensors
    static void set(Parameters parameters, String prefix, CellKind cell, int units, double bias) {
        if (cell == CellKind.LSTM || cell == CellKind.PEEPHOLE) {
            int forget = parameters.tensor(prefix + ".b").offset() + units; // behind the input gate's
            Arrays.fill(parameters.values, forget, forget + units, (float) bias);
        }
    }
}
