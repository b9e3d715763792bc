package io.gatecast.network.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// All tensors of a network in one array, each by its name, row-major. Their order is fixed by the network's
/// architecture and is the order in a model file; one array makes the optimiser, the checksum and the sum of gradients
/// one loop each.
public final class Parameters {

    /// Where one tensor lies.
    ///
    /// @param name    as in `layer0.W`
    /// @param rows    its rows; 1 for a bias
    /// @param columns its columns
    /// @param offset  its first number in [Parameters#values]
    public record Tensor(String name, int rows, int columns, int offset) {
        public int size() {
            return rows * columns;
        }
    }

    private final List<Tensor> tensors;
    public final float[] values;

    private Parameters(List<Tensor> tensors, float[] values) {
        this.tensors = List.copyOf(tensors);
        this.values = values;
    }

    /// @return the tensors in the order of the file
    public List<Tensor> tensors() {
        return tensors;
    }

    public int size() {
        return values.length;
    }

    /// @throws IllegalArgumentException if there is no tensor of that name
    public Tensor tensor(String name) {
        return find(name).orElseThrow(
                () -> new IllegalArgumentException("no tensor named " + name + "; there are " + tensors));
    }

    /// @return the tensor of that name, if there is one
    public Optional<Tensor> find(String name) {
        return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }

    /// @return a copy that shares nothing with this one
    public Parameters copy() {
        return new Parameters(tensors, values.clone());
    }

    /// @return the same tensors, all zero: where gradients and moments are kept
    public Parameters zeros() {
        return new Parameters(tensors, new float[values.length]);
    }

    public void fill(float value) {
        Arrays.fill(values, value);
    }

    /// Adds `factor` times a part, as gradients are summed up.
    ///
    /// @param part in the same order
    public void add(float factor, float[] part) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.fma(factor, part[i], values[i]);
        }
    }

    /// Collects tensors in the order of the file.
    public static final class Layout {
        private final List<Tensor> tensors = new ArrayList<>();
        private int size;

        public Layout add(String name, int rows, int columns) {
            tensors.add(new Tensor(name, rows, columns, size));
            size = Math.addExact(size, Math.multiplyExact(rows, columns));
            return this;
        }

        public Parameters build() {
            return new Parameters(tensors, new float[size]);
        }
    }
}
