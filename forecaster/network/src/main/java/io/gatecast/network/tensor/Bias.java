package io.gatecast.network.tensor;

import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;

/// A row of biases: where a sum begins. Later changes of the parameters are not seen.
public final class Bias {
    private static final float[] ONE = {1};

    private final Tensor tensor;
    private final Kernels kernels;
    private final float[] values;

    public Bias(Parameters parameters, String name, Kernels kernels) {
        this.tensor = parameters.tensor(name);
        this.kernels = kernels;
        this.values = Arrays.copyOfRange(parameters.values, tensor.offset(), tensor.offset() + tensor.size());
    }

    public int size() {
        return values.length;
    }

    /// `y = b` in each of `count` rows.
    public void fill(int count, float[] y, int yOffset, int yStride) {
        for (int n = 0; n < count; n++) {
            System.arraycopy(values, 0, y, yOffset + n * yStride, values.length);
        }
    }

    /// `db += Σ dy`: the bias is a weight of an input that is always 1.
    public void addGradient(int count, float[] dy, int dyOffset, int dyStride, Parameters gradient) {
        kernels.addOuterProducts(count, ONE, 0, 0, 1, dy, dyOffset, dyStride, values.length, gradient.values,
                tensor.offset());
    }
}
