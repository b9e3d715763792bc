package io.gatecast.network.layer;

import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The numbers of each category, `[categories + 1][D]`; the first row is the unknown category. Later changes of the
/// parameters are not seen.
public final class EmbeddingTable {
    /// Of its tensor.
    public static final String NAME = "embedding.E";

    private final Tensor tensor;
    private final float[] values;

    /// Adds the tensor to a layout.
    public static void layOut(Embedding shape, Parameters.Layout layout) {
        layout.add(NAME, shape.categories() + 1, shape.dimensions());
    }

    /// Fresh numbers: the unknown category at the centre, every other somewhere about it, so that the network can tell
    /// them apart from the first update on.
    public static void initialise(Parameters parameters, SplittableRandom random) {
        Tensor tensor = parameters.tensor(NAME);
        for (int i = tensor.columns(); i < tensor.size(); i++) {
            parameters.values[tensor.offset() + i] = (float) random.nextDouble(-1, 1);
        }
    }

    public EmbeddingTable(Parameters parameters) {
        this.tensor = parameters.tensor(NAME);
        this.values = Arrays.copyOfRange(parameters.values, tensor.offset(), tensor.offset() + tensor.size());
    }

    /// @return numbers of a category, D
    public int dimensions() {
        return tensor.columns();
    }

    /// Writes the numbers of a category.
    ///
    /// @param category from 1; 0 = unknown
    /// @param x        on return the numbers, from `to`
    public void write(int category, float[] x, int to) {
        System.arraycopy(values, category * tensor.columns(), x, to, tensor.columns());
    }

    /// Adds the gradient by the numbers of a category.
    ///
    /// @param dx the gradient by what [#write] wrote, from `from`
    public void addGradient(int category, float[] dx, int from, Parameters gradient) {
        int row = tensor.offset() + category * tensor.columns();
        for (int j = 0; j < tensor.columns(); j++) {
            gradient.values[row + j] += dx[from + j];
        }
    }
}
