package io.gatecast.network.reference;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.tensor.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/// The weights of an architecture's recurrent layers by name, each as rows and columns: the layouts, said once more.
public record ReferenceTensors(Map<String, Value> values) {

    /// Rows and columns.
    private record Shape(int rows, int columns) {}

    /// Made-up or stored numbers in the shapes that the architecture asks for.
    ///
    /// @param numbers from a tensor's name and size to its numbers, row-major
    public static ReferenceTensors of(Architecture architecture, BiFunction<String, Integer, double[]> numbers) {
        Map<String, Value> values = new LinkedHashMap<>();
        shapes(architecture).forEach((name, shape) -> values.put(name,
                Value.of(shape.rows, shape.columns, numbers.apply(name, shape.rows * shape.columns))));
        return new ReferenceTensors(values);
    }

    /// The numbers of a network that computes in float32.
    public static ReferenceTensors of(Architecture architecture, Parameters parameters) {
        return of(architecture, (name, size) -> doubles(parameters, name));
    }

    private static double[] doubles(Parameters parameters, String name) {
        Parameters.Tensor tensor = parameters.tensor(name);
        double[] numbers = new double[tensor.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = parameters.values[tensor.offset() + i];
        }
        return numbers;
    }

    Value tensor(String name) {
        return Objects.requireNonNull(values.get(name), () -> "no tensor named " + name);
    }

    /// The rows and columns of a tensor.
    public List<Integer> shape(String name) {
        return List.of(tensor(name).rows, tensor(name).columns);
    }

    private static Map<String, Shape> shapes(Architecture architecture) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int inputs = architecture.inputs();
        for (int i = 0; i < architecture.layers().size(); i++) {
            RecurrentLayer layer = architecture.layers().get(i);
            add(shapes, "layer" + i, layer, inputs);
            if (layer.bidirectional()) {
                add(shapes, "layer" + i + ".reverse", layer, inputs);
            }
            inputs = layer.outputs();
        }
        return shapes;
    }

    /// With X inputs and H units; a convolution has them of each tap of its kernel in its rows.
    private static void add(Map<String, Shape> shapes, String prefix, RecurrentLayer layer, int inputs) {
        Grid grid = layer.grid();
        int positions = grid == null ? 1 : grid.positions();
        int taps = grid == null ? 1 : grid.kernelRows() * grid.kernelColumns();
        int x = inputs / positions, h = layer.units();
        int gates = switch (layer.cell()) {
            case RNN -> 1;
            case GRU, GRU_RESET_BEFORE -> 3;
            case LSTM, PEEPHOLE, CONVLSTM, CONVLSTM_PEEPHOLE -> 4;
        };
        boolean gru = gates == 3;
        shapes.put(prefix + ".W", new Shape(taps * x, gates * h));
        shapes.put(prefix + ".U", new Shape(taps * h, (gru ? 2 : gates) * h));
        if (gru) {
            shapes.put(prefix + ".V", new Shape(h, h));
        }
        shapes.put(prefix + ".b", new Shape(1, gates * h));
        if (layer.cell() == CellKind.GRU) {
            shapes.put(prefix + ".a", new Shape(1, h));
        }
        if (layer.cell() == CellKind.PEEPHOLE || layer.cell() == CellKind.CONVLSTM_PEEPHOLE) {
            shapes.put(prefix + ".P", new Shape(3, positions * h));
        }
    }
}
