package io.gatecast.network;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What to build: how many numbers enter at each step, which recurrent layers they pass, and what the head answers.
/// The same record describes a network to the trainer, to the file and to the topology, so that all three build the
/// same tensors in the same order.
///
/// @param inputs    numbers that enter at each step, X
/// @param layers    from the first to the last; the last one's output feeds the head
/// @param head      what is answered at each step
/// @param embedding where the last of the inputs come from; null = from the caller, as all others
public record Architecture(int inputs, List<RecurrentLayer> layers, HeadShape head, @Nullable Embedding embedding) {
    private static final int MOST_OUTPUTS = 1 << 20;
    private static final int WIDEST_KERNEL = 99;

    public Architecture {
        require(inputs > 0, "inputs: expected at least 1, found " + inputs);
        require(!layers.isEmpty(), "layers: expected at least one recurrent layer, found none");
        layers = List.copyOf(layers);
        require(embedding == null || embedding.dimensions < inputs, "embedding: expected fewer dimensions than the "
                + inputs + " inputs, found " + (embedding == null ? 0 : embedding.dimensions));
        int width = inputs;
        for (int i = 0; i < layers.size(); i++) {
            requireFit("layer " + i, layers.get(i), width);
            width = layers.get(i).outputs();
        }
    }

    /// Without an embedding.
    public Architecture(int inputs, List<RecurrentLayer> layers, HeadShape head) {
        this(inputs, layers, head, null);
    }

    private static void requireFit(String name, RecurrentLayer layer, int inputs) {
        Grid grid = layer.grid();
        require(grid == null || inputs % grid.positions() == 0, name + ": expected as many inputs at each of the "
                + (grid == null ? 0 : grid.positions()) + " positions of its grid, found " + inputs + " inputs in all");
        require(!layer.residual() || inputs == layer.outputs(), name
                + ": a residual connection adds its inputs to its outputs, but found " + inputs + " inputs and "
                + layer.outputs() + " outputs");
    }

    /// @return numbers that leave the last layer
    public int outputs() {
        return layers.getLast().outputs();
    }

    /// Whether a step needs nothing but the state before it. A bidirectional layer needs what comes after, too, so a
    /// network with one runs over a whole window at each step.
    public boolean streams() {
        return layers.stream().noneMatch(RecurrentLayer::bidirectional);
    }

    /// A category of the whole sequence as a few numbers that are learned: Guo & Berkhahn (2016), arXiv:1604.06737. They
    /// are the last of the inputs at each step, and the network writes them.
    ///
    /// @param categories that are known; beside them is the unknown category, 0
    /// @param dimensions numbers of each, D
    public record Embedding(int categories, int dimensions) {
        public Embedding {
            require(categories > 0, "embedding: expected at least 1 category, found " + categories);
            require(dimensions > 0, "embedding: expected at least 1 dimension, found " + dimensions);
            require((categories + 1L) * dimensions <= MOST_OUTPUTS, "embedding: expected at most " + MOST_OUTPUTS
                    + " numbers in all, found " + (categories + 1L) * dimensions);
        }
    }

    /// The kinds of cell that a layer can be made of; each has a class in [io.gatecast.network.cell].
    public enum CellKind {
        RNN, LSTM, PEEPHOLE, GRU, GRU_RESET_BEFORE, CONVLSTM, CONVLSTM_PEEPHOLE;

        /// @return as people and files name it
        public String label() {
            return Architecture.label(this);
        }

        /// @return whether its units are filters over a [Grid] of positions
        public boolean isConvolutional() {
            return this == CONVLSTM || this == CONVLSTM_PEEPHOLE;
        }
    }

