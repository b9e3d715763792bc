package io.gatecast.training.exchange;

import static io.gatecast.training.exchange.OnnxParts.attribute;
import static io.gatecast.training.exchange.OnnxParts.floats;
import static io.gatecast.training.exchange.OnnxParts.longs;
import static io.gatecast.training.exchange.OnnxParts.node;
import static io.gatecast.training.exchange.OnnxParts.value;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/// From our tensors to a graph, as [OnnxGraph] describes it. A layer's node gives `[steps, directions, batch, H]`; the
/// directions are then squeezed away, or put beside one another.
final class OnnxExport {
    private static final int OPERATORS = 14;
    private static final int FILE_VERSION = 7; // came with set 14
    private static final String DIRECTIONS_AXIS = "directions-axis";
    private static final String JOINED_SHAPE = "joined-shape";

    private final Architecture architecture;
    private final BareNetwork network;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("gatecast");

    OnnxExport(BareNetwork network) {
        this.architecture = network.architecture();
        this.network = network;
    }

    /// @throws IllegalArgumentException if ONNX has no node for a layer, or the weights are more than a file of it holds
    ModelProto model() {
        ArchitectureText.requireNoEmbedding(architecture);
        for (int i = 0; i < architecture.layers().size(); i++) {
            if (architecture.layers().get(i).cell().isConvolutional()) {
                throw new IllegalArgumentException("layer " + i + ": neither ONNX nor PyTorch has a convolutional LSTM;"
                        + " keep it as a model file of Gatecast");
            }
        }
        if (network.parameters().size() > Integer.MAX_VALUE / Float.BYTES / 2) {
            throw new IllegalArgumentException("an ONNX file holds 2 GB at most, found " + network.parameters().size()
                    + " weights; export to safetensors");
        }
        addGraph();
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(FILE_VERSION).setProducerName("gatecast")
                .setGraph(graph);
        model.addOpsetImportBuilder().setDomain("").setVersion(OPERATORS);
        model.addMetadataPropsBuilder().setKey(ArchitectureText.KEY).setValue(ArchitectureText.of(architecture));
        return model.build();
    }

    private void addGraph() {
        graph.addInput(value("x", "steps", "batch", architecture.inputs()));
        graph.addOutput(value("y", "steps", "batch", new HeadTensors(network.parameters()).outputs()));
        if (architecture.layers().stream().anyMatch(layer -> !layer.bidirectional())) {
            graph.addInitializer(longs(DIRECTIONS_AXIS, 1));
        }
        if (architecture.layers().stream().anyMatch(RecurrentLayer::bidirectional)) {
            graph.addInitializer(longs(JOINED_SHAPE, 0, 0, -1)); // 0 = as long as it was
        }
        String signal = "x";
        int width = architecture.inputs();
        for (int i = 0; i < architecture.layers().size(); i++) {
            addLayer(i, signal, width);
            signal = "outputs" + i;
            width = architecture.layers().get(i).outputs();
        }
        addHead(signal);
    }

    private void addLayer(int index, String input, int width) {
        RecurrentLayer layer = architecture.layers().get(index);
        String name = "layer" + index;
        NodeProto.Builder node = node(operator(layer.cell()), name, tensors(index, layer, input, width), name + ".Y",
                "h" + index).addAttribute(attribute("hidden_size", layer.units()))
                .addAttribute(attribute("direction", layer.bidirectional() ? "bidirectional" : "forward"));
        addState("h" + index, layer);
        if (operator(layer.cell()).equals("LSTM")) {
            node.addOutput("c" + index);
            addState("c" + index, layer);
        }
        if (operator(layer.cell()).equals("GRU")) {
            node.addAttribute(attribute("linear_before_reset", layer.cell() == CellKind.GRU ? 1 : 0));
        }
        graph.addNode(node);
        addOutputs(index, layer, input);
    }

    private static String operator(CellKind cell) {
        return switch (cell) {
            case RNN -> "RNN";
            case LSTM, PEEPHOLE -> "LSTM";
            case GRU, GRU_RESET_BEFORE -> "GRU";
            case CONVLSTM, CONVLSTM_PEEPHOLE -> throw new IllegalStateException("refused before");
        };
    }

    private void addState(String name, RecurrentLayer layer) {
        graph.addOutput(value(name, layer.bidirectional() ? 2 : 1, "batch", layer.units()));
    }

    /// @return the names of a node's inputs, in ONNX's order
    private List<String> tensors(int index, RecurrentLayer layer, String input, int width) {
        GateOrder order = GateOrder.onnx(layer.cell());
        int units = layer.units(), rows = order.count() * units;
        List<CellTensors> cells = new ArrayList<>();
        for (boolean reverse : layer.bidirectional() ? new boolean[]{false, true} : new boolean[]{false}) {
            cells.add(new CellTensors(network.parameters(), index, reverse, layer.cell(), units));
        }
        String name = "layer" + index;
        List<String> inputs = new ArrayList<>(List.of(input));
        inputs.add(add(name + ".W", cells, cell -> cell.inputWeights(order), rows, width));
        inputs.add(add(name + ".R", cells, cell -> cell.recurrentWeights(order), rows, units));
        inputs.add(add(name + ".B", cells,
                cell -> joined(List.of(cell.inputBias(order), cell.recurrentBias(order))), 2 * rows));
        if (layer.cell() == CellKind.PEEPHOLE) {
            inputs.addAll(List.of("", "", "")); // lengths of the sequences, initial states: all of them, zero
            inputs.add(add(name + ".P", cells, CellTensors::peepholes, 3 * units));
        }
        return inputs;
    }

    /// Puts the directions' parts, each of `shape`, one after the other.
    private String add(String name, List<CellTensors> cells, Function<CellTensors, float[]> part, long... shape) {
        long[] whole = LongStream.concat(LongStream.of(cells.size()), LongStream.of(shape)).toArray();
        graph.addInitializer(floats(name, joined(cells.stream().map(part).toList()), whole));
        return name;
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int offset = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, offset, part.length);
            offset += part.length;
        }
        return all;
    }

    /// From `[steps, directions, batch, H]` to what the layer hands on.
    private void addOutputs(int index, RecurrentLayer layer, String input) {
        String name = "layer" + index, outputs = "outputs" + index;
        String bare = layer.residual() ? name + ".H" : outputs;
        if (layer.bidirectional()) {
            graph.addNode(node("Transpose", name + ".turn", List.of(name + ".Y"), name + ".T")
                    .addAttribute(OnnxParts.list("perm", 0, 2, 1, 3)));
            graph.addNode(node("Reshape", name + ".join", List.of(name + ".T", JOINED_SHAPE), bare));
        } else {
            graph.addNode(node("Squeeze", name + ".squeeze", List.of(name + ".Y", DIRECTIONS_AXIS), bare));
        }
        if (layer.residual()) {
            graph.addNode(node("Add", name + ".residual", List.of(input, bare), outputs));
        }
        graph.addOutput(value(outputs, "steps", "batch", layer.outputs()));
    }

    private void addHead(String top) {
        HeadTensors head = new HeadTensors(network.parameters());
        graph.addInitializer(floats("head.weight", head.columns(), head.inputs(), head.outputs()));
        graph.addInitializer(floats("head.bias", head.bias(), head.outputs()));
        graph.addNode(node("Concat", "head.see", List.of(top, "x"), "head.hx").addAttribute(attribute("axis", 2)));
        graph.addNode(node("MatMul", "head.project", List.of("head.hx", "head.weight"), "head.raw"));
        graph.addNode(node("Add", "head.shift", List.of("head.raw", "head.bias"), "y"));
    }
}
