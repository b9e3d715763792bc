package io.gatecast.network.tensor;

import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.kernel.Panels;
import io.gatecast.network.tensor.Parameters.Tensor;

/// A matrix of weights, packed for the kernels in their precision: forward through it, back through it, and its gradient.
/// Later changes of the parameters are not seen.
public final class Weights {
    private final int rows;
    private final int columns;
    private final int offset;
    private final Kernels kernels;
    private final Panels forward;
    private final Panels back;

    public Weights(Parameters parameters, String name, Kernels kernels) {
        this(parameters, parameters.tensor(name), 0, parameters.tensor(name).rows(), kernels);
    }

    /// Some neighbouring rows of a tensor.
    public Weights(Parameters parameters, Tensor tensor, int firstRow, int rows, Kernels kernels) {
        this.rows = rows;
        this.columns = tensor.columns();
        this.offset = tensor.offset() + firstRow * columns;
        this.kernels = kernels;
        float[] rounded = kernels.precision().round(parameters.values, offset, rows, columns);
        this.forward = Panels.ofRounded(rounded, rows, columns, kernels.precision());
        this.back = Panels.ofTransposed(rounded, 0, rows, columns);
    }

    /// @return inputs
    public int rows() {
        return rows;
    }

    /// @return outputs
    public int columns() {
        return columns;
    }

    /// `y += x w`
    ///
    /// @param x `[count][rows]`
    /// @param y `[count][columns]`
    public void addProduct(int count, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
        kernels.addProduct(count, x, xOffset, xStride, forward, y, yOffset, yStride);
    }

    /// `dx += dy wᵀ`
    public void addProductBack(int count, float[] dy, int dyOffset, int dyStride, float[] dx, int dxOffset,
            int dxStride) {
        kernels.addProduct(count, dy, dyOffset, dyStride, back, dx, dxOffset, dxStride);
    }

    /// `dw += xᵀ dy`, into the tensor's place in `gradient`.
    public void addGradient(int count, float[] x, int xOffset, int xStride, float[] dy, int dyOffset, int dyStride,
            Parameters gradient) {
        kernels.addOuterProducts(count, x, xOffset, xStride, rows, dy, dyOffset, dyStride, columns, gradient.values,
                offset);
    }
}
