package io.gatecast.training.exchange;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.training.exchange.FoundNetwork.Layer;
import io.gatecast.training.exchange.OnnxValue.Answer;
import io.gatecast.training.exchange.OnnxValue.Constant;
import io.gatecast.training.exchange.OnnxValue.Seen;
import io.gatecast.training.exchange.OnnxValue.Signal;
import io.gatecast.training.exchange.OnnxValue.States;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// From a graph to our tensors: follows its nodes in their order and says of each value what it means to a network.
/// Whatever does not fit is an [IllegalArgumentException].
final class OnnxImport {
    private static final int OLDEST_OPERATORS = 7; // as RNN, LSTM and GRU are since

    private final ModelProto model;
    private final OnnxValues values;
    private final OnnxWiring wiring;
    private final List<Layer> layers = new ArrayList<>();

    OnnxImport(ModelProto model) {
        this.model = model;
        this.values = new OnnxValues(model.getGraph().getInitializerList());
        this.wiring = new OnnxWiring(values);
    }

    /// @param said as [OnnxGraph#read] has it
    BareNetwork network(@Nullable HeadShape said) {
        requireOperators();
        String input = input();
        values.put(input, new Signal(0, false, axesOf(input)));
        model.getGraph().getNodeList().forEach(node -> follow(new OnnxNode(node)));
        Answer answer = answer();
        values.requireAllUsed();
        String metadata = model.getMetadataPropsList().stream()
                .filter(entry -> entry.getKey().equals(ArchitectureText.KEY)).map(StringStringEntryProto::getValue)
                .findFirst().orElse(null);
        return new FoundNetwork(layers, answer.columns(), biasOf(answer)).toOurs(GateOrder::onnx, metadata, said);
    }

    private void requireOperators() {
        for (OperatorSetIdProto operators : model.getOpsetImportList()) {
            if (operators.getDomain().isEmpty() || operators.getDomain().equals("ai.onnx")) {
                if (operators.getVersion() >= OLDEST_OPERATORS) {
                    return;
                }
                throw new IllegalArgumentException("expected operator set " + OLDEST_OPERATORS
                        + " or later, found " + operators.getVersion());
            }
        }
        throw new IllegalArgumentException("expected an ONNX model with a graph of ONNX's operators, found none");
    }

    /// @return the one value that is fed; older files name their tensors among the inputs, too
    private String input() {
        GraphProto graph = model.getGraph();
        Set<String> tensors = graph.getInitializerList().stream().map(TensorProto::getName)
                .collect(Collectors.toSet());
        List<String> inputs = graph.getInputList().stream().map(ValueInfoProto::getName)
                .filter(name -> !tensors.contains(name)).toList();
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("expected one input of the graph, [steps, batch, inputs], found "
                    + inputs + "; states that are fed are none of a network's that starts from zero");
        }
        return inputs.getFirst();
    }

    /// Layers want time first, so an input that is turned before it reaches one comes batch first.
    private String axesOf(String input) {
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (node.getOpType().equals("Transpose") && node.getInput(0).equals(input)) {
                return "btf";
            }
        }
        return "tbf";
    }

    private void follow(OnnxNode node) {
        switch (node.type()) {
            case "RNN", "LSTM", "GRU" -> takeLayer(node);
            case "MatMul", "Gemm" -> values.put(node.output(0), OnnxHead.read(node, values, this::width));
            default -> values.put(node.output(0), meaning(node));
        }
    }

    private void takeLayer(OnnxNode node) {
        OnnxValue input = values.input(node, 0);
        if (!(input instanceof Signal signal) || !isOnTop(signal) || !signal.axes().equals("tbf")) {
            throw node.refused("expected the outputs of the layer before it, [steps, batch, inputs], found "
                    + node.input(0) + ", which is something else; layers of ours stand in one chain");
        }
        layers.add(OnnxCell.read(node, values, layers.isEmpty() ? -1 : layers.getLast().shape().outputs()));
        values.put(node.output(0), new Signal(layers.size(), false, "tdbf"));
        values.put(node.output(1), new States());
        values.put(node.output(2), new States());
    }

    /// @return whether it is what the last of the layers hands on
    private boolean isOnTop(Signal signal) {
        return signal.layers() == layers.size()
                && signal.residual() == (!layers.isEmpty() && layers.getLast().shape().residual());
    }

    private OnnxValue meaning(OnnxNode node) {
        OnnxValue wired = wiring.follow(node);
        if (wired == null && node.type().equals("Add")) {
            wired = sum(node, values.input(node, 0), values.input(node, 1));
        }
        if (wired == null) {
            throw node.refused("expected RNN, LSTM or GRU nodes, residual connections and one linear head, found a node"
                    + " that is no part of these");
        }
        return wired;
    }

    /// A residual connection, or the head's bias; the two may come in either order.
    private @Nullable OnnxValue sum(OnnxNode node, OnnxValue a, OnnxValue b) {
        if (a instanceof Constant && b instanceof Answer) {
            return sum(node, b, a);
        }
        if (a instanceof Answer answer && answer.bias() == null && b instanceof Constant bias) {
            int outputs = OnnxHead.outputs(answer, this::width);
            return new Answer(answer.top(), answer.seesInputs(), answer.columns(), bias.tensor().floats(outputs));
        }
        if (a instanceof Signal first && b instanceof Signal second && first.layers() != second.layers()) {
            return first.layers() < second.layers() ? residual(node, first, second) : residual(node, second, first);
        }
        return null;
    }

    private Signal residual(OnnxNode node, Signal before, Signal after) {
        if (before.layers() != after.layers() - 1 || !isOnTop(after) || after.residual()
                || !before.axes().equals(after.axes()) || before.residual() != isResidual(before.layers() - 1)) {
            throw node.refused("expected a residual connection around the last layer before it, found one around "
                    + "something else");
        }
        Layer layer = layers.removeLast();
        RecurrentLayer shape = layer.shape();
        layers.add(new Layer(new RecurrentLayer(shape.cell(), shape.units(), null, shape.bidirectional(), true),
                layer.inputs(), layer.directions()));
        return new Signal(after.layers(), true, after.axes());
    }

    private boolean isResidual(int layer) {
        return layer >= 0 && layers.get(layer).shape().residual();
    }

    /// How wide what the head sees is.
    private int width(OnnxValue value) {
        if (value instanceof Seen seen) {
            return width(seen.top()) + layers.getFirst().inputs();
        }
        return value instanceof Signal signal && signal.layers() > 0
                ? layers.get(signal.layers() - 1).shape().outputs()
                : -1;
    }

    private Answer answer() {
        List<Answer> answers = model.getGraph().getOutputList().stream().map(output -> values.find(output.getName()))
                .filter(Answer.class::isInstance).map(Answer.class::cast).toList();
        if (answers.size() != 1) {
            throw new IllegalArgumentException("expected one output of a linear head (MatMul or Gemm) over the top"
                    + " layer, found " + (answers.isEmpty() ? "none" : answers.size()));
        }
        if (!isOnTop(answers.getFirst().top())) {
            throw new IllegalArgumentException("expected the head over the outputs of the last of the "
                    + layers.size() + " layers, found it over layer " + (answers.getFirst().top().layers() - 1));
        }
        return answers.getFirst();
    }

    private float[] biasOf(Answer answer) {
        float[] bias = answer.bias();
        return bias == null ? new float[OnnxHead.outputs(answer, this::width)] : bias;
    }
}
