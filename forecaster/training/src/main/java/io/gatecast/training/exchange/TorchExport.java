package io.gatecast.training.exchange;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.training.exchange.Safetensors.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From our tensors to those that PyTorch's modules load.
final class TorchExport {
    private final BareNetwork network;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private TorchExport(BareNetwork network) {
        this.network = network;
    }

    /// @throws IllegalArgumentException if PyTorch has no module for a layer
    static Safetensors of(BareNetwork network) {
        Architecture architecture = network.architecture();
        List<RecurrentLayer> layers = architecture.layers();
        ArchitectureText.requireNoEmbedding(architecture);
        for (int i = 0; i < layers.size(); i++) {
            requireModule("layer " + i + ": ", layers.get(i));
        }
        TorchExport export = new TorchExport(network);
        boolean alike = layers.stream().distinct().count() == 1;
        for (int i = 0; i < layers.size(); i++) {
            export.addLayer(i, alike ? "rnn." : "layers." + i + ".", "_l" + (alike ? i : 0));
        }
        export.addHead();
        return new Safetensors(export.tensors,
                Map.of("format", "pt", ArchitectureText.KEY, ArchitectureText.of(architecture)));
    }

    private static void requireModule(String where, RecurrentLayer layer) {
        switch (layer.cell()) {
            case RNN, LSTM, GRU -> {
            }
            case PEEPHOLE -> throw new IllegalArgumentException(
                    where + "PyTorch has no LSTM with peepholes; export to ONNX, which has");
            case GRU_RESET_BEFORE -> throw new IllegalArgumentException(
                    where + "PyTorch has no GRU that resets before the product; export to ONNX, which has");
            case CONVLSTM, CONVLSTM_PEEPHOLE -> throw new IllegalArgumentException(
                    where + "neither PyTorch nor ONNX has a convolutional LSTM; keep it as a model file of Gatecast");
        }
        if (layer.residual()) {
            throw new IllegalArgumentException(
                    where + "no PyTorch module has a residual connection; export to ONNX, which can say it");
        }
    }

    private void addLayer(int index, String module, String suffix) {
        RecurrentLayer layer = network.architecture().layers().get(index);
        GateOrder order = GateOrder.torch(layer.cell());
        int units = layer.units(), rows = order.count() * units;
        for (String direction : layer.bidirectional() ? List.of("", "_reverse") : List.of("")) {
            CellTensors cell = new CellTensors(network.parameters(), index, !direction.isEmpty(), layer.cell(), units);
            String end = suffix + direction;
            float[] inputs = cell.inputWeights(order);
            tensors.put(module + "weight_ih" + end, Tensor.of(inputs, rows, inputs.length / rows));
            tensors.put(module + "weight_hh" + end, Tensor.of(cell.recurrentWeights(order), rows, units));
            tensors.put(module + "bias_ih" + end, Tensor.of(cell.inputBias(order), rows));
            tensors.put(module + "bias_hh" + end, Tensor.of(cell.recurrentBias(order), rows));
        }
    }

    private void addHead() {
        HeadTensors head = new HeadTensors(network.parameters());
        tensors.put("head.weight", Tensor.of(head.rows(), head.outputs(), head.inputs()));
        tensors.put("head.bias", Tensor.of(head.bias(), head.outputs()));
    }
}
