package io.gatecast.network.kernel;

import java.util.Arrays;

/// The definition: plain loops, one sum after the other. Also the fallback where the vector module is absent.
final class ScalarKernels implements Kernels {
    private final String description;

    ScalarKernels(String description) {
        this.description = description;
    }

    @Override
    public void addProduct(int rows, float[] x, int xOffset, int xStride, Panels w, float[] y, int yOffset,
            int yStride) {
        for (int n = 0; n < rows; n++) {
            for (int panel = 0; panel < w.columns; panel += Panels.WIDTH) {
                int width = Math.min(Panels.WIDTH, w.columns - panel);
                int from = panel * w.rows;
                int to = yOffset + n * yStride + panel;
                for (int k = 0; k < w.rows; k++, from += Panels.WIDTH) {
                    float v = x[xOffset + n * xStride + k];
                    for (int j = 0; j < width; j++) {
                        y[to + j] = Math.fma(v, w.data[from + j], y[to + j]);
                    }
                }
            }
        }
    }

    @Override
    public void addOuterProducts(int rows, float[] x, int xOffset, int xStride, int inputs, float[] dy, int dyOffset,
            int dyStride, int outputs, float[] dw, int dwOffset) {
        for (int n = 0; n < rows; n++) {
            for (int k = 0; k < inputs; k++) {
                float v = x[xOffset + n * xStride + k];
                int from = dyOffset + n * dyStride;
                int to = dwOffset + k * outputs;
                for (int j = 0; j < outputs; j++) {
                    dw[to + j] = Math.fma(v, dy[from + j], dw[to + j]);
                }
            }
        }
    }

    @Override
    public void squaredDistances(double[] past, int from, int count, double[] shape, double[] distances) {
        Arrays.fill(distances, 0, count, 0);
        for (int j = 0; j < shape.length; j++) {
            for (int i = 0; i < count; i++) {
                double apart = past[from + i - j] - shape[j];
                distances[i] += apart * apart;
            }
        }
    }

    @Override
    public String description() {
        return description;
    }
}
