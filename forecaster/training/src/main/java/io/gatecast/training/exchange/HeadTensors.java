package io.gatecast.training.exchange;

import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;

/// The head's tensors among a network's, as a linear layer over the top layer's outputs and, after them, the network's
/// inputs: PyTorch's `nn.Linear` over `cat(h, x)`. For F outputs of the top layer, X inputs and O outputs of the head.
///
/// @param parameters the network's
record HeadTensors(Parameters parameters) {

    int outputs() {
        return parameters.tensor("head.b").columns();
    }

    /// @return F + X
    int inputs() {
        return parameters.tensor("head.Wh").rows() + parameters.tensor("head.Wx").rows();
    }

    /// @return `[F + X][O]`
    float[] columns() {
        float[] joined = new float[inputs() * outputs()];
        int hidden = copyOf("head.Wh", joined, 0);
        copyOf("head.Wx", joined, hidden);
        return joined;
    }

    private int copyOf(String name, float[] to, int offset) {
        Tensor tensor = parameters.tensor(name);
        System.arraycopy(parameters.values, tensor.offset(), to, offset, tensor.size());
        return tensor.size();
    }

    /// @return `[O][F + X]`
    float[] rows() {
        return transposed(inputs(), outputs(), columns());
    }

    float[] bias() {
        float[] bias = new float[outputs()];
        copyOf("head.b", bias, 0);
        return bias;
    }

    /// @param columns `[F][O]`, of a head that does not see the inputs, or `[F + X][O]`
    void set(float[] columns, float[] bias) {
        int hidden = set("head.Wh", columns, 0);
        if (columns.length > hidden) {
            set("head.Wx", columns, hidden);
        }
        set("head.b", bias, 0);
    }

    private int set(String name, float[] from, int offset) {
        Tensor tensor = parameters.tensor(name);
        System.arraycopy(from, offset, parameters.values, tensor.offset(), tensor.size());
        return tensor.size();
    }

    /// @param matrix `[rows][columns]`
    /// @return `[columns][rows]`
    static float[] transposed(int rows, int columns, float[] matrix) {
        float[] turned = new float[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j * rows + i] = matrix[i * columns + j];
            }
        }
        return turned;
    }
}
