package io.gatecast.benchmarks.peer;

import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;

/// The weights of a stack of LSTM layers as others want them: one row a gate's unit, the gates in an order of theirs.
record LstmTensors(Network network, int layers, int inputs, int units) {
    /// PyTorch's gates, which are ours: input, forget, candidate, output.
    static final int[] IFGO = {0, 1, 2, 3};
    /// ONNX's: input, output, forget, candidate.
    static final int[] IOFC = {0, 3, 1, 2};
    /// Those of TensorFlow's block cell: input, candidate, forget, output.
    static final int[] ICFO = {0, 2, 1, 3};

    static LstmTensors of(Network network) {
        var layers = network.architecture().layers();
        return new LstmTensors(network, layers.size(), network.architecture().inputs(), layers.getFirst().units());
    }

    int width(int layer) {
        return layer == 0 ? inputs : units;
    }

    /// @return `[4H][X]`
    float[] inputWeights(int layer, int[] order) {
        return transposed("layer" + layer + ".W", order);
    }

    /// @return `[4H][H]`
    float[] recurrentWeights(int layer, int[] order) {
        return transposed("layer" + layer + ".U", order);
    }

    /// @return `[4H]`
    float[] bias(int layer, int[] order) {
        return transposed("layer" + layer + ".b", order);
    }

    private float[] transposed(String name, int[] order) {
        Parameters parameters = network.parameters();
        Tensor tensor = parameters.tensor(name);
        float[] out = new float[tensor.size()];
        int at = 0;
        for (int gate : order) {
            for (int unit = 0; unit < units; unit++) {
                for (int row = 0; row < tensor.rows(); row++) {
                    out[at++] = parameters.values[tensor.offset() + row * tensor.columns() + gate * units + unit];
                }
            }
        }
        return out;
    }
}
