package io.gatecast.streams;

import io.gatecast.avro.Layer;
import io.gatecast.avro.Tensor;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The network within a model's record: what to build, and its weights. What comes in is held against everything that
/// can be known of it: the tensors against the architecture, the numbers against the checksum.
final class NetworkRecords {

    private NetworkRecords() {}

    /// Validates and compiles.
    ///
    /// @throws IllegalArgumentException with a sentence
    static Network toNetwork(io.gatecast.avro.Model record) {
        Architecture architecture = architecture(record.getArchitecture());
        requireRoom(architecture, record.getTensors());
        Parameters parameters = Network.parametersOf(architecture);
        requireTensors(parameters.tensors(), record.getTensors());
        for (int i = 0; i < record.getTensors().size(); i++) {
            read(record.getTensors().get(i), parameters, parameters.tensors().get(i));
        }
        requireChecksum(record);
        return Network.compile(architecture, parameters);
    }

    static Architecture architecture(io.gatecast.avro.Architecture a) {
        List<RecurrentLayer> layers = a.getLayers().stream().map(NetworkRecords::layer).toList();
        HeadKind head = named("head", HeadKind.values(), HeadKind::label, a.getHead());
        return new Architecture(a.getInputs(), layers,
                new HeadShape(head, a.getChannels(), a.getBases(), a.getHorizon(), a.getQuantiles()),
                embedding(a.getEmbedding()));
    }

    private static @Nullable Embedding embedding(io.gatecast.avro.@Nullable Embedding embedding) {
        return embedding == null ? null : new Embedding(embedding.getCategories(), embedding.getDimensions());
    }

    private static RecurrentLayer layer(Layer layer) {
        CellKind cell = named("cell", CellKind.values(), CellKind::label, layer.getCell());
        return new RecurrentLayer(cell, layer.getUnits(), grid(layer.getGrid()), layer.getBidirectional(),
                layer.getResidual());
    }

    private static @Nullable Grid grid(io.gatecast.avro.@Nullable Grid grid) {
        return grid == null ? null : new Grid(grid.getRows(), grid.getColumns(), grid.getKernel());
    }

    private static <K> K named(String what, K[] kinds, Function<K, String> label, String name) {
        return Arrays.stream(kinds).filter(kind -> label.apply(kind).equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(what + ": expected one of "
                        + Arrays.stream(kinds).map(label).collect(Collectors.joining(", ")) + ", found \"" + name
                        + "\""));
    }

    /// Looks at sizes before memory is taken for them, so that a damaged record costs a sentence and not the process:
    /// every layer has at least a matrix of inputs by units and one of units by units.
    private static void requireRoom(Architecture architecture, List<Tensor> tensors) {
        long present = tensors.stream().mapToLong(t -> t.getValues().remaining() / Float.BYTES).sum();
        double needed = 0;
        int inputs = architecture.inputs();
        for (RecurrentLayer layer : architecture.layers()) {
            needed += leastWeights(layer, inputs);
            inputs = layer.outputs();
        }
        HeadShape head = architecture.head();
        needed += (double) inputs * head.channels() * head.horizon();
        Embedding embedding = architecture.embedding();
        needed += embedding == null ? 0 : (embedding.categories() + 1.0) * embedding.dimensions();
        require(needed <= present, "tensors",
                "at least %.0f weights, as the architecture says".formatted(needed), present);
    }

    private static double leastWeights(RecurrentLayer layer, int inputs) {
        Grid grid = layer.grid();
        int positions = grid == null ? 1 : grid.positions(), taps = grid == null ? 1 : grid.taps();
        return (double) taps * layer.units() * ((double) inputs / positions + layer.units());
    }

    private static void requireTensors(List<Parameters.Tensor> expected, List<Tensor> found) {
        for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
            requireTensor(expected.get(i), found.get(i));
        }
        require(expected.size() == found.size(), "tensors",
                expected.stream().map(Parameters.Tensor::name).toList().toString(),
                found.stream().map(Tensor::getName).toList());
    }

    private static void requireTensor(Parameters.Tensor expected, Tensor found) {
        String name = expected.name();
        require(name.equals(found.getName()), "tensors", name + " here", found.getName());
        require(expected.rows() == found.getRows() && expected.columns() == found.getColumns(), name,
                shape(expected.rows(), expected.columns()), shape(found.getRows(), found.getColumns()));
        int bytes = expected.size() * Float.BYTES;
        require(found.getValues().remaining() == bytes, name,
                bytes + " bytes for " + shape(expected.rows(), expected.columns()), found.getValues().remaining());
    }

    private static String shape(int rows, int columns) {
        return "[" + rows + "][" + columns + "]";
    }

    private static void read(Tensor from, Parameters parameters, Parameters.Tensor to) {
        FloatBuffer in = from.getValues().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        in.get(parameters.values, to.offset(), to.size());
        for (int i = 0; i < to.size(); i++) {
            float weight = parameters.values[to.offset() + i];
            require(Float.isFinite(weight), to.name() + shape(i / to.columns(), i % to.columns()), "a finite weight",
                    weight);
        }
    }

    private static void requireChecksum(io.gatecast.avro.Model record) {
        String sum = sha256(record.getTensors());
        require(sum.equals(record.getSha256()), "sha256 of the tensors",
                record.getSha256() + ", as the record says",
                sum + "; the weights are not the ones that were published");
    }

    /// @return over the tensors' bytes, one after the other
    static String sha256(List<Tensor> tensors) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            tensors.forEach(tensor -> digest.update(tensor.getValues().duplicate()));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ByteBuffer bytesOf(Parameters parameters, Parameters.Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(tensor.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters.values, tensor.offset(), tensor.size());
        return bytes;
    }

    static io.gatecast.avro.Architecture toRecord(Architecture architecture) {
        HeadShape head = architecture.head();
        Embedding embedding = architecture.embedding();
        return new io.gatecast.avro.Architecture(architecture.inputs(),
                architecture.layers().stream().map(NetworkRecords::toRecord).toList(), head.kind().label(),
                head.channels(), head.bases(), head.horizon(), head.quantiles(), embedding == null
                        ? null
                        : new io.gatecast.avro.Embedding(embedding.categories(), embedding.dimensions()));
    }

    private static Layer toRecord(RecurrentLayer layer) {
        Grid grid = layer.grid();
        return new Layer(layer.cell().label(), layer.units(),
                grid == null ? null : new io.gatecast.avro.Grid(grid.rows(), grid.columns(), grid.kernel()),
                layer.bidirectional(), layer.residual());
    }

    /// @return the weights as they travel, in the order of the architecture
    static List<Tensor> tensors(Parameters parameters) {
        return parameters.tensors().stream()
                .map(t -> new Tensor(t.name(), t.rows(), t.columns(), bytesOf(parameters, t))).toList();
    }

    private static void require(boolean holds, String what, String expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": expected " + expected + ", found " + found);
        }
    }
}
