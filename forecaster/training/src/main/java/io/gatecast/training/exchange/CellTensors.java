package io.gatecast.training.exchange;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;

/// One cell's tensors among a network's, as other houses lay them out: gates down the rows in an order of theirs,
/// matrices `[gates · H][inputs]`, and two biases, one that goes with the inputs and one with the hidden state. For X
/// inputs and H units.
final class CellTensors {
    private final Parameters parameters;
    private final String prefix;
    private final CellKind cell;
    private final int units;

    /// @param layer   from 0
    /// @param reverse whether it is the one that reads from the end
    CellTensors(Parameters parameters, int layer, boolean reverse, CellKind cell, int units) {
        this.parameters = parameters;
        this.prefix = "layer" + layer + (reverse ? ".reverse" : "") + ".";
        this.cell = cell;
        this.units = units;
    }

    private Tensor ours(String name) {
        return parameters.tensor(prefix + name);
    }

    private boolean isGru() {
        return cell == CellKind.GRU || cell == CellKind.GRU_RESET_BEFORE;
    }

    /// @return `[gates · H][X]`
    float[] inputWeights(GateOrder order) {
        return take(order, "W", GateOrder.ours(cell), new float[ours("W").size()]);
    }

    void setInputWeights(GateOrder order, float[] theirs) {
        put(order, "W", GateOrder.ours(cell), theirs);
    }

    /// @return `[gates · H][H]`
    float[] recurrentWeights(GateOrder order) {
        float[] theirs = new float[order.count() * units * units];
        if (isGru()) {
            take(order, "V", "n", theirs);
        }
        return take(order, "U", gatesOfU(), theirs);
    }

    void setRecurrentWeights(GateOrder order, float[] theirs) {
        if (isGru()) {
            put(order, "V", "n", theirs);
        }
        put(order, "U", gatesOfU(), theirs);
    }

    private String gatesOfU() {
        return isGru() ? "rz" : GateOrder.ours(cell);
    }

    /// @return `[gates · H]`, the bias that goes with the inputs
    float[] inputBias(GateOrder order) {
        return take(order, "b", GateOrder.ours(cell), new float[order.count() * units]);
    }

    /// @return `[gates · H]`, the bias that goes with the hidden state: zero but for the candidate of a GRU that resets
    /// after the product, where alone a second one can do what the first cannot
    float[] recurrentBias(GateOrder order) {
        float[] theirs = new float[order.count() * units];
        return cell == CellKind.GRU ? take(order, "a", "n", theirs) : theirs;
    }

    /// Adds the two biases to one, which changes nothing; only of GRU's candidate both are kept.
    void setBiases(GateOrder order, float[] inputs, float[] recurrent) {
        float[] sum = new float[inputs.length];
        for (int j = 0; j < sum.length; j++) {
            sum[j] = recurrent[j] == 0 ? inputs[j] : inputs[j] + recurrent[j]; // so that -0 stays
        }
        if (cell == CellKind.GRU) {
            int n = order.row('n', units);
            System.arraycopy(inputs, n, sum, n, units);
            put(order, "a", "n", recurrent);
        }
        put(order, "b", GateOrder.ours(cell), sum);
    }

    /// @return `[gates · H]`
    float[] peepholes() {
        return take(GateOrder.ONNX_PEEPHOLES, "P", "ifo", new float[3 * units]);
    }

    void setPeepholes(float[] theirs) {
        put(GateOrder.ONNX_PEEPHOLES, "P", "ifo", theirs);
    }

    private float[] take(GateOrder order, String name, String columns, float[] theirs) {
        order.toTheirs(columns, parameters.values, ours(name).offset(), inputs(name, columns), units, theirs);
        return theirs;
    }

    private void put(GateOrder order, String name, String columns, float[] theirs) {
        order.toOurs(columns, parameters.values, ours(name).offset(), inputs(name, columns), units, theirs);
    }

    /// Rows of ours; 1 for P, whose rows of a gate each lie one after the other as a bias's columns do.
    private int inputs(String name, String columns) {
        return ours(name).size() / (columns.length() * units);
    }
}
