package io.gatecast.network.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;

/// A matrix of doubles, row-major, that remembers what it was made of, so that [#backward] can take a gradient back to
/// everything that led to it: reverse-mode automatic differentiation, Linnainmaa (1970).
public final class Value {

    /// Adds what the gradient of a value says of its sources to theirs.
    @FunctionalInterface
    private interface Back {
        void from(double[] gradient);
    }

    final int rows;
    final int columns;
    final double[] data;
    final double[] gradient;
    private final List<Value> sources;
    private final Back back;

    private Value(int rows, int columns, double[] data, List<Value> sources, Back back) {
        if (data.length != rows * columns) {
            throw new IllegalArgumentException("expected " + rows + "x" + columns + " numbers, found " + data.length);
        }
        this.rows = rows;
        this.columns = columns;
        this.data = data;
        this.gradient = new double[data.length];
        this.sources = sources;
        this.back = back;
    }

    /// A value that was made of nothing: a weight, an input. The array is shared.
    static Value of(int rows, int columns, double[] data) {
        return new Value(rows, columns, data, List.of(), gradient -> {});
    }

    static Value zeros(int rows, int columns) {
        return of(rows, columns, new double[rows * columns]);
    }

    public double[] data() {
        return data.clone();
    }

    /// @return of the number that [#backward] was called for, by each number here
    public double[] gradient() {
        return gradient.clone();
    }

    /// The product of two matrices.
    Value times(Value w) {
        require(columns == w.rows, w);
        double[] product = new double[rows * w.columns];
        for (int n = 0; n < rows; n++) {
            for (int k = 0; k < columns; k++) {
                for (int j = 0; j < w.columns; j++) {
                    product[n * w.columns + j] += data[n * columns + k] * w.data[k * w.columns + j];
                }
            }
        }
        return new Value(rows, w.columns, product, List.of(this, w), d -> timesBack(w, d));
    }

    /// `dx = dy wᵀ`, `dw = xᵀ dy`
    private void timesBack(Value w, double[] d) {
        for (int n = 0; n < rows; n++) {
            for (int k = 0; k < columns; k++) {
                for (int j = 0; j < w.columns; j++) {
                    gradient[n * columns + k] += d[n * w.columns + j] * w.data[k * w.columns + j];
                    w.gradient[k * w.columns + j] += d[n * w.columns + j] * data[n * columns + k];
                }
            }
        }
    }

    /// The sum, number by number; a single row is added to each.
    Value plus(Value other) {
        require(columns == other.columns && (rows == other.rows || other.rows == 1), other);
        int size = other.data.length;
        double[] sum = new double[data.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = data[i] + other.data[i % size];
        }
        return new Value(rows, columns, sum, List.of(this, other), d -> {
            for (int i = 0; i < d.length; i++) {
                gradient[i] += d[i];
                other.gradient[i % size] += d[i];
            }
        });
    }

    /// The product, number by number: ∘ in the papers.
    Value by(Value other) {
        require(columns == other.columns && rows == other.rows, other);
        double[] product = new double[data.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = data[i] * other.data[i];
        }
        return new Value(rows, columns, product, List.of(this, other), d -> {
            for (int i = 0; i < d.length; i++) {
                gradient[i] += d[i] * other.data[i];
                other.gradient[i] += d[i] * data[i];
            }
        });
    }

    Value sigmoid() {
        return each(x -> 1 / (1 + Math.exp(-x)), y -> y * (1 - y));
    }

    Value tanh() {
        return each(Math::tanh, y -> 1 - y * y);
    }

    Value oneMinus() {
        return each(x -> 1 - x, y -> -1);
    }

    /// @param slope of the function, said of its result
    private Value each(DoubleUnaryOperator function, DoubleUnaryOperator slope) {
        double[] result = Arrays.stream(data).map(function).toArray();
        return new Value(rows, columns, result, List.of(this), d -> {
            for (int i = 0; i < d.length; i++) {
                gradient[i] += d[i] * slope.applyAsDouble(result[i]);
            }
        });
    }

    /// A matrix of numbers of this one.
    ///
    /// @param place from a place in the new matrix to the one here; below 0 for a zero
    Value pick(int newRows, int newColumns, IntUnaryOperator place) {
        double[] picked = new double[newRows * newColumns];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = place.applyAsInt(i) < 0 ? 0 : data[place.applyAsInt(i)];
        }
        return new Value(newRows, newColumns, picked, List.of(this), d -> {
            for (int i = 0; i < d.length; i++) {
                if (place.applyAsInt(i) >= 0) {
                    gradient[place.applyAsInt(i)] += d[i];
                }
            }
        });
    }

    /// The same numbers in rows of another length.
    Value as(int newRows, int newColumns) {
        return pick(newRows, newColumns, i -> i);
    }

    Value row(int row) {
        return pick(1, columns, i -> row * columns + i);
    }

    /// Columns `block * width` to `(block + 1) * width`: a gate of several side by side.
    Value block(int block, int width) {
        return pick(rows, width, i -> i / width * columns + block * width + i % width);
    }

    /// Each row, then the other's.
    Value then(Value other) {
        int width = columns + other.columns;
        Value left = pick(rows, width, i -> i % width < columns ? i / width * columns + i % width : -1);
        return left.plus(other.pick(rows, width,
                i -> i % width < columns ? -1 : i / width * other.columns + i % width - columns));
    }

    /// The sum of all numbers, each times its weight: one number.
    Value dot(double[] weights) {
        return as(1, data.length).times(of(data.length, 1, weights));
    }

    /// Adds the gradient of this one number to [#gradient] of all that led to it. Once for each sum: what lies between
    /// keeps its gradient.
    public void backward() {
        if (data.length != 1) {
            throw new IllegalStateException("expected a single number to take the gradient of, found " + data.length);
        }
        List<Value> sorted = new ArrayList<>();
        sort(sorted, Collections.newSetFromMap(new IdentityHashMap<>()));
        gradient[0] = 1;
        for (Value value : sorted.reversed()) {
            value.back.from(value.gradient);
        }
    }

    /// Every value after its sources.
    private void sort(List<Value> sorted, Set<Value> seen) {
        if (seen.add(this)) {
            sources.forEach(source -> source.sort(sorted, seen));
            sorted.add(this);
        }
    }

    private void require(boolean fits, Value other) {
        if (!fits) {
            throw new IllegalArgumentException("a matrix of " + rows + "x" + columns + " does not fit one of "
                    + other.rows + "x" + other.columns);
        }
    }
}
