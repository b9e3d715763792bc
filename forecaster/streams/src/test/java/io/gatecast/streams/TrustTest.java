package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Model;
import io.gatecast.network.Network;
import io.gatecast.series.FeatureSpec;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
    private static final String WHERE = "models-0@12";
    private static final KeyPair OURS = Trust.newKeys();
    private static final KeyPair THEIRS = Trust.newKeys();
    private static final Trust TRUST = new Trust(List.of(OURS.getPublic()));

    @TempDir
    private Path folder;

    private static String refusal(Model record) {
        return String.valueOf(
                assertThrows(ModelRefused.class, () -> ModelRecords.toTrusted(record, TRUST, WHERE)).getMessage());
    }

    private static Model signed() {
        return Trust.sign(TestModels.record(1, 0), OURS.getPrivate());
    }

    @Test
    void onlyTheModelsOfTrustedKeysAreTaken() {
        ModelRecords.toTrusted(signed(), TRUST, WHERE);
        ModelRecords.toTrusted(Trust.sign(TestModels.record(1, 0), THEIRS.getPrivate()),
                new Trust(List.of(OURS.getPublic(), THEIRS.getPublic())), WHERE);
        ModelRecords.toTrusted(TestModels.record(1, 0), Trust.ANYBODY, WHERE);
        assertEquals("models-0@12: signature: expected one of the 1 trusted keys', found none; sign the model with"
                + " `gatecast models sign`, or `publish --sign-with`", refusal(TestModels.record(1, 0)));
        String another = "models-0@12: signature: expected one of the 1 trusted keys' over this model, found another: it"
                + " was signed by somebody else, or changed since";
        assertEquals(another, refusal(Trust.sign(TestModels.record(1, 0), THEIRS.getPrivate())));
        Model cut = signed();
        cut.setSignature(ByteBuffer.wrap(new byte[]{1, 2, 3}));
        assertEquals(another, refusal(cut));
    }

    /// Version and moment are given when it is published; everything else is what was signed.
    @Test
    void aSignatureCoversAllThatAModelMeans() {
        Model published = signed();
        published.setVersion(7);
        published.setEffectiveFrom(java.time.Instant.ofEpochMilli(5));
        ModelRecords.toTrusted(published, TRUST, WHERE);
        Model renamed = signed();
        renamed.setModelId("another");
        assertTrue(refusal(renamed).contains("found another"));
        Model fed = signed();
        fed.getFeatures().setSpikeLimit(99.0);
        assertTrue(refusal(fed).contains("found another"));
        Model weights = signed();
        weights.getTensors().getFirst().getValues().putFloat(0, 1);
        assertTrue(refusal(weights).contains("found another"));
    }

    /// As [#aSignatureCoversAllThatAModelMeans], where no signature is asked for: what was damaged or changed is found.
    @Test
    void aDigestCoversMoreThanTheWeights() {
        Model record = TestModels.record(1, 0);
        String digest = record.getDigest();
        record.getFeatures().setWarmUp(6);
        String message = String
                .valueOf(assertThrows(ModelRefused.class, () -> ModelRecords.toModel(record, WHERE)).getMessage());
        assertTrue(message.startsWith("models-0@12: digest: expected " + digest + ", as the record says, found ")
                && message.endsWith("; the model is not the one that was made"), message);
        assertNotEquals(digest, TestModels.record(2, 0).getDigest());
        Model earlier = TestModels.record(1, 0); // of a release that knew no digest
        earlier.setDigest("");
        ModelRecords.toModel(earlier, WHERE);
    }

    /// Whoever adds a field to the contract must not change what was signed before.
    @Test
    void theDigestOfAModelIsTheSameForEver() {
        FeatureSpec features = new FeatureSpec(TestModels.HOUR, 1, List.of(4), 3, 4, 6, 5);
        Model record = ModelRecords.toRecord(TestModels.model(1, 0, features), null);
        assertEquals("a9b93265572f0a153533f2e03d49504ddc9e8ef4b88f750df23bace04333daf4", record.getDigest());
    }

    @Test
    void aTopologyRefusesAndCountsWhatNobodyTrustedSigned() throws IOException {
        Path keys = Files.writeString(folder.resolve("k.pub"),
                "ours\n" + Trust.pem(OURS.getPublic()) + Trust.pem(Trust.newKeys().getPublic()));
        StreamsSettings settings = Bench.settings(folder, Map.of("gatecast.models.trusted-keys", keys.toString()));
        assertEquals(2, settings.trust().keys().size());
        try (Bench bench = new Bench(settings, Map.of())) {
            bench.publish(TestModels.record(1, 0));
            bench.publish(Trust.sign(TestModels.record(2, 0), THEIRS.getPrivate()));
            bench.observe("a", TestModels.HOUR, 1);
            assertEquals(1, bench.count(Meter.UNJUDGED));
            bench.publish(Trust.sign(TestModels.record(3, 0), OURS.getPrivate()));
            bench.observe("a", 2 * TestModels.HOUR, 1);
            assertEquals(3, bench.forecasts().getFirst().value().getModelVersion());
            assertEquals(2, bench.count(Meter.MODELS_REFUSED));
            assertTrue(String.valueOf(bench.notes().get("fleet/1")).startsWith("refused: models-0@0: signature: "));
        }
    }

    /// Whatever is cut off a record, or changed in it, it is refused and the model in force stays.
    @Test
    void truncatedAndForgedRecordsAreRefused() {
        try (Bench bench = new Bench(folder)) {
            bench.publish(1, 0);
            byte[] whole = TopicSerdes.register(io.gatecast.schemas.Registry.connect(Bench.settings(folder).registry()),
                    Bench.settings(folder)).models().serializer()
                    .serialize("models", TestModels.record(2, 0));
            Random random = new Random(1);
            for (int i = 0; i < 50; i++) {
                bench.publish("fleet/2", Arrays.copyOf(whole, 5 + random.nextInt(whole.length - 5)));
                byte[] forged = whole.clone();
                int at = whole.length - 1 - random.nextInt(whole.length / 2);
                forged[at] ^= (byte) (1 + random.nextInt(127));
                bench.publish("fleet/2", forged);
            }
            bench.observe("a", TestModels.HOUR, 1);
            assertEquals(1, bench.forecasts().getFirst().value().getModelVersion());
            assertEquals(100, bench.count(Meter.MODELS_REFUSED));
        }
    }

    @Test
    void aModelWithNothingFiniteToSayNeverGoesLive() {
        io.gatecast.series.Model good = TestModels.model(1, 0);
        var huge = Network.initialise(good.network().architecture(), 1);
        Arrays.fill(huge.values, 3e38f);
        Model record = ModelRecords.toRecord(new io.gatecast.series.Model(TestModels.ID, 1, 0, good.features(),
                Network.compile(good.network().architecture(), huge)), null);
        ModelRecords.toModel(record, WHERE);
        assertEquals(
                "models-0@12: forecasts of the built-in series 'a wave' are not finite after 1 steps: the weights are"
                        + " of no use; train the model again",
                assertThrows(ModelRefused.class, () -> ModelRecords.toTrusted(record, Trust.ANYBODY, WHERE))
                        .getMessage());
    }

    @Test
    void keysAreReadAsTheyWereWrittenAndOthersRefused() throws IOException {
        Path secret = Files.writeString(folder.resolve("k.key"), Trust.pem(OURS.getPrivate()));
        assertEquals(OURS.getPrivate(), Trust.signingKey(secret));
        assertEquals(
                secret + ": expected a public key in PEM (-----BEGIN PUBLIC KEY-----), found none; `gatecast models"
                        + " keygen NAME` makes NAME.pub",
                assertThrows(IOException.class, () -> Trust.in(List.of(secret))).getMessage());
        Path absent = folder.resolve("absent.pub");
        assertEquals("settings: gatecast.models.trusted-keys: " + absent
                + ": there is no such file; `gatecast models keygen NAME` makes a pair of keys",
                assertThrows(IllegalArgumentException.class,
                        () -> Bench.settings(folder, Map.of("gatecast.models.trusted-keys", absent.toString())))
                        .getMessage());
    }
}
