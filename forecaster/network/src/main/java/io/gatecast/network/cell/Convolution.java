package io.gatecast.network.cell;

import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import io.gatecast.network.tensor.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A convolution over a grid of positions, zero outside it, as `conv2d` computes it (a cross-correlation):
///
///     y[p] += Σ_tap x[p + tap - centre] w[tap]
///
/// The taps are the places of the kernel, row by row; the weights `[taps · inputs][outputs]`. A row of `x` is
/// `[position][inputs]`, a row of `y` `[position][width]`, of which the first `outputs` are the convolution's. Each tap
/// is a product with the neighbours of a stretch of positions, so nothing is copied aside; the gradient gathers the
/// neighbours first, since many small outer products would cost more.
final class Convolution {
    private static final int GATHERED = 1 << 16; // numbers gathered at a time, to stay in the cache

    private final Grid grid;
    private final int inputs;
    private final Weights whole;
    private final Weights[] taps;
    private final Stretch[] stretches;

    Convolution(Parameters parameters, String name, Grid grid, Kernels kernels) {
        Tensor tensor = parameters.tensor(name);
        this.grid = grid;
        this.taps = new Weights[grid.taps()];
        this.inputs = tensor.rows() / taps.length;
        this.whole = new Weights(parameters, name, kernels);
        for (int tap = 0; tap < taps.length; tap++) {
            taps[tap] = new Weights(parameters, tensor, tap * inputs, inputs, kernels);
        }
        this.stretches = stretches();
    }

    /// @return numbers that enter at each position
    int inputs() {
        return inputs;
    }

    /// @return numbers that leave each position
    int outputs() {
        return whole.columns();
    }

    /// Neighbouring positions of a row that all see a neighbour through one tap.
    ///
    /// @param count  of them
    /// @param source the first one's neighbour
    /// @param target the first one
    private record Stretch(int tap, int count, int source, int target) {}

    /// Every stretch whose neighbours lie inside the grid, tap by tap in each row: the order of every sum.
    private Stretch[] stretches() {
        List<Stretch> found = new ArrayList<>();
        for (int row = 0; row < grid.rows(); row++) {
            for (int tap = 0; tap < taps.length; tap++) {
                int neighbour = row + rowShift(tap), shift = columnShift(tap);
                int first = Math.max(0, -shift), count = grid.columns() - Math.abs(shift);
                if (neighbour >= 0 && neighbour < grid.rows() && count > 0) {
                    found.add(new Stretch(tap, count, neighbour * grid.columns() + first + shift,
                            row * grid.columns() + first));
                }
            }
        }
        return found.toArray(Stretch[]::new);
    }

    private int rowShift(int tap) {
        return tap / grid.kernelColumns() - grid.kernelRows() / 2;
    }

    private int columnShift(int tap) {
        return tap % grid.kernelColumns() - grid.kernelColumns() / 2;
    }

    /// `y += x * w`
    ///
    /// @param x     `[rows][positions][inputs]`
    /// @param y     `[rows][positions][width]`
    /// @param width at least [#outputs]
    void addProduct(int rows, float[] x, int xOffset, int xStride, float[] y, int yOffset, int width) {
        for (int n = 0; n < rows; n++) {
            int from = xOffset + n * xStride, to = yOffset + n * grid.positions() * width;
            for (Stretch s : stretches) {
                taps[s.tap].addProduct(s.count, x, from + s.source * inputs, inputs, y, to + s.target * width, width);
            }
        }
    }

    /// `dx += `what `dy` says of it
    void addProductBack(int rows, float[] dy, int dyOffset, int width, float[] dx, int dxOffset, int dxStride) {
        for (int n = 0; n < rows; n++) {
            int from = dyOffset + n * grid.positions() * width, to = dxOffset + n * dxStride;
            for (Stretch s : stretches) {
                taps[s.tap].addProductBack(s.count, dy, from + s.target * width, width, dx, to + s.source * inputs,
                        inputs);
            }
        }
    }

    /// `dw += `the sum over rows and positions
    void addGradient(int rows, float[] x, int xOffset, int xStride, float[] dy, int dyOffset, int width,
            Parameters gradient) {
        int line = taps.length * inputs;
        int chunk = Math.clamp(GATHERED / ((long) line * grid.positions()), 1, rows);
        float[] gathered = new float[chunk * grid.positions() * line];
        for (int done = 0; done < rows; done += chunk) {
            int count = Math.min(chunk, rows - done);
            for (int n = 0; n < count; n++) {
                gather(x, xOffset + (done + n) * xStride, gathered, n * grid.positions() * line);
            }
            whole.addGradient(count * grid.positions(), gathered, 0, line, dy,
                    dyOffset + done * grid.positions() * width, width, gradient);
        }
    }

    /// Every position's neighbours side by side, `[position][tap][inputs]`; zero outside the grid.
    private void gather(float[] x, int from, float[] gathered, int to) {
        int at = to;
        for (int p = 0; p < grid.positions(); p++) {
            for (int tap = 0; tap < taps.length; tap++, at += inputs) {
                int row = p / grid.columns() + rowShift(tap), column = p % grid.columns() + columnShift(tap);
                if (row >= 0 && row < grid.rows() && column >= 0 && column < grid.columns()) {
                    System.arraycopy(x, from + (row * grid.columns() + column) * inputs, gathered, at, inputs);
                } else {
                    Arrays.fill(gathered, at, at + inputs, 0);
                }
            }
        }
    }
}
