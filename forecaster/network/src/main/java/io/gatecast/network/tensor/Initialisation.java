package io.gatecast.network.tensor;

import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.SplittableRandom;

/// Where weights start. Every number comes from the generator it is handed, in one order, so a seed fixes them all.
public final class Initialisation {

    private Initialisation() {}

    /// Uniform within ±√(6 / (inputs + outputs)): Glorot & Bengio (2010), "Understanding the difficulty of training
    /// deep feedforward neural networks".
    ///
    /// @param outputs that one input reaches in a gate, where the tensor holds several gates side by side
    public static void glorot(Parameters parameters, Tensor tensor, int outputs, SplittableRandom random) {
        double limit = Math.sqrt(6.0 / (tensor.rows() + outputs));
        for (int i = 0; i < tensor.size(); i++) {
            parameters.values[tensor.offset() + i] = (float) random.nextDouble(-limit, limit);
        }
    }

    /// A random orthogonal matrix in the square of all rows and the columns that start at `column`.
    public static void orthogonal(Parameters parameters, Tensor tensor, int column, SplittableRandom random) {
        orthogonal(parameters, tensor, 0, tensor.rows(), column, random);
    }

    /// A random orthogonal matrix in the square of `n` rows from `row` and columns from `column`: Saxe, McClelland &
    /// Ganguli (2013), arXiv:1312.6120. By Gram-Schmidt on Gaussian rows, in double precision.
    public static void orthogonal(Parameters parameters, Tensor tensor, int row, int n, int column,
            SplittableRandom random) {
        double[][] rows = new double[n][n];
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                rows[r][c] = random.nextGaussian();
            }
            for (int twice = 0; twice < 2; twice++) { // the second pass takes away what rounding left
                for (int earlier = 0; earlier < r; earlier++) {
                    subtractProjection(rows[r], rows[earlier]);
                }
            }
            normalise(rows[r]);
            for (int c = 0; c < n; c++) {
                parameters.values[tensor.offset() + (row + r) * tensor.columns() + column + c] = (float) rows[r][c];
            }
        }
    }

    private static void subtractProjection(double[] row, double[] unit) {
        double product = 0;
        for (int c = 0; c < row.length; c++) {
            product += row[c] * unit[c];
        }
        for (int c = 0; c < row.length; c++) {
            row[c] -= product * unit[c];
        }
    }

    private static void normalise(double[] row) {
        double square = 0;
        for (double v : row) {
            square += v * v;
        }
        for (int c = 0; c < row.length; c++) {
            row[c] /= Math.sqrt(square);
        }
    }
}
