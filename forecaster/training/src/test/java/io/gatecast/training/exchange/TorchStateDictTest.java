package io.gatecast.training.exchange;

import static io.gatecast.network.Architecture.CellKind.GRU;
import static io.gatecast.network.Architecture.CellKind.LSTM;
import static io.gatecast.network.Architecture.CellKind.RNN;
import static io.gatecast.training.exchange.RandomNetworks.POINT;
import static io.gatecast.training.exchange.RandomNetworks.QUANTILES;
import static io.gatecast.training.exchange.RandomNetworks.bidirectional;
import static io.gatecast.training.exchange.RandomNetworks.bits;
import static io.gatecast.training.exchange.RandomNetworks.residual;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.training.exchange.Safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchStateDictTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("a.safetensors");
    }

    static Stream<BareNetwork> networks() {
        RecurrentLayer[] deep = IntStream.range(0, 12).mapToObj(i -> new RecurrentLayer(i % 2 == 0 ? LSTM : RNN, 1 + i))
                .toArray(RecurrentLayer[]::new);
        return Stream.of(RandomNetworks.of(1, 5, POINT, new RecurrentLayer(RNN, 3)),
                RandomNetworks.of(2, 1, QUANTILES, new RecurrentLayer(LSTM, 7), new RecurrentLayer(LSTM, 7)),
                RandomNetworks.of(3, 2, POINT, bidirectional(GRU, 5), bidirectional(GRU, 5)),
                RandomNetworks.of(4, 3, QUANTILES, new RecurrentLayer(LSTM, 4), bidirectional(GRU, 2),
                        new RecurrentLayer(RNN, 1)),
                RandomNetworks.of(5, 2, POINT, deep));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void whatWasWrittenIsReadToTheBit(BareNetwork network) throws IOException {
        TorchStateDict.write(network, file);
        BareNetwork found = TorchStateDict.read(file, null);
        assertEquals(network.architecture(), found.architecture());
        assertArrayEquals(bits(network), bits(found));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rnn", "lstm", "gru", "mixed", "last-step"})
    void whatPyTorchSavedAnswersAsPyTorchSays(String name) throws IOException {
        BareNetwork found = TorchStateDict.read(PyTorchsWord.file(name + ".safetensors"), null);
        PyTorchsWord.of(name).assertSaidBy(found);
        assertEquals(HeadKind.POINT, found.architecture().head().kind());
    }

    @Test
    void anLstmWithItsGatesInAnotherOrderAnswersOtherwise() throws IOException {
        BareNetwork lstm = TorchStateDict.read(PyTorchsWord.file("lstm.safetensors"), null);
        GateOrder wrong = new GateOrder("iofg");
        CellTensors cell = new CellTensors(lstm.parameters(), 1, false, LSTM, 5);
        cell.setInputWeights(wrong, cell.inputWeights(GateOrder.torch(LSTM)));
        assertThrows(AssertionError.class, () -> PyTorchsWord.of("lstm").assertSaidBy(lstm));
    }

    @Test
    void theNamesAreThoseOfOneModuleOrOfAListOfModules() throws IOException {
        TorchStateDict.write(RandomNetworks.of(1, 2, POINT, bidirectional(GRU, 3), bidirectional(GRU, 3)), file);
        Set<String> alike = Safetensors.read(file).tensors().keySet();
        TorchStateDict.write(RandomNetworks.of(1, 2, POINT, new RecurrentLayer(GRU, 3), new RecurrentLayer(GRU, 4)),
                file);
        Set<String> unlike = Safetensors.read(file).tensors().keySet();
        assertEquals(18, alike.size());
        assertEquals(Set.of("layers.0.weight_ih_l0", "layers.0.weight_hh_l0", "layers.0.bias_ih_l0",
                "layers.0.bias_hh_l0", "layers.1.weight_ih_l0", "layers.1.weight_hh_l0", "layers.1.bias_ih_l0",
                "layers.1.bias_hh_l0", "head.weight", "head.bias"), unlike);
        assertEquals("pt", Safetensors.read(file).metadata().get("format"));
    }

    @Test
    void theCallerSaysWhatTheHeadMeans() throws IOException {
        TorchStateDict.write(RandomNetworks.of(1, 2, QUANTILES, new RecurrentLayer(RNN, 3)), file);
        HeadShape other = new HeadShape(1, 1, 4, List.of(0.1, 0.25, 0.5, 0.75, 0.9));
        assertEquals(other, TorchStateDict.read(file, other).architecture().head());
        Refusal.assertRefused(IOException.class, () -> TorchStateDict.read(file, POINT), file, "head of 3 outputs",
                "found 20");
    }

    @Test
    void metadataThatSayOtherwiseAreRefused() throws IOException {
        TorchStateDict.write(RandomNetworks.of(1, 2, POINT, new RecurrentLayer(RNN, 3)), file);
        Map<String, String> metadata = Safetensors.read(file).metadata();
        TorchStateDict.write(RandomNetworks.of(1, 2, POINT, new RecurrentLayer(GRU, 3)), file);
        rewrite(Safetensors.read(file).tensors(), metadata);
        Refusal.assertRefused(IOException.class, () -> TorchStateDict.read(file, null), file, ArchitectureText.KEY,
                "cell=RNN", "cell=GRU");
        rewrite(Safetensors.read(file).tensors(), Map.of(ArchitectureText.KEY, "{\"inputs\":-1}"));
        Refusal.assertRefused(IOException.class, () -> TorchStateDict.read(file, null), file, ArchitectureText.KEY);
    }

    @Test
    void aModuleWithoutBiasesHasZeros() throws IOException {
        Map<String, Tensor> tensors = lstm();
        tensors.keySet().removeIf(name -> name.contains("bias"));
        rewrite(tensors, Map.of());
        BareNetwork found = TorchStateDict.read(file, null);
        for (String name : List.of("layer0.b", "layer1.b", "head.b")) {
            var tensor = found.parameters().tensor(name);
            for (int i = 0; i < tensor.size(); i++) {
                assertEquals(0, found.parameters().values[tensor.offset() + i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PEEPHOLE", "GRU_RESET_BEFORE", "CONVLSTM", "CONVLSTM_PEEPHOLE"})
    void aCellThatPyTorchDoesNotHaveIsRefused(CellKind cell) {
        RecurrentLayer layer = new RecurrentLayer(cell, 2, cell.isConvolutional() ? new Grid(1, 3, 3) : null, false,
                false);
        assertNotWritten(RandomNetworks.of(1, 3, POINT, new RecurrentLayer(LSTM, 3), layer), "layer 1",
                cell.isConvolutional() ? "model file" : "export to ONNX");
    }

    @Test
    void aResidualConnectionIsRefused() {
        assertNotWritten(RandomNetworks.of(1, 3, POINT, residual(LSTM, 3, false)), "layer 0", "residual",
                "export to ONNX");
    }

    private void assertNotWritten(BareNetwork network, Object... parts) {
        Refusal.assertRefused(IllegalArgumentException.class, () -> TorchStateDict.write(network, file), parts);
        assertFalse(Files.exists(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "rnn.weight_ih_l0         | 12,3 | tensor rnn.weight_ih_l0: expected shape [16, 3], found [12, 3]",
            "rnn.weight_ih_l0         | 48   | tensor rnn.weight_ih_l0: expected a matrix, found shape [48]",
            "rnn.weight_ih_l1_reverse | 16,4 | tensor rnn.weight_ih_l1_reverse: expected shape [16, 8], found [16, 4]",
            "rnn.weight_hh_l0         | 8,4  | tensor rnn.weight_hh_l0: expected shape [H, H]",
            "rnn.weight_hh_l1         | 4,16 | tensor rnn.weight_hh_l1: expected shape [16, 4], found [4, 16]",
            "rnn.bias_hh_l1           | 17   | tensor rnn.bias_hh_l1: expected shape [16], found [17]",
            "head.weight              | 3,9  | tensor head.weight: expected shape [3, 8], found [3, 9]",
            "head.bias                | 2    | tensor head.bias: expected shape [3], found [2]",
            "norm.weight              | 8    | tensor norm.weight: expected none of that name",
            "other.weight             | 8,8  | found head.weight, other.weight",
            "rnn.weight_hr_l0         | 2,4  | tensor rnn.weight_hr_l0: expected an LSTM without proj_size",
            "rnn.weight_ih_l2         | 16,8 | tensor rnn.weight_hh_l2: expected shape [16, 4], found none",
            "rnn.bias_ih_l1           | none | tensor rnn.bias_ih_l1: expected shape [16], found none",
            "rnn.weight_hh_l0         | none | tensor rnn.weight_hh_l0: expected a matrix, found none",
            "rnn.weight_hh_l1_reverse | none | tensor rnn.weight_hh_l1_reverse: expected shape [16, 4], found none",
            "head.weight              | none | as in head.weight [O, F], found none"})
    void aTensorThatDoesNotFitIsNamedWithWhatWasExpectedAndFound(String name, String shape, String expected)
            throws IOException {
        Map<String, Tensor> tensors = lstm();
        if (shape.equals("none")) {
            tensors.remove(name);
        } else {
            Integer[] sides = Stream.of(shape.split(",", -1)).map(Integer::valueOf).toArray(Integer[]::new);
            tensors.put(name, Tensor.of(new float[Stream.of(sides).reduce(1, (a, b) -> a * b)], sides));
        }
        rewrite(tensors, Map.of());
        Refusal.assertRefused(IOException.class, () -> TorchStateDict.read(file, null), file + ": ", expected);
    }

    @Test
    void aNumberThatIsNoneIsRefused() throws IOException {
        Map<String, Tensor> tensors = lstm();
        tensors.put("head.bias", Tensor.of(new float[]{1, Float.NaN, 2}, 3));
        rewrite(tensors, Map.of());
        Refusal.assertRefused(IOException.class, () -> TorchStateDict.read(file, null), "tensor head.bias", "NaN");
    }

    @Test
    void aFileWithoutARecurrentModuleIsRefused() throws IOException {
        rewrite(Map.of("conv.weight", Tensor.of(new float[4], 2, 2)), Map.of());
        Refusal.assertRefused(IOException.class, () -> TorchStateDict.read(file, null), file, "rnn.weight_ih_l0",
                "conv.weight");
    }

    /// Two layers of 3 inputs and 4 units, both ways, and a head of 3 outputs over cat(h, x).
    private Map<String, Tensor> lstm() throws IOException {
        TorchStateDict.write(RandomNetworks.of(1, 3, POINT, bidirectional(LSTM, 4), bidirectional(LSTM, 4)), file);
        return new LinkedHashMap<>(Safetensors.read(file).tensors());
    }

    private void rewrite(Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        new Safetensors(tensors, metadata).write(file);
    }
}
