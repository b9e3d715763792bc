package io.gatecast.training.exchange;

import io.gatecast.network.Architecture.CellKind;

/// The order in which a house lays a cell's gates side by side, a letter a gate:
///
///     cell             ours, columns   PyTorch, rows   ONNX, rows
///     RNN              n               n               n
///     LSTM             i f g o         i f g o         i o f g      which ONNX calls i o f c
///       its peepholes  i f o           none            i o f
///     GRU              r z n           r z n           z r n        which ONNX calls z r h
///
/// The letters: i input, f forget and o output gate, g the cell's candidate, r reset and z update gate, n the hidden
/// state's candidate. Ours is `[inputs][gates · H]`; theirs is `[gates · H][inputs]`, so a tensor is turned over on its
/// way as well. Sources: torch.nn.LSTM and torch.nn.GRU of PyTorch's manual; operators RNN-14, LSTM-14 and GRU-14 of
/// <https://onnx.ai/onnx/operators>.
///
/// @param gates theirs
record GateOrder(String gates) {
    static final GateOrder ONNX_PEEPHOLES = new GateOrder("iof");

    /// @return the order of our W and b
    static String ours(CellKind cell) {
        return switch (cell) {
            case RNN -> "n";
            case LSTM, PEEPHOLE, CONVLSTM, CONVLSTM_PEEPHOLE -> "ifgo";
            case GRU, GRU_RESET_BEFORE -> "rzn";
        };
    }

    static GateOrder torch(CellKind cell) {
        return new GateOrder(ours(cell)); // ours came from there
    }

    static GateOrder onnx(CellKind cell) {
        return new GateOrder(switch (cell) {
            case RNN -> "n";
            case LSTM, PEEPHOLE, CONVLSTM, CONVLSTM_PEEPHOLE -> "iofg";
            case GRU, GRU_RESET_BEFORE -> "zrn";
        });
    }

    int count() {
        return gates.length();
    }

    /// Where numbers of theirs that belong to one gate begin, of a tensor with `units` rows a gate.
    int row(char gate, int units) {
        return gates.indexOf(gate) * units;
    }

    /// From a tensor of ours to one of theirs, which may have more gates.
    ///
    /// @param columns the gates of ours, `[inputs][columns · units]` from `offset`
    /// @param theirs  `[gates · units][inputs]`
    void toTheirs(String columns, float[] ours, int offset, int inputs, int units, float[] theirs) {
        walk(columns, offset, inputs, units, (our, their) -> theirs[their] = ours[our]);
    }

    /// And back.
    void toOurs(String columns, float[] ours, int offset, int inputs, int units, float[] theirs) {
        walk(columns, offset, inputs, units, (our, their) -> ours[our] = theirs[their]);
    }

    private interface Pair {
        void at(int our, int their);
    }

    private void walk(String columns, int offset, int inputs, int units, Pair pair) {
        int width = columns.length() * units;
        for (int column = 0; column < width; column++) {
            int row = row(columns.charAt(column / units), units) + column % units;
            for (int k = 0; k < inputs; k++) {
                pair.at(offset + k * width + column, row * inputs + k);
            }
        }
    }
}
