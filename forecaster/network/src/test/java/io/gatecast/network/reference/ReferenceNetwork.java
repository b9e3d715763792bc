package io.gatecast.network.reference;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.RecurrentLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The recurrent layers of a network over one sequence, from the first inputs to the top layer's outputs, without dropout
/// and without a head. A residual layer adds its inputs to its outputs; a bidirectional one puts beside the outputs of a
/// cell that reads forward those of a second that reads from the end.
public record ReferenceNetwork(Architecture architecture, ReferenceTensors tensors) {

    /// What a pass finds.
    ///
    /// @param outputs of the top layer, a row a step
    /// @param states  of each layer and direction, from the first layer up, forward before reverse: a row a step in the
    ///                order they were taken, h then c
    public record Pass(List<Value> outputs, List<List<double[]>> states) {

        /// The sum of all outputs, each times its weight: something to take a gradient of.
        ///
        /// @param weights `[steps][outputs]`
        public Value dot(double[] weights) {
            Value sum = Value.zeros(1, 1);
            int width = outputs.getFirst().columns;
            for (int t = 0; t < outputs.size(); t++) {
                sum = sum.plus(outputs.get(t).dot(Arrays.copyOfRange(weights, t * width, (t + 1) * width)));
            }
            return sum;
        }
    }

    /// Inputs that a gradient can be taken by.
    ///
    /// @param x `[steps][width]`
    public static List<Value> rows(float[] x, int width) {
        double[] doubles = new double[x.length];
        Arrays.setAll(doubles, i -> x[i]);
        return rows(doubles, width);
    }

    static List<Value> rows(double[] x, int width) {
        List<Value> rows = new ArrayList<>();
        for (int t = 0; t < x.length / width; t++) {
            rows.add(Value.of(1, width, Arrays.copyOfRange(x, t * width, (t + 1) * width)));
        }
        return rows;
    }

    /// From a state of zeros.
    ///
    /// @param inputs a row a step
    public Pass pass(List<Value> inputs) {
        return pass(inputs, inputs.size());
    }

    /// As [#pass(List)], but before every `truncation`-th step that a cell takes its state becomes mere numbers, through
    /// which no gradient goes back.
    public Pass pass(List<Value> inputs, int truncation) {
        List<List<double[]>> states = new ArrayList<>();
        List<Value> sequence = inputs;
        for (int i = 0; i < architecture.layers().size(); i++) {
            sequence = layer("layer" + i, architecture.layers().get(i), sequence, truncation, states);
        }
        return new Pass(sequence, states);
    }

    private List<Value> layer(String name, RecurrentLayer layer, List<Value> inputs, int truncation,
            List<List<double[]>> states) {
        List<Value> forward = walk(new ReferenceCell(layer, name, tensors), inputs, truncation, states);
        List<Value> reverse = layer.bidirectional()
                ? walk(new ReferenceCell(layer, name + ".reverse", tensors), inputs.reversed(), truncation, states)
                        .reversed()
                : forward;
        List<Value> outputs = new ArrayList<>();
        for (int t = 0; t < inputs.size(); t++) {
            Value h = layer.bidirectional() ? joined(layer, forward.get(t), reverse.get(t)) : forward.get(t);
            outputs.add(layer.residual() ? inputs.get(t).plus(h) : h);
        }
        return outputs;
    }

    /// Both directions side by side, at each position of a grid.
    private static Value joined(RecurrentLayer layer, Value forward, Value reverse) {
        int positions = layer.grid() == null ? 1 : layer.grid().positions();
        return forward.as(positions, layer.units()).then(reverse.as(positions, layer.units())).as(1, layer.outputs());
    }

    /// @param inputs in the order of the walk
    /// @param states to which those of every step are added, in the same order
    /// @return h after each step
    private static List<Value> walk(ReferenceCell cell, List<Value> inputs, int truncation,
            List<List<double[]>> states) {
        List<Value> hidden = new ArrayList<>();
        List<double[]> walked = new ArrayList<>();
        ReferenceCell.State state = cell.zero();
        for (Value x : inputs) {
            ReferenceCell.State before = hidden.size() % truncation == 0 ? state.cut() : state;
            state = cell.step(x, before);
            hidden.add(state.h());
            walked.add(state.numbers());
        }
        states.add(walked);
        return hidden;
    }
}