    /// One recurrent layer.
    ///
    /// @param cell          its kind
    /// @param units         size of its hidden state, H; of a convolutional cell, at each position
    /// @param grid          where a convolutional cell's positions are; null for every other
    /// @param bidirectional whether a second cell reads the sequence from its end, H more outputs: Schuster & Paliwal
    ///                      (1997), doi:10.1109/78.650093
    /// @param residual      whether its inputs are added to its outputs: He et al. (2015), arXiv:1512.03385
    public record RecurrentLayer(CellKind cell, int units, @Nullable Grid grid, boolean bidirectional,
            boolean residual) {
        public RecurrentLayer {
            require(units > 0, "units: expected at least 1, found " + units);
            require(cell.isConvolutional() == (grid != null), "grid: expected "
                    + (cell.isConvolutional() ? "one" : "none") + " for cell " + cell.label() + ", found "
                    + (grid == null ? "none" : grid));
            long outputs = 2L * units * (grid == null ? 1 : grid.positions());
            require(outputs <= MOST_OUTPUTS, "units: expected at most " + MOST_OUTPUTS / 2 + " in all, found "
                    + outputs / 2);
        }

        /// A layer that goes forward in time, with nothing added.
        public RecurrentLayer(CellKind cell, int units) {
            this(cell, units, null, false, false);
        }

        /// @return numbers that leave it at each step
        public int outputs() {
            return units * (grid == null ? 1 : grid.positions()) * (bidirectional ? 2 : 1);
        }
    }

    /// Sensors of one key side by side: the channels of an observation are the positions, row by row.
    ///
    /// @param rows    1 for a row of sensors
    /// @param columns positions in a row
    /// @param kernel  neighbours that a position sees in each direction, itself included: 1, 3, 5, ...; across a side of
    ///                length 1 it sees only itself
    public record Grid(int rows, int columns, int kernel) {
        public Grid {
            require(rows > 0 && columns > 0 && (long) rows * columns <= MOST_OUTPUTS,
                    "grid: expected 1x1 or more, up to " + MOST_OUTPUTS + " positions, found " + rows + "x" + columns);
            require(kernel > 0 && kernel % 2 == 1 && kernel <= WIDEST_KERNEL,
                    "kernel: expected an odd number up to " + WIDEST_KERNEL + ", found " + kernel);
        }

        public int positions() {
            return rows * columns;
        }

        /// @return places of the kernel, T
        public int taps() {
            return kernelRows() * kernelColumns();
        }

        @Override
        public String toString() {
            return rows + "x" + columns + ", kernel " + kernel;
        }

        public int kernelRows() {
            return rows == 1 ? 1 : kernel;
        }

        public int kernelColumns() {
            return columns == 1 ? 1 : kernel;
        }
    }

    /// How an answer is made and what it is judged by; each has a class in [io.gatecast.network.head].
    public enum HeadKind {
        QUANTILES, POINT, GAUSSIAN, STUDENT_T;

        /// @return as people and files name it
        public String label() {
            return Architecture.label(this);
        }
    }

    /// The answer at each step: for every channel, the quantiles of each of the next steps. Each starts from a blend of
    /// `bases` simple forecasts (the last value, the value one season ago, ...), of which the network learns the weights.
    ///
    /// @param kind      what stands behind the quantiles
    /// @param channels  values in one observation, C
    /// @param bases     simple forecasts to blend, at least 1
    /// @param horizon   steps ahead
    /// @param quantiles levels, rising, within (0, 1), the median 0.5 among them; it alone for a point
    public record HeadShape(HeadKind kind, int channels, int bases, int horizon, List<Double> quantiles) {
        public HeadShape {
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
            require(kind != HeadKind.POINT || quantiles.size() == 1,
                    "quantiles: expected 0.5 alone for a point forecast, found " + quantiles);
        }

        /// Quantiles without a distribution behind them.
        public HeadShape(int channels, int bases, int horizon, List<Double> quantiles) {
            this(HeadKind.QUANTILES, channels, bases, horizon, quantiles);
        }

        /// @return terms of the loss for each target: one a level, or one for a whole distribution
        public int lossTerms() {
            return kind == HeadKind.QUANTILES ? quantiles.size() : 1;
        }

        /// @return where the median stands in [#quantiles]
        public int median() {
            return quantiles.indexOf(0.5);
        }
    }

    private static String label(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
