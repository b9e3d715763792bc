package io.gatecast.training.exchange;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.training.exchange.FoundNetwork.Direction;
import io.gatecast.training.exchange.FoundNetwork.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// From an RNN, LSTM or GRU node to a layer. The node's inputs: 0 X, 1 W, 2 R, 3 B, 4 sequence_lens, 5 initial_h, 6
/// initial_c, 7 P; those after R may be left out. Whatever our cells do not do is refused, also where it would do
/// nothing in most sequences.
final class OnnxCell {
    private static final long WIDEST = 1 << 26; // so that no shape of a layer is beyond what a number here can hold

    private final OnnxNode node;
    private final OnnxValues values;
    private final CellKind cell;
    private final int directions;

    private OnnxCell(OnnxNode node, OnnxValues values) {
        this.node = node;
        this.values = values;
        this.cell = kind();
        this.directions = directions();
    }

    /// @param inputs that the layer is given; -1 = whatever its weights say
    static Layer read(OnnxNode node, OnnxValues values, int inputs) {
        OnnxCell cell = new OnnxCell(node, values);
        cell.requireOurArithmetic();
        Layer layer = cell.layer(inputs);
        node.requireNoMore();
        return layer;
    }

    private CellKind kind() {
        return switch (node.type()) {
            case "RNN" -> CellKind.RNN;
            case "LSTM" -> node.input(7).isEmpty() ? CellKind.LSTM : CellKind.PEEPHOLE;
            default -> node.integer("linear_before_reset", 0) == 0 ? CellKind.GRU_RESET_BEFORE : CellKind.GRU;
        };
    }

    private int directions() {
        return switch (node.text("direction", "forward")) {
            case "forward" -> 1;
            case "bidirectional" -> 2;
            case String other -> throw node.refused("expected direction forward or bidirectional, found " + other
                    + ", for which no layer of ours stands alone");
        };
    }

    private void requireOurArithmetic() {
        List<String> one = switch (node.type()) {
            case "RNN" -> List.of("tanh");
            case "LSTM" -> List.of("sigmoid", "tanh", "tanh");
            default -> List.of("sigmoid", "tanh");
        };
        List<String> all = Collections.nCopies(directions, one).stream().flatMap(List::stream).toList();
        List<String> found = node.texts("activations", all);
        if (found.size() != all.size() || !String.join(",", found).equalsIgnoreCase(String.join(",", all))) {
            throw node.refused("expected activations " + all + ", found " + found);
        }
        if (node.has("clip")) {
            throw node.refused("expected no clip, found one of " + node.number("clip", 0));
        }
        requireZero("input_forget");
        requireZero("layout");
        requireLeftOut(4, "sequence_lens, so that all sequences are as long as they are");
        requireZeroState(5, "initial_h");
        requireZeroState(6, "initial_c");
    }

    private void requireZero(String attribute) {
        if (node.integer(attribute, 0) != 0) {
            throw node.refused("expected " + attribute + " 0, found " + node.integer(attribute, 0));
        }
    }

    private void requireLeftOut(int input, String name) {
        if (!node.input(input).isEmpty()) {
            throw node.refused("expected no " + name + ", found " + node.input(input));
        }
    }

    private void requireZeroState(int input, String name) {
        if (!node.input(input).isEmpty() && !OnnxValues.isZero(values.input(node, input))) {
            throw node.refused("expected " + name + " left out or zero, found " + node.input(input));
        }
    }

    private Layer layer(int inputs) {
        int units = side(2, 2), rows = GateOrder.onnx(cell).count() * units;
        if (node.integer("hidden_size", units) != units) {
            throw node.refused("expected hidden_size " + units + ", as " + node.input(2) + " has it, found "
                    + node.integer("hidden_size", units));
        }
        int width = inputs < 0 ? side(1, 2) : inputs;
        float[] w = values.tensor(node, 1).floats(directions, rows, width);
        float[] r = values.tensor(node, 2).floats(directions, rows, units);
        float[] b = node.input(3).isEmpty()
                ? new float[directions * 2 * rows]
                : values.tensor(node, 3).floats(directions, 2 * rows);
        float[] p = cell == CellKind.PEEPHOLE
                ? values.tensor(node, 7).floats(directions, 3 * units)
                : new float[0];
        List<Direction> found = new ArrayList<>();
        for (int d = 0; d < directions; d++) {
            found.add(new Direction(part(w, d, directions), part(r, d, directions), part(b, 2 * d, 2 * directions),
                    part(b, 2 * d + 1, 2 * directions), p.length == 0 ? null : part(p, d, directions)));
        }
        return new Layer(new RecurrentLayer(cell, units, null, directions == 2, false), width, found);
    }

    /// @return the length of a side of a tensor of three
    private int side(int input, int index) {
        OnnxTensor tensor = values.tensor(node, input);
        List<Long> shape = tensor.shape();
        if (shape.size() != 3 || shape.get(index) < 1 || shape.get(index) > WIDEST) {
            throw new IllegalArgumentException("tensor " + tensor.name() + ": expected shape [directions, gates *"
                    + " units, " + (input == 1 ? "inputs" : "units") + "], found " + shape);
        }
        return shape.get(index).intValue();
    }

    private static float[] part(float[] all, int index, int count) {
        int size = all.length / count;
        return Arrays.copyOfRange(all, index * size, (index + 1) * size);
    }
}
