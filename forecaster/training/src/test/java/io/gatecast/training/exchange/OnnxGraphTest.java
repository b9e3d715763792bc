package io.gatecast.training.exchange;

import static io.gatecast.network.Architecture.CellKind.CONVLSTM;
import static io.gatecast.network.Architecture.CellKind.GRU;
import static io.gatecast.network.Architecture.CellKind.GRU_RESET_BEFORE;
import static io.gatecast.network.Architecture.CellKind.LSTM;
import static io.gatecast.network.Architecture.CellKind.PEEPHOLE;
import static io.gatecast.network.Architecture.CellKind.RNN;
import static io.gatecast.training.exchange.RandomNetworks.POINT;
import static io.gatecast.training.exchange.RandomNetworks.QUANTILES;
import static io.gatecast.training.exchange.RandomNetworks.bidirectional;
import static io.gatecast.training.exchange.RandomNetworks.bits;
import static io.gatecast.training.exchange.RandomNetworks.residual;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxGraphTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("a.onnx");
    }

    @ParameterizedTest
    @MethodSource("io.gatecast.training.exchange.OnnxRuntimeTest#networks")
    void whatWasWrittenIsReadToTheBit(BareNetwork network) throws IOException {
        OnnxGraph.write(network, file);
        BareNetwork found = OnnxGraph.read(file, null);
        assertEquals(network.architecture(), found.architecture());
        assertArrayEquals(bits(network), bits(found));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rnn", "lstm", "gru", "mixed", "last-step"})
    void whatPyTorchExportedAnswersAsPyTorchSays(String name) throws IOException {
        BareNetwork found = OnnxGraph.read(PyTorchsWord.file(name + ".onnx"), null);
        PyTorchsWord.of(name).assertSaidBy(found);
        BareNetwork saved = TorchStateDict.read(PyTorchsWord.file(name + ".safetensors"), null);
        assertEquals(saved.architecture(), found.architecture());
        assertArrayEquals(bits(saved), bits(found), "both of PyTorch's files hold the same network");
    }

    @Test
    void twoBiasesOfAGruThatResetsBeforeAreAdded() throws IOException {
        BareNetwork network = RandomNetworks.of(1, 2, POINT, new RecurrentLayer(GRU_RESET_BEFORE, 2));
        float[] both = {1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};
        write(network, graph -> replace(graph, OnnxParts.floats("layer0.B", both, 1, 12)));
        BareNetwork found = OnnxGraph.read(file, null);
        int b = found.parameters().tensor("layer0.b").offset();
        float[] rzn = {33, 44, 11, 22, 55, 66}; // ONNX has z first
        assertArrayEquals(rzn, Arrays.copyOfRange(found.parameters().values, b, b + 6));
    }

    @Test
    void whatANodeLeavesOutIsZero() throws IOException {
        write(RandomNetworks.of(1, 3, POINT, new RecurrentLayer(GRU, 2)), graph -> {
            edit(graph, "layer0", node -> node.clearInput().addAllInput(List.of("x", "layer0.W", "layer0.R"))
                    .clearOutput().addOutput("layer0.Y"));
            drop(graph, "layer0.B", "head.bias");
            graph.removeNode(graph.getNodeCount() - 1);
            edit(graph, "head.project", node -> node.setOutput(0, "y"));
            graph.clearOutput().addOutput(OnnxParts.value("y", "steps", "batch", 3));
        });
        BareNetwork found = OnnxGraph.read(file, null);
        for (String name : List.of("layer0.b", "layer0.a", "head.b")) {
            var tensor = found.parameters().tensor(name);
            assertArrayEquals(new float[tensor.size()], Arrays.copyOfRange(found.parameters().values, tensor.offset(),
                    tensor.offset() + tensor.size()));
        }
    }

    @Test
    void numbersInAListAreReadAsRawBytesAre() throws IOException {
        BareNetwork network = RandomNetworks.of(1, 3, POINT, new RecurrentLayer(LSTM, 2));
        write(network, graph -> {
            TensorProto raw = tensor(graph, "head.bias");
            float[] numbers = new OnnxTensor("", raw).floats(3);
            TensorProto.Builder listed = raw.toBuilder().clearRawData();
            for (float number : numbers) {
                listed.addFloatData(number);
            }
            replace(graph, listed.build());
            replace(graph, tensor(graph, "directions-axis").toBuilder().clearRawData().addInt64Data(1).build());
        });
        assertArrayEquals(bits(network), bits(OnnxGraph.read(file, null)));
    }

    @Test
    void theCallerSaysWhatTheHeadMeans() throws IOException {
        OnnxGraph.write(RandomNetworks.of(1, 2, QUANTILES, new RecurrentLayer(RNN, 3)), file);
        HeadShape other = new HeadShape(1, 1, 4, List.of(0.1, 0.25, 0.5, 0.75, 0.9));
        assertEquals(other, OnnxGraph.read(file, other).architecture().head());
        assertRefused(POINT, "head of 3 outputs", "found 20");
    }

    @Test
    void theSameNetworkGivesTheSameBytes() throws IOException {
        BareNetwork network = RandomNetworks.of(1, 2, POINT, bidirectional(LSTM, 3));
        OnnxGraph.write(network, file);
        byte[] once = Files.readAllBytes(file);
        OnnxGraph.write(network, file);
        assertArrayEquals(once, Files.readAllBytes(file));
    }

    @Test
    void aConvolutionalLayerIsRefused() {
        RecurrentLayer layer = new RecurrentLayer(CONVLSTM, 2,
                new Grid(1, 3, 3), false, false);
        BareNetwork network = RandomNetworks.of(1, 3, POINT, new RecurrentLayer(LSTM, 3), layer);
        Refusal.assertRefused(IllegalArgumentException.class, () -> OnnxGraph.write(network, file), "layer 1",
                "model file");
        assertFalse(Files.exists(file));
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        Refusal.assertRefused(NoSuchFileException.class, () -> OnnxGraph.read(file, null), file);
        Files.write(file, new byte[0]);
        assertRefused(null, "found none");
        Files.write(file, "not a model at all".getBytes(StandardCharsets.UTF_8));
        assertRefused(null, "expected an ONNX model");
    }

    @Test
    void aFileCutShortIsRefusedWhereverItWasCut() throws IOException {
        OnnxGraph.write(RandomNetworks.of(1, 2, POINT, new RecurrentLayer(GRU, 1)), file);
        byte[] whole = Files.readAllBytes(file);
        // the last fields say which operators are meant and what the head means; without the latter it is a model still
        int graphEnds = ModelProto.parseFrom(whole).toBuilder().clearMetadataProps().clearOpsetImport().build()
                .getSerializedSize();
        for (int bytes = 0; bytes <= graphEnds; bytes++) {
            Files.write(file, Arrays.copyOf(whole, bytes));
            assertRefused(null, "expected an");
        }
    }

    static Stream<Arguments> bentLayers() {
        return Stream.of(bent(node -> node.setOpType("ConvLSTM"), "node layer0 (ConvLSTM)", "RNN, LSTM or GRU"),
                bent(node -> node.setDomain("com.example"), "node layer0 (LSTM)", "com.example"),
                bent(node -> set(node, OnnxParts.attribute("hidden_size", 4)), "hidden_size 5", "found 4"),
                bent(node -> set(node, OnnxParts.attribute("direction", "reverse")), "direction", "reverse"),
                bent(node -> set(node, OnnxParts.attribute("layout", 1)), "layout 0", "found 1"),
                bent(node -> set(node, OnnxParts.attribute("input_forget", 1)), "input_forget 0", "found 1"),
                bent(node -> set(node, texts("activations", "Sigmoid", "Relu", "Tanh")), "activations", "Relu"),
                bent(node -> set(node, texts("activations", "Sigmoid", "Tanh")), "activations", "[Sigmoid, Tanh]"),
                bent(node -> set(node, AttributeProto.newBuilder().setName("clip").setType(AttributeType.FLOAT)
                        .setF(3).build()), "no clip", "3.0"),
                bent(node -> set(node, AttributeProto.newBuilder().setName("activation_alpha")
                        .setType(AttributeType.FLOATS).addFloats(1).build()), "no attribute activation_alpha"),
                bent(node -> node.addInput("layer0.B"), "no sequence_lens", "found layer0.B"),
                bent(node -> node.addInput("").addInput("layer0.B"), "initial_h left out or zero", "layer0.B"),
                bent(node -> node.addInput("").addInput("").addInput("layer0.B"), "initial_c left out", "layer0.B"),
                bent(node -> node.setInput(1, "gone"), "node layer0 (LSTM)", "input 1", "found gone"),
                bent(node -> node.setInput(1, "x"), "input x to be a tensor of the file", "constant folding"),
                bent(node -> node.setInput(0, "layer0.W"), "outputs of the layer before it", "layer0.W"),
                bent(node -> node.setInput(3, ""), "tensor layer0.B", "unused"));
    }

    private static Arguments bent(Consumer<NodeProto.Builder> change, String... parts) {
        return Arguments.of(change, List.of(parts));
    }

    @ParameterizedTest
    @MethodSource("bentLayers")
    void aLayerThatIsNotOursIsRefusedByItsName(Consumer<NodeProto.Builder> change, List<String> parts)
            throws IOException {
        write(lstm(), graph -> edit(graph, "layer0", change));
        assertRefused(null, parts.toArray());
    }

    static Stream<Arguments> bentTensors() {
        return Stream.of(
                Arguments.of("layer0.W", OnnxParts.floats("layer0.W", new float[45], 1, 15, 3),
                        "expected shape [1, 20, 3], found [1, 15, 3]"),
                Arguments.of("layer0.W", OnnxParts.floats("layer0.W", new float[60], 20, 3),
                        "expected shape [directions, gates * units, inputs], found [20, 3]"),
                Arguments.of("layer1.W", OnnxParts.floats("layer1.W", new float[48], 1, 16, 3),
                        "expected shape [1, 16, 5], found [1, 16, 3]"),
                Arguments.of("layer0.R", OnnxParts.floats("layer0.R", new float[120], 1, 24, 5),
                        "expected shape [1, 20, 5], found [1, 24, 5]"),
                Arguments.of("layer0.B", OnnxParts.floats("layer0.B", new float[20], 1, 20),
                        "expected shape [1, 40], found [1, 20]"),
                Arguments.of("head.weight", OnnxParts.floats("head.weight", new float[12], 4, 3),
                        "expected shape [7, 3], found [4, 3]"),
                Arguments.of("head.weight", OnnxParts.floats("head.weight", new float[12], 12),
                        "expected a matrix, found [12]"),
                Arguments.of("head.bias", OnnxParts.floats("head.bias", new float[2], 2),
                        "expected shape [3], found [2]"),
                Arguments.of("head.bias", OnnxParts.floats("head.bias", new float[]{0, Float.NaN, 1}, 3),
                        "expected finite numbers, found NaN"),
                Arguments.of("head.bias", OnnxParts.longs("head.bias", 1, 2, 3), "expected FLOAT, found INT64"),
                Arguments.of("head.bias",
                        OnnxParts.floats("head.bias", new float[3], 3).toBuilder()
                                .setDataType(DataType.DOUBLE.getNumber()).build(),
                        "expected FLOAT, found DOUBLE"),
                Arguments.of("head.bias",
                        OnnxParts.floats("head.bias", new float[3], 3).toBuilder()
                                .setDataLocation(DataLocation.EXTERNAL).build(),
                        "expected its numbers in this file"),
                Arguments.of("head.bias", OnnxParts.floats("head.bias", new float[2], 3),
                        "expected 12 bytes for shape [3], found 8"),
                Arguments.of("directions-axis", OnnxParts.floats("directions-axis", new float[1], 1),
                        "expected INT64, found FLOAT"));
    }

    @ParameterizedTest
    @MethodSource("bentTensors")
    void aTensorThatDoesNotFitIsNamedWithWhatWasExpectedAndFound(String name, TensorProto tensor, String told)
            throws IOException {
        write(lstm(), graph -> replace(graph, tensor));
        assertRefused(null, "tensor " + name + ": " + told);
    }

    @Test
    void aTensorThatNoNodeWantsIsRefused() throws IOException {
        write(lstm(), graph -> graph.addInitializer(OnnxParts.floats("extra", new float[1], 1)));
        assertRefused(null, "tensor extra", "unused");
    }

    @Test
    void aTensorGivenTwiceIsRefused() throws IOException {
        write(lstm(), graph -> graph.addInitializer(tensor(graph, "layer0.W")));
        assertRefused(null, "layer0.W", "found it twice");
    }

    static Stream<Arguments> bentGraphs() {
        return Stream.of(
                bentGraph(graph -> graph.addInput(OnnxParts.value("h0", 1, "batch", 5)), "one input", "[x, h0]"),
                bentGraph(GraphProto.Builder::clearInput, "one input", "[]"),
                bentGraph(graph -> graph.removeOutput(0), "one output of a linear head", "found none"),
                bentGraph(graph -> edit(graph, "layer0.squeeze", node -> node.setOpType("Relu")),
                        "node layer0.squeeze (Relu)", "no part of these"),
                bentGraph(graph -> replace(graph, OnnxParts.longs("directions-axis", 0)), "node layer0.squeeze",
                        "axis of the directions, 1, found [0]"),
                bentGraph(graph -> edit(graph, "layer1", node -> node.setInput(0, "layer0.Y")), "node layer1 (LSTM)",
                        "layers of ours stand in one chain"),
                bentGraph(graph -> edit(graph, "layer1", node -> node.setInput(0, "x")), "node layer1 (LSTM)",
                        "one chain"),
                bentGraph(graph -> edit(graph, "head.see", node -> node.setInput(0, "x").setInput(1, "outputs1")),
                        "node head.see (Concat)", "after them, the graph's input"),
                bentGraph(graph -> edit(graph, "head.see",
                        node -> node.clearAttribute().addAttribute(OnnxParts.attribute("axis", 0))),
                        "node head.see (Concat)", "along their last axis"),
                bentGraph(graph -> edit(graph, "head.project", node -> node.setInput(0, "h1")),
                        "node head.project (MatMul)", "found h1", "last states"),
                bentGraph(graph -> edit(graph, "head.project", node -> node.setOpType("Gemm")),
                        "node head.project (Gemm)", "over [batch, F]"),
                bentGraph(graph -> edit(graph, "head.shift", node -> node.setInput(1, "outputs0")),
                        "node head.shift (Add)", "no part of these"),
                bentGraph(graph -> graph.addNode(OnnxParts.node("Tanh", "", List.of("y"), "z")), "node that gives z",
                        "no part of these"));
    }

    private static Arguments bentGraph(Consumer<GraphProto.Builder> change, String... parts) {
        return Arguments.of(change, List.of(parts));
    }

    @ParameterizedTest
    @MethodSource("bentGraphs")
    void aGraphThatIsNoNetworkOfOursIsRefusedByTheNode(Consumer<GraphProto.Builder> change, List<String> parts)
            throws IOException {
        write(lstm(), change);
        assertRefused(null, parts.toArray());
    }

    @Test
    void aHeadOverAnInnerLayerIsRefused() throws IOException {
        write(RandomNetworks.of(1, 3, POINT, new RecurrentLayer(LSTM, 4), new RecurrentLayer(GRU, 4)),
                graph -> edit(graph, "head.see", node -> node.setInput(0, "outputs0")));
        assertRefused(null, "head over the outputs of the last of the 2 layers", "over layer 0");
    }

    @ParameterizedTest
    @ValueSource(longs = {-20, 1L << 40, Long.MAX_VALUE})
    void aSideThatNoTensorCanHaveIsRefused(long side) throws IOException {
        for (String name : List.of("layer0.W", "layer0.R", "layer0.B", "head.weight", "head.bias", "directions-axis")) {
            TensorProto tensor = tensor(new OnnxExport(lstm()).model().getGraph().toBuilder(), name);
            for (int i = 0; i < tensor.getDimsCount(); i++) {
                TensorProto bent = tensor.toBuilder().setDims(i, side).build();
                write(lstm(), graph -> replace(graph, bent));
                assertRefused(null, "tensor " + name, side);
            }
        }
    }

    @Test
    void aResidualConnectionAroundTwoLayersIsRefused() throws IOException {
        write(RandomNetworks.of(1, 3, POINT, new RecurrentLayer(LSTM, 3), residual(LSTM, 3, false)),
                graph -> edit(graph, "layer1.residual", node -> node.setInput(0, "x")));
        assertRefused(null, "node layer1.residual (Add)", "around the last layer");
    }

    @Test
    void directionsThatAreJoinedOtherwiseAreRefused() throws IOException {
        write(RandomNetworks.of(1, 3, POINT, bidirectional(PEEPHOLE, 2)), graph -> edit(graph, "layer0.turn",
                node -> node.clearAttribute().addAttribute(OnnxParts.list("perm", 0, 2, 3, 1))));
        assertRefused(null, "node layer0.join (Reshape)", "[0, 0, -1]");
    }

    @Test
    void anInitialStateOfZerosIsWhatOursIs() throws IOException {
        BareNetwork network = lstm();
        write(network, graph -> {
            graph.addInitializer(OnnxParts.floats("zeros", new float[5], 1, 1, 5));
            edit(graph, "layer0", node -> node.addInput("").addInput("zeros").addInput("zeros"));
        });
        assertArrayEquals(bits(network), bits(OnnxGraph.read(file, null)));
    }

    @Test
    void aNewerOperatorSetIsReadAnOlderOneRefused() throws IOException {
        OnnxGraph.write(lstm(), file);
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        for (int version : new int[]{22, 6}) {
            ModelProto.Builder other = model.toBuilder();
            other.getOpsetImportBuilder(0).setVersion(version);
            Files.write(file, other.build().toByteArray());
            if (version == 22) {
                assertNotEquals(0, OnnxGraph.read(file, null).parameters().size());
            } else {
                assertRefused(null, "operator set 7", "found 6");
            }
        }
    }

    /// Two layers of 3 inputs, 5 and 4 units, and a head of 3 outputs over h and x.
    private static BareNetwork lstm() {
        return RandomNetworks.of(1, 3, POINT, new RecurrentLayer(LSTM, 5), new RecurrentLayer(LSTM, 4));
    }

    private void write(BareNetwork network, Consumer<GraphProto.Builder> change) throws IOException {
        ModelProto.Builder model = new OnnxExport(network).model().toBuilder();
        change.accept(model.getGraphBuilder());
        Files.write(file, model.build().toByteArray());
    }

    private static void edit(GraphProto.Builder graph, String node, Consumer<NodeProto.Builder> change) {
        change.accept(graph.getNodeBuilderList().stream().filter(builder -> builder.getName().equals(node)).findFirst()
                .orElseThrow());
    }

    private static void set(NodeProto.Builder node, AttributeProto attribute) {
        IntStream.range(0, node.getAttributeCount())
                .filter(i -> node.getAttribute(i).getName().equals(attribute.getName())).findFirst()
                .ifPresent(node::removeAttribute);
        node.addAttribute(attribute);
    }

    private static AttributeProto texts(String name, String... texts) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.STRINGS)
                .addAllStrings(Stream.of(texts).map(ByteString::copyFromUtf8).toList()).build();
    }

    private static TensorProto tensor(GraphProto.Builder graph, String name) {
        return graph.getInitializerList().stream().filter(tensor -> tensor.getName().equals(name)).findFirst()
                .orElseThrow();
    }

    private static void replace(GraphProto.Builder graph, TensorProto tensor) {
        drop(graph, tensor.getName());
        graph.addInitializer(tensor);
    }

    private static void drop(GraphProto.Builder graph, String... names) {
        List<TensorProto> kept = graph.getInitializerList().stream()
                .filter(tensor -> !List.of(names).contains(tensor.getName())).toList();
        graph.clearInitializer().addAllInitializer(kept);
    }

    private void assertRefused(@Nullable HeadShape head, Object... parts) {
        Refusal.assertRefused(IOException.class, () -> OnnxGraph.read(file, head), parts);
        Refusal.assertRefused(IOException.class, () -> OnnxGraph.read(file, head), file + ": ");
    }
}
