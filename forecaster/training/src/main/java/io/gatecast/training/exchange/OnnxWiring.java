package io.gatecast.training.exchange;

import io.gatecast.training.exchange.OnnxValue.Constant;
import io.gatecast.training.exchange.OnnxValue.Seen;
import io.gatecast.training.exchange.OnnxValue.Signal;
import io.gatecast.training.exchange.OnnxValue.Sizes;
import io.gatecast.training.exchange.OnnxValue.States;
import io.gatecast.training.exchange.OnnxValue.Zeros;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What exporters put between the layers: they turn axes, drop the one of a single direction, join two directions, take
/// the last step, put h and x beside one another, and compute the shape of zeros.
final class OnnxWiring {
    private static final Set<String> OF_SIZES = Set.of("Gather", "Unsqueeze", "Squeeze", "Concat", "Cast", "Slice",
            "Reshape", "Add", "Sub", "Mul", "Div", "Identity");
    private static final Set<String> KEEP_ZEROS_AND_STATES = Set.of("Slice", "Gather", "Expand", "Unsqueeze", "Squeeze",
            "Reshape", "Transpose", "Concat", "Cast", "Identity");

    private final OnnxValues values;

    OnnxWiring(OnnxValues values) {
        this.values = values;
    }

    /// @return what the node gives; null if it is none of these
    @Nullable
    OnnxValue follow(OnnxNode node) {
        OnnxValue plain = plain(node);
        if (plain != null) {
            return plain;
        }
        if (node.type().equals("Concat")) {
            return seen(node);
        }
        if (node.inputs().isEmpty() || !(values.input(node, 0) instanceof Signal signal)) {
            return null;
        }
        return switch (node.type()) {
            case "Identity" -> signal;
            case "Dropout" -> kept(node, signal);
            case "Shape" -> new Sizes();
            case "Transpose" -> turned(node, signal);
            case "Squeeze" -> squeezed(node, signal);
            case "Reshape" -> joined(node, signal);
            case "Gather" -> lastStep(node, signal);
            default -> null;
        };
    }

    /// Tensors, sizes, zeros and last states, which mean the same whatever is done to their shape.
    private @Nullable OnnxValue plain(OnnxNode node) {
        List<OnnxValue> inputs = values.inputs(node);
        OnnxTensor tensor = node.tensor("value");
        if (node.type().equals("Constant") && tensor != null) {
            return new Constant(tensor);
        }
        if (node.type().equals("ConstantOfShape") && (tensor == null || tensor.isZero())) {
            return new Zeros();
        }
        if (OF_SIZES.contains(node.type()) && inputs.stream().anyMatch(Sizes.class::isInstance)
                && inputs.stream().allMatch(value -> value instanceof Sizes || value instanceof Constant)) {
            return new Sizes();
        }
        if (!KEEP_ZEROS_AND_STATES.contains(node.type())) {
            return null;
        }
        List<OnnxValue> data = node.type().equals("Concat") ? inputs : inputs.subList(0, 1);
        if (data.stream().allMatch(States.class::isInstance)) {
            return new States();
        }
        return data.stream().allMatch(OnnxValues::isZero) ? new Zeros() : null;
    }

    private static Signal kept(OnnxNode node, Signal signal) {
        if (!node.input(2).isEmpty()) {
            throw node.refused("expected a model that was exported for inference, found training_mode "
                    + node.input(2));
        }
        return signal;
    }

    private static Signal turned(OnnxNode node, Signal signal) {
        List<Long> order = node.integers("perm");
        StringBuilder axes = new StringBuilder();
        for (long axis : order) {
            if (axis < 0 || axis >= signal.axes().length()) {
                throw node.refused("expected perm of " + signal.axes().length() + " axes, found " + order);
            }
            axes.append(signal.axes().charAt((int) axis));
        }
        if (axes.chars().distinct().count() != signal.axes().length()) {
            throw node.refused("expected perm of " + signal.axes().length() + " axes, found " + order);
        }
        return signal.withAxes(axes.toString());
    }

    /// Before operator set 13 the axes were an attribute.
    private Signal squeezed(OnnxNode node, Signal signal) {
        long[] axes = node.has("axes")
                ? node.integers("axes").stream().mapToLong(Long::longValue).toArray()
                : values.tensor(node, 1).longs();
        int rank = signal.axes().length(), directions = signal.axes().indexOf('d');
        if (axes.length != 1 || directions < 0 || Math.floorMod(axes[0], rank) != directions) {
            throw node
                    .refused("expected the axis of the directions, " + directions + ", found " + Arrays.toString(axes));
        }
        return signal.withAxes(signal.axes().replace("d", ""));
    }

    /// Puts directions that lie next to each other side by side.
    private Signal joined(OnnxNode node, Signal signal) {
        long[] shape = values.tensor(node, 1).longs();
        if (!signal.axes().endsWith("df") || !Arrays.equals(shape, new long[]{0, 0, -1})
                || node.integer("allowzero", 0) != 0) {
            throw node.refused("expected one to [0, 0, -1] that joins the directions of a layer, found one to "
                    + Arrays.toString(shape));
        }
        return signal.withAxes(signal.axes().replace("d", ""));
    }

    private Signal lastStep(OnnxNode node, Signal signal) {
        OnnxTensor index = values.tensor(node, 1);
        long axis = Math.floorMod(node.integer("axis", 0), signal.axes().length());
        if (!index.shape().isEmpty() || index.longs()[0] != -1 || signal.axes().charAt((int) axis) != 't') {
            throw node.refused("expected the last step alone, index -1 of the axis of time, found another part");
        }
        return signal.withAxes(signal.axes().replace("t", ""));
    }

    private @Nullable Seen seen(OnnxNode node) {
        List<OnnxValue> inputs = values.inputs(node);
        if (inputs.size() != 2 || !(inputs.get(0) instanceof Signal top) || !(inputs.get(1) instanceof Signal given)) {
            return null;
        }
        int rank = top.axes().length();
        if (given.layers() != 0 || top.layers() == 0 || !top.axes().equals(given.axes()) || !top.axes().endsWith("f")
                || Math.floorMod(node.integer("axis", 0), rank) != rank - 1) {
            throw node.refused("expected a layer's outputs and, after them, the graph's input, along their last axis");
        }
        return new Seen(top);
    }
}
