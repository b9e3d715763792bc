package io.gatecast.streams;

import io.gatecast.avro.Features;
import io.gatecast.avro.Status;
import io.gatecast.avro.Tensor;
import io.gatecast.avro.TrainingReport;
import io.gatecast.network.Architecture;
import io.gatecast.network.Network;
import io.gatecast.series.ColdWidening;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.series.SmokeRun;
import io.gatecast.series.arrival.Resampling;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
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

    /// As [#toModel], of what is to judge a stream: it must be signed by somebody who is trusted, and have something finite to
    /// say.
    ///
    /// @throws ModelRefused with one sentence
    static Model toTrusted(io.gatecast.avro.Model record, Trust trust, String where) {
        trust.require(record, where);
        Model model = toModel(record, where);
        String fault = SmokeRun.faultOf(model);
        if (fault != null) {
            throw new ModelRefused(where, fault);
        }
        return model;
    }

    /// @param report how it was trained; null where that is not known
    public static io.gatecast.avro.Model toRecord(Model model, @Nullable TrainingReport report) {
        io.gatecast.avro.Model record = toRecord(model.network(), model.id());
        record.setVersion(model.version());
        record.setEffectiveFrom(Instant.ofEpochMilli(model.effectiveFrom()));
        record.setFeatures(toRecord(model.features()));
        record.setReport(report);
        return sealed(record);
    }

    /// A bare network, as version 1: nothing says what it is to be fed.
    public static io.gatecast.avro.Model toRecord(Network network, String modelId) {
        List<Tensor> tensors = NetworkRecords.tensors(network.parameters());
        return sealed(io.gatecast.avro.Model.newBuilder().setModelId(modelId).setVersion(1).setStatus(Status.ACTIVE)
                .setEffectiveFrom(Instant.EPOCH).setArchitecture(NetworkRecords.toRecord(network.architecture()))
                .setFeatures(null).setTensors(tensors).setReport(null).setSha256(NetworkRecords.sha256(tensors))
                .build());
    }

    /// @return the same record, with the digest of what it means
    static io.gatecast.avro.Model sealed(io.gatecast.avro.Model record) {
        record.setDigest(HexFormat.of().formatHex(ModelDigest.of(record)));
        return record;
    }

    /// @return the record as one of another model; a signature does not hold for that
    public static io.gatecast.avro.Model renamed(io.gatecast.avro.Model record, String modelId) {
        return record.getModelId().equals(modelId)
                ? record
                : sealed(io.gatecast.avro.Model.newBuilder(record).setModelId(modelId).setSignature(null).build());
    }

    private static void requireDigest(io.gatecast.avro.Model record) {
        if (!record.getDigest().isEmpty()) { // an earlier release knew none
            String digest = HexFormat.of().formatHex(ModelDigest.of(record));
            require(digest.equals(record.getDigest()), "digest", record.getDigest() + ", as the record says",
                    digest + "; the model is not the one that was made");
        }
    }

    /// @return the record's key in the models topic, `modelId/version`
    public static String keyOf(io.gatecast.avro.Model record) {
        return record.getModelId() + "/" + record.getVersion();
    }

    /// Validates and compiles the network alone, for which nothing need say what it is fed.
    ///
    /// @param where as in [#toModel]
    /// @throws ModelRefused with one sentence
    public static Network toNetwork(io.gatecast.avro.Model record, String where) {
        try {
            Network network = NetworkRecords.toNetwork(record);
            requireDigest(record);
            return network;
        } catch (IllegalArgumentException e) {
            throw new ModelRefused(where, String.valueOf(e.getMessage()), e);
        }
    }

    private static Model compile(io.gatecast.avro.Model record) {
        requireId(record.getModelId());
        require(record.getVersion() > 0, "version", "at least 1", record.getVersion());
        Features fed = record.getFeatures();
        if (fed == null) {
            throw new IllegalArgumentException("features: expected what the network is fed, found none; a bare network"
                    + " can be evaluated and exported but not run: import it with --interval and --horizon");
        }
        FeatureSpec features = features(fed);
        requireFit(NetworkRecords.architecture(record.getArchitecture()), features);
        Network network = NetworkRecords.toNetwork(record);
        requireDigest(record);
        return new Model(record.getModelId(), record.getVersion(), record.getEffectiveFrom().toEpochMilli(), features,
                network.prepare());
    }

    /// @throws IllegalArgumentException with a sentence
    static void requireId(String modelId) {
        require(ID.matcher(modelId).matches(), "modelId", "letters, digits, '.', '_' and '-'", "\"" + modelId + "\"");
    }

    private static FeatureSpec features(Features f) {
        FeatureSpec spec = new FeatureSpec(f.getIntervalMillis(), f.getChannels(), f.getSeasons(), f.getHorizon(),
                f.getRecentLags(), f.getScalingWindow(), f.getWarmUp(), f.getProfileWindow(), f.getSpikeLimit(),
                f.getColdWidening(), KnownRecords.toKnown(f), resampling(f.getResampling()));
        long lags = 1L + Math.max(spec.longestSeason(), spec.recentLags());
        long replayed = Math.max(lags, spec.scalingWindow()) + spec.warmUp() - 1;
        long values = spec.channels() * Math.max(replayed, spec.profileWindow())
                + (long) spec.known().covariates().size() * spec.warmUp();
        require(values <= MOST_VALUES, "features", "at most " + MOST_VALUES + " values to keep of a series", values);
        int factors = 2 * ColdWidening.ages(spec).length;
        require(spec.coldWidening().isEmpty() || spec.coldWidening().size() == factors, "features.coldWidening",
                factors + " factors", spec.coldWidening().size());
        return spec;
    }

    /// What a network is built for must be what the features feed it.
    private static void requireFit(Architecture architecture, FeatureSpec features) {
        Architecture fed = features.architecture(architecture.layers(), architecture.head().kind(),
                architecture.head().quantiles());
        requireSame("channels", fed.head().channels(), architecture.head().channels());
        requireSame("horizon", fed.head().horizon(), architecture.head().horizon());
        requireSame("bases", fed.head().bases(), architecture.head().bases());
        requireSame("inputs", fed.inputs(), architecture.inputs());
        require(Objects.equals(fed.embedding(), architecture.embedding()), "architecture.embedding",
                (fed.embedding() == null ? "none" : fed.embedding()) + ", as the features say",
                architecture.embedding() == null ? "none" : architecture.embedding());
    }

    private static void requireSame(String name, int byFeatures, int byArchitecture) {
        require(byFeatures == byArchitecture, "architecture." + name, byFeatures + ", as the features say",
                byArchitecture);
    }

    private static Features toRecord(FeatureSpec spec) {
        return new Features(spec.intervalMillis(), spec.channels(), spec.seasons(), spec.horizon(), spec.recentLags(),
                spec.scalingWindow(), spec.warmUp(), spec.profileWindow(), spec.spikeLimit(),
                spec.coldWidening(), KnownRecords.toRecord(spec.known().calendar()),
                KnownRecords.toRecord(spec.known().covariates()), KnownRecords.toRecord(spec.known().categories()),
                spec.resampling().label());
    }

    private static Resampling resampling(String label) {
        return Arrays.stream(Resampling.values()).filter(each -> each.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("features.resampling: expected one of "
                        + Arrays.stream(Resampling.values()).map(Resampling::label).toList() + ", found " + label));
    }

    private static void require(boolean holds, String what, String expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": expected " + expected + ", found " + found);
        }
    }
}
