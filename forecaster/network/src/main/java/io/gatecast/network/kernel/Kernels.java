package io.gatecast.network.kernel;

/// The products of a recurrent network. Every implementation gives the same bits: each output is one sum that starts
/// from what the output holds and adds its terms in rising order of the inner index, each by a fused multiply-add. SIMD
/// goes across outputs, never along a sum, so neither the width of the lanes nor the number of rows in a batch shows in
/// a result.
///
/// Matrices are row-major float32; an offset is the first number, a stride the distance from a row to the next.
public sealed interface Kernels permits PlainKernels, VectorKernels {

    /// The fastest kernels for this processor.
    static Kernels best() {
        return best(Precision.FLOAT32);
    }

    /// The fastest kernels for this processor, and for weights in that precision.
    static Kernels best(Precision precision) {
        return Simd.kernels(precision);
    }

    /// @return how weights are to be kept for these kernels
    Precision precision();

    /// `y += x · w`: forward through a matrix; with a transposed `w`, the gradient back through it.
    ///
    /// @param rows of `x` and `y`
    /// @param x    `[rows][w.rows]`
    /// @param w    the matrix, packed
    /// @param y    `[rows][w.columns]`
    void addProduct(int rows, float[] x, int xOffset, int xStride, Panels w, float[] y, int yOffset, int yStride);

    /// `dw += xᵀ · dy`: the gradient of the matrix itself, summed over the rows.
    ///
    /// @param rows of `x` and `dy`
    /// @param x    `[rows][inputs]`
    /// @param dy   `[rows][outputs]`
    /// @param dw   `[inputs][outputs]`, without gaps between the rows
    void addOuterProducts(int rows, float[] x, int xOffset, int xStride, int inputs, float[] dy, int dyOffset,
            int dyStride, int outputs, float[] dw, int dwOffset);

    /// How far each stretch of a past lies from a shape: `distances[i] = Σ_j (past[from + i - j] - shape[j])²`, its terms
    /// added in rising order of j, each by a fused multiply-add.
    ///
    /// @param from      where the first stretch ends
    /// @param count     stretches, each one further than the last
    /// @param shape     newest first
    /// @param distances `[count]`
    void squaredDistances(double[] past, int from, int count, double[] shape, double[] distances);

    /// @return where the first number below a limit lies in `numbers` from `from` to before `to`; `to` where there is none
    int firstBelow(double limit, double[] numbers, int from, int to);

    /// How the kernels came to be chosen, for a log line.
    String description();
}
