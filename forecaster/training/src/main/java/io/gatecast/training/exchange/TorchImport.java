package io.gatecast.training.exchange;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.training.exchange.FoundNetwork.Direction;
import io.gatecast.training.exchange.FoundNetwork.Layer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// From the tensors of PyTorch's modules to ours. Whatever does not fit is an [IllegalArgumentException].
final class TorchImport {
    private static final Pattern NAME = Pattern
            .compile("(?<module>(?:.*\\.)?)(?<kind>(?:weight|bias)_(?:ih|hh|hr))_l(?<layer>\\d{1,4})(_reverse)?");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Comparator<String> NATURAL = Comparator.comparing(TorchImport::withWideNumbers)
            .thenComparing(Comparator.naturalOrder());

    private final TensorShelf shelf;
    private final Map<String, String> metadata;
    private final List<Layer> layers = new ArrayList<>();

    TorchImport(Safetensors file) {
        this.shelf = new TensorShelf(file.tensors());
        this.metadata = file.metadata();
    }

    /// @param said as [TorchStateDict#read] has it
    BareNetwork network(@Nullable HeadShape said) {
        Map<String, List<MatchResult>> modules = modules();
        if (modules.isEmpty()) {
            throw new IllegalArgumentException("expected tensors of an nn.RNN, nn.LSTM or nn.GRU, as in"
                    + " rnn.weight_ih_l0, found " + shelf.names());
        }
        modules.forEach(this::takeModule);
        FoundNetwork found = withHead();
        shelf.requireEmpty("expected none of that name beside the recurrent modules and the linear head");
        return found.toOurs(GateOrder::torch, metadata.get(ArchitectureText.KEY), said);
    }

    /// @return what belongs to each module, the modules in natural order
    private Map<String, List<MatchResult>> modules() {
        Map<String, List<MatchResult>> modules = new TreeMap<>(NATURAL);
        for (String name : shelf.names()) {
            Matcher match = NAME.matcher(name);
            if (match.matches()) {
                requireNoProjection(name, match.group("kind"));
                modules.computeIfAbsent(match.group("module"), module -> new ArrayList<>()).add(match.toMatchResult());
            }
        }
        return modules;
    }

    private static String withWideNumbers(String name) {
        return DIGITS.matcher(name)
                .replaceAll(digits -> "0".repeat(Math.max(0, 20 - digits.group().length())) + digits.group());
    }

    private static void requireNoProjection(String name, String kind) {
        if (kind.endsWith("hr")) {
            throw new IllegalArgumentException("tensor " + name + ": expected an LSTM without proj_size, found a"
                    + " projection of its hidden state, which no cell of ours has");
        }
    }

    private void takeModule(String module, List<MatchResult> names) {
        int count = 1 + names.stream().mapToInt(name -> Integer.parseInt(name.group("layer"))).max().orElseThrow();
        boolean bidirectional = names.stream().anyMatch(name -> name.group().endsWith("_reverse"));
        boolean biased = names.stream().anyMatch(name -> name.group("kind").startsWith("bias"));
        RecurrentLayer layer = layerOf(module + "weight_hh_l0", bidirectional);
        for (int i = 0; i < count; i++) {
            int inputs = layers.isEmpty()
                    ? shelf.matrix(module + "weight_ih_l0").getLast()
                    : layers.getLast().shape().outputs();
            List<Direction> directions = new ArrayList<>();
            directions.add(takeDirection(module, "_l" + i, layer, inputs, biased));
            if (bidirectional) {
                directions.add(takeDirection(module, "_l" + i + "_reverse", layer, inputs, biased));
            }
            layers.add(new Layer(layer, inputs, directions));
        }
    }

    /// What the hidden state's weights say of the cell.
    private RecurrentLayer layerOf(String name, boolean bidirectional) {
        List<Integer> shape = shelf.matrix(name);
        int rows = shape.getFirst(), units = shape.getLast();
        for (CellKind cell : List.of(CellKind.RNN, CellKind.GRU, CellKind.LSTM)) {
            if (units > 0 && rows == (long) GateOrder.torch(cell).count() * units) {
                return new RecurrentLayer(cell, units, null, bidirectional, false);
            }
        }
        throw new IllegalArgumentException("tensor " + name + ": expected shape [H, H] of an nn.RNN, [3H, H] of an"
                + " nn.GRU or [4H, H] of an nn.LSTM, found " + shape);
    }

    private Direction takeDirection(String module, String end, RecurrentLayer layer, int inputs, boolean biased) {
        int rows = GateOrder.torch(layer.cell()).count() * layer.units();
        return new Direction(shelf.take(module + "weight_ih" + end, rows, inputs),
                shelf.take(module + "weight_hh" + end, rows, layer.units()),
                biased ? shelf.take(module + "bias_ih" + end, rows) : new float[rows],
                biased ? shelf.take(module + "bias_hh" + end, rows) : new float[rows], null);
    }

    private FoundNetwork withHead() {
        List<String> found = shelf.matrices().stream().filter(name -> ("." + name).endsWith(".weight")).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("expected one linear head beside the recurrent modules, as in"
                    + " head.weight [O, F], found " + (found.isEmpty() ? "none" : String.join(", ", found)));
        }
        String weight = found.getFirst();
        int outputs = shelf.matrix(weight).getFirst();
        int hidden = layers.getLast().shape().outputs(), both = hidden + layers.getFirst().inputs();
        int columns = shelf.matrix(weight).getLast() == both ? both : hidden;
        float[] rows = shelf.take(weight, outputs, columns);
        String bias = weight.substring(0, weight.length() - "weight".length()) + "bias";
        return new FoundNetwork(layers, HeadTensors.transposed(outputs, columns, rows),
                shelf.has(bias) ? shelf.take(bias, outputs) : new float[outputs]);
    }
}
