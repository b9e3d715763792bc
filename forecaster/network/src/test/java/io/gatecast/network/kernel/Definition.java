package io.gatecast.network.kernel;

/// What [Kernels] promises, one sum after the other: the bits that every implementation has to give.
final class Definition {
    private Definition() {}

    /// @param w `[inner][columns]`, row-major from `wOffset`
    static void addProduct(int rows, float[] x, int xOffset, int xStride, float[] w, int wOffset, int inner,
            int columns, float[] y, int yOffset, int yStride) {
        for (int n = 0; n < rows; n++) {
            for (int j = 0; j < columns; j++) {
                float sum = y[yOffset + n * yStride + j];
                for (int k = 0; k < inner; k++) {
                    sum = Math.fma(x[xOffset + n * xStride + k], w[wOffset + k * columns + j], sum);
                }
                y[yOffset + n * yStride + j] = sum;
            }
        }
    }

    static void addOuterProducts(int rows, float[] x, int xOffset, int xStride, int inputs, float[] dy, int dyOffset,
            int dyStride, int outputs, float[] dw, int dwOffset) {
        for (int k = 0; k < inputs; k++) {
            for (int j = 0; j < outputs; j++) {
                float sum = dw[dwOffset + k * outputs + j];
                for (int n = 0; n < rows; n++) {
                    sum = Math.fma(x[xOffset + n * xStride + k], dy[dyOffset + n * dyStride + j], sum);
                }
                dw[dwOffset + k * outputs + j] = sum;
            }
        }
    }

    static void squaredDistances(double[] past, int from, int count, double[] shape, double[] distances) {
        for (int i = 0; i < count; i++) {
            double sum = 0;
            for (int j = 0; j < shape.length; j++) {
                double apart = past[from + i - j] - shape[j];
                sum = Math.fma(apart, apart, sum);
            }
            distances[i] = sum;
        }
    }
}
