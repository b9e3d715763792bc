package io.gatecast.network.reference;

import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import java.util.Objects;

/// One step of every kind of cell, as its paper says it, with ∘ for a product number by number:
///
///     RNN       h' = tanh(x W + h U + b)                                      Elman (1990)
///     LSTM      i, f, o = σ(x W + h U + b)    g = tanh(x W + h U + b)         Hochreiter & Schmidhuber (1997), Gers (2000)
///               c' = f∘c + i∘g                h' = o∘tanh(c')
///     peephole  i, f = σ(... + P∘c)           o = σ(... + P∘c')               Gers & Schmidhuber (2000)
///     GRU       r, z = σ(x W + h U + b)       h' = (1 - z)∘n + z∘h            Cho et al. (2014)
///               n = tanh(x W + b + r∘(h V + a)), reset after the product, or
///               n = tanh(x W + b + (r∘h) V), reset before it
///     ConvLSTM  as LSTM or peephole, each product a convolution over a grid   Shi et al. (2015)
///
/// @param layer  its kind, units and grid
/// @param prefix of its tensors' names
record ReferenceCell(RecurrentLayer layer, String prefix, ReferenceTensors tensors) {

    /// What a cell remembers, each a row; without a cell state `c` has no columns.
    record State(Value h, Value c) {
        /// A row of state as the network keeps it: h, then c.
        double[] numbers() {
            return h.then(c).data();
        }

        /// The same numbers, which have forgotten what they were made of.
        State cut() {
            return new State(Value.of(1, h.columns, h.data), Value.of(1, c.columns, c.data));
        }
    }

    State zero() {
        int units = layer.units() * positions();
        return switch (layer.cell()) {
            case RNN, GRU, GRU_RESET_BEFORE -> new State(Value.zeros(1, units), Value.zeros(1, 0));
            case LSTM, PEEPHOLE, CONVLSTM, CONVLSTM_PEEPHOLE ->
                new State(Value.zeros(1, units), Value.zeros(1, units));
        };
    }

    /// @param x a row of inputs
    State step(Value x, State state) {
        return switch (layer.cell()) {
            case RNN -> new State(product(x, state.h).tanh(), state.c);
            case GRU -> gru(x, state, true);
            case GRU_RESET_BEFORE -> gru(x, state, false);
            case LSTM -> lstm(product(x, state.h), state);
            case PEEPHOLE -> peephole(product(x, state.h), state);
            case CONVLSTM -> flat(lstm(convolution(x, state.h), grid(state)));
            case CONVLSTM_PEEPHOLE -> flat(peephole(convolution(x, state.h), grid(state)));
        };
    }

    private Value product(Value x, Value h) {
        return x.times(tensor("W")).plus(h.times(tensor("U"))).plus(tensor("b"));
    }

    private State lstm(Value sums, State state) {
        Value i = gate(sums, 0).sigmoid();
        Value f = gate(sums, 1).sigmoid();
        Value g = gate(sums, 2).tanh();
        Value o = gate(sums, 3).sigmoid();
        Value c = f.by(state.c).plus(i.by(g));
        return new State(o.by(c.tanh()), c);
    }

    private State peephole(Value sums, State state) {
        Value i = gate(sums, 0).plus(peep(0, state.c)).sigmoid();
        Value f = gate(sums, 1).plus(peep(1, state.c)).sigmoid();
        Value g = gate(sums, 2).tanh();
        Value c = f.by(state.c).plus(i.by(g));
        Value o = gate(sums, 3).plus(peep(2, c)).sigmoid();
        return new State(o.by(c.tanh()), c);
    }

    /// `P∘c`: i and f look at the cell as it was, o as it has become.
    private Value peep(int row, Value c) {
        return tensor("P").row(row).as(c.rows, c.columns).by(c);
    }

    private State gru(Value x, State state, boolean resetAfter) {
        int units = layer.units();
        Value h = state.h;
        Value inputs = x.times(tensor("W")).plus(tensor("b"));
        Value hidden = h.times(tensor("U"));
        Value r = gate(inputs, 0).plus(hidden.block(0, units)).sigmoid();
        Value z = gate(inputs, 1).plus(hidden.block(1, units)).sigmoid();
        Value past = resetAfter ? r.by(h.times(tensor("V")).plus(tensor("a"))) : r.by(h).times(tensor("V"));
        Value n = gate(inputs, 2).plus(past).tanh();
        return new State(z.oneMinus().by(n).plus(z.by(h)), state.c);
    }

    /// `x * W + h * U + b`, a row a position.
    private Value convolution(Value x, Value h) {
        return patches(x).times(tensor("W")).plus(patches(h).times(tensor("U"))).plus(tensor("b"));
    }

    /// For each position, the numbers of every position that the kernel covers, tap by tap; zeros beyond the edge.
    private Value patches(Value row) {
        Grid grid = Objects.requireNonNull(layer.grid());
        int width = row.columns / grid.positions();
        int taps = grid.kernelRows() * grid.kernelColumns();
        return row.pick(grid.positions(), taps * width, i -> {
            int position = i / (taps * width), tap = i / width % taps;
            int r = position / grid.columns() + tap / grid.kernelColumns() - grid.kernelRows() / 2;
            int c = position % grid.columns() + tap % grid.kernelColumns() - grid.kernelColumns() / 2;
            boolean inside = r >= 0 && r < grid.rows() && c >= 0 && c < grid.columns();
            return inside ? (r * grid.columns() + c) * width + i % width : -1;
        });
    }

    private State grid(State flat) {
        return new State(flat.h.as(positions(), layer.units()), flat.c.as(positions(), layer.units()));
    }

    private State flat(State grid) {
        int size = positions() * layer.units();
        return new State(grid.h.as(1, size), grid.c.as(1, size));
    }

    private Value gate(Value sums, int index) {
        return sums.block(index, layer.units());
    }

    private Value tensor(String name) {
        return tensors.tensor(prefix + "." + name);
    }

    private int positions() {
        return layer.grid() == null ? 1 : layer.grid().positions();
    }
}
