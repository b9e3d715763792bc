package io.gatecast.streams;

import io.gatecast.avro.Features;
import io.gatecast.avro.Layer;
import io.gatecast.avro.Status;
import io.gatecast.avro.Tensor;
import io.gatecast.avro.TrainingReport;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Models as they travel, in a topic or a file, to models as they are used, and back. What comes in is held against
/// everything that can be known of it before it judges anything: the architecture against the features, the tensors
/// against the architecture, the numbers against the checksum.
public final class ModelRecords {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]+");
    /// In all channels; half of what [Stores#LARGEST_STATE] has room for.
    private static final int MOST_VALUES = Stores.LARGEST_STATE / 2 / Float.BYTES;

    private ModelRecords() {}

    /// Validates and compiles.
    ///
    /// @param where the record was found, as in `models-0@12` or a file's name; every refusal begins with it
    /// @throws ModelRefused with one sentence
    public static Model toModel(io.gatecast.avro.Model record, String where) {
        try {
            return compile(record);
        } catch (IllegalArgumentException e) {
            throw new ModelRefused(where, String.valueOf(e.getMessage()), e);
        }
    }

    /// Reads a record of the models topic.
    ///
    /// @param key as the topic has it
    /// @throws ModelRefused with one sentence, if it is none, or goes under another's key
    static io.gatecast.avro.Model read(@Nullable String key, byte @Nullable [] value, Headers headers,
            Deserializer<io.gatecast.avro.Model> deserializer, Place place) {
        if (key == null || value == null) {
            throw new ModelRefused(place.toString(), "expected a key, modelId/version, and a model, found no "
                    + (key == null ? "key" : "model"));
        }
        io.gatecast.avro.Model record = deserialize(value, headers, deserializer, place);
        if (!key.equals(keyOf(record))) {
            throw new ModelRefused(place.toString(),
                    "key: expected " + keyOf(record) + ", as the record says, found " + key);
        }
        return record;
    }

    private static io.gatecast.avro.Model deserialize(byte[] value, Headers headers,
            Deserializer<io.gatecast.avro.Model> deserializer, Place place) {
        try {
            return deserializer.deserialize(place.topic(), headers, value);
        } catch (RuntimeException e) { // damaged bytes make Avro throw what it likes
            if (DeadLetters.isRegistryAway(e)) {
                throw e; // nothing is known about the record
            }
            throw new ModelRefused(place.toString(), "it cannot be read: " + e.getMessage(), e);
        }
    }

    /// @param report how it was trained; null where that is not known
    public static io.gatecast.avro.Model toRecord(Model model, @Nullable TrainingReport report) {
        Parameters parameters = model.network().parameters();
        List<Tensor> tensors = parameters.tensors().stream()
                .map(t -> new Tensor(t.name(), t.rows(), t.columns(), bytesOf(parameters, t))).toList();
        return io.gatecast.avro.Model.newBuilder().setModelId(model.id()).setVersion(model.version())
                .setStatus(Status.ACTIVE).setEffectiveFrom(Instant.ofEpochMilli(model.effectiveFrom()))
                .setArchitecture(toRecord(model.network().architecture())).setFeatures(toRecord(model.features()))
                .setTensors(tensors).setReport(report).setSha256(sha256(tensors)).build();
    }

    /// @return the record's key in the models topic, `modelId/version`
    public static String keyOf(io.gatecast.avro.Model record) {
        return record.getModelId() + "/" + record.getVersion();
    }

    private static Model compile(io.gatecast.avro.Model record) {
        require(ID.matcher(record.getModelId()).matches(), "modelId",
                "letters, digits, '.', '_' and '-'", "\"" + record.getModelId() + "\"");
        require(record.getVersion() > 0, "version", "at least 1", record.getVersion());
        FeatureSpec features = features(record.getFeatures());
        Architecture architecture = architecture(record.getArchitecture());
        requireFit(architecture, features);
        requireRoom(architecture, record.getTensors());
        Parameters parameters = Network.parametersOf(architecture);
        requireTensors(parameters.tensors(), record.getTensors());
        for (int i = 0; i < record.getTensors().size(); i++) {
            read(record.getTensors().get(i), parameters, parameters.tensors().get(i));
        }
        requireChecksum(record);
        return new Model(record.getModelId(), record.getVersion(), record.getEffectiveFrom().toEpochMilli(), features,
                Network.compile(architecture, parameters));
    }

    private static FeatureSpec features(Features f) {
        FeatureSpec spec = new FeatureSpec(f.getIntervalMillis(), f.getChannels(), f.getSeasons(), f.getHorizon(),
                f.getRecentLags(), f.getScalingWindow(), f.getWarmUp());
        long lags = 1L + Math.max(spec.longestSeason(), spec.recentLags());
        long values = spec.channels() * (Math.max(lags, spec.scalingWindow()) + spec.warmUp() - 1);
        require(values <= MOST_VALUES, "features", "at most " + MOST_VALUES + " values to keep of a series", values);
        return spec;
    }

    private static Architecture architecture(io.gatecast.avro.Architecture a) {
        List<RecurrentLayer> layers = a.getLayers().stream()
                .map(layer -> new RecurrentLayer(cell(layer.getCell()), layer.getUnits())).toList();
        return new Architecture(a.getInputs(), layers, new Architecture.HeadShape(a.getChannels(), a.getBases(),
                a.getHorizon(), a.getQuantiles()));
    }

    private static CellKind cell(String name) {
        for (CellKind kind : CellKind.values()) {
            if (nameOf(kind).equals(name)) {
                return kind;
            }
        }
        String known = Arrays.stream(CellKind.values()).map(ModelRecords::nameOf).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("cell: expected one of " + known + ", found \"" + name + "\"");
    }

    private static String nameOf(CellKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /// What a network is built for must be what the features feed it.
    private static void requireFit(Architecture architecture, FeatureSpec features) {
        Architecture fed = features.architecture(architecture.layers(), architecture.head().quantiles());
        requireSame("channels", fed.head().channels(), architecture.head().channels());
        requireSame("horizon", fed.head().horizon(), architecture.head().horizon());
        requireSame("bases", fed.head().bases(), architecture.head().bases());
        requireSame("inputs", fed.inputs(), architecture.inputs());
    }

    private static void requireSame(String name, int byFeatures, int byArchitecture) {
        require(byFeatures == byArchitecture, "architecture." + name, byFeatures + ", as the features say",
                byArchitecture);
    }

    /// Looks at sizes before memory is taken for them, so that a damaged record costs a sentence and not the process:
    /// every layer has at least a matrix of inputs by units and one of units by units.
    private static void requireRoom(Architecture architecture, List<Tensor> tensors) {
        long present = tensors.stream().mapToLong(t -> t.getValues().remaining() / Float.BYTES).sum();
        double needed = 0;
        int inputs = architecture.inputs();
        for (RecurrentLayer layer : architecture.layers()) {
            needed += (double) layer.units() * ((double) inputs + layer.units());
            inputs = layer.units();
        }
        var head = architecture.head();
        needed += (double) inputs * head.channels() * head.horizon() * head.quantiles().size();
        require(needed <= present, "tensors",
                "at least %.0f weights, as the architecture says".formatted(needed), present);
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

    private static String sha256(List<Tensor> tensors) {
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

    private static io.gatecast.avro.Architecture toRecord(Architecture architecture) {
        List<Layer> layers = new ArrayList<>();
        architecture.layers().forEach(layer -> layers.add(new Layer(nameOf(layer.cell()), layer.units())));
        var head = architecture.head();
        return new io.gatecast.avro.Architecture(architecture.inputs(), layers, head.channels(), head.bases(),
                head.horizon(), head.quantiles());
    }

    private static Features toRecord(FeatureSpec spec) {
        return new Features(spec.intervalMillis(), spec.channels(), spec.seasons(), spec.horizon(), spec.recentLags(),
                spec.scalingWindow(), spec.warmUp());
    }

    private static void require(boolean holds, String what, String expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": expected " + expected + ", found " + found);
        }
    }
}
