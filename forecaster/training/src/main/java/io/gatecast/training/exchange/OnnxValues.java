package io.gatecast.training.exchange;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.gatecast.training.exchange.OnnxValue.Constant;
import io.gatecast.training.exchange.OnnxValue.Zeros;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The values of a graph by name, as far as its nodes have been followed, and which of its tensors nobody asked for.
final class OnnxValues {
    private final Map<String, OnnxValue> values = new HashMap<>();
    private final Set<String> unused = new LinkedHashSet<>();

    OnnxValues(List<TensorProto> initialisers) {
        for (TensorProto tensor : initialisers) {
            put(tensor.getName(), new Constant(new OnnxTensor(tensor.getName(), tensor)));
            unused.add(tensor.getName());
        }
    }

    /// @param name empty where nobody wants it
    void put(String name, OnnxValue value) {
        if (!name.isEmpty() && values.put(name, value) != null) {
            throw new IllegalArgumentException("value " + name + ": expected it to be given once, found it twice");
        }
    }

    /// @return null where nothing gives it
    @Nullable
    OnnxValue find(String name) {
        unused.remove(name);
        return values.get(name);
    }

    /// @return what enters a node at `index`
    OnnxValue input(OnnxNode node, int index) {
        OnnxValue value = find(node.input(index));
        if (value == null) {
            throw node.refused("expected an input " + index + " that is given before it, found "
                    + (node.input(index).isEmpty() ? "none" : node.input(index)));
        }
        return value;
    }

    /// @return all that enters a node, but what is left out
    List<OnnxValue> inputs(OnnxNode node) {
        return IntStream.range(0, node.inputs().size()).filter(i -> !node.input(i).isEmpty())
                .mapToObj(i -> input(node, i)).toList();
    }

    /// @return the tensor that enters a node at `index`
    OnnxTensor tensor(OnnxNode node, int index) {
        if (input(node, index) instanceof Constant constant) {
            return constant.tensor();
        }
        throw node.refused("expected input " + node.input(index)
                + " to be a tensor of the file, found one that is computed; export with constant folding");
    }

    static boolean isZero(OnnxValue value) {
        return value instanceof Zeros || value instanceof Constant constant && constant.tensor().isZero();
    }

    void requireAllUsed() {
        for (String name : unused) {
            throw new IllegalArgumentException(
                    "tensor " + name + ": expected every tensor to enter a node, found this one unused");
        }
    }
}
