package io.gatecast.app.command;

import static io.gatecast.app.command.RunningFleet.await;
import static io.gatecast.app.command.RunningFleet.forecasts;
import static io.gatecast.app.command.RunningFleet.observe;
import static io.gatecast.app.command.RunningFleet.writer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.avro.Model;
import io.gatecast.avro.State;
import io.gatecast.avro.Status;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.FeatureSpec;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelEvents;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.ModelTopic;
import io.gatecast.streams.ModelTopic.Proposal;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `gatecast models` as somebody types it, against a real broker.
@Timeout(120)
class ModelsIT {
    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static Path model;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        model = ModelApplication.smallModel(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    private static ModelApplication application(String name, String... more) throws IOException {
        return ModelApplication.create(broker, folder, name, more);
    }

    @Test
    void aModelGoesThroughItsStates() throws Exception {
        ModelApplication application = application("life");
        String file = model.toString();
        assertEquals("Published default/1; it counts from the beginning.", application.out("publish", file).getLast());
        assertEquals("Published default/2; it is SHADOW from the beginning.",
                application.out("publish", file, "--shadow").getLast());
        application.out("publish", file, "--candidate", "--why", "for a look");
        assertEquals(List.of("default/1 CHAMPION", "default/2 SHADOW", "default/3 CANDIDATE"), application.states());
        assertTrue(application.out("promote", "default/3", "--canary", "2.5%", "--by", "ann", "--why", "looks good")
                .getLast()
                .endsWith("default/3 is CANARY of 2.5 % of the series from the beginning, by ann: looks good"));
        assertEquals(List.of("default/1 CHAMPION", "default/2 SHADOW", "default/3 CANARY 2.5 %"),
                application.states());
        application.out("promote", "default/3", "--effective-from", "2026-02-01T00:00:00Z");
        assertEquals(List.of("default/1 FORMER", "default/2 SHADOW", "default/3 CHAMPION"), application.states());
        assertEquals(
                "gatecast: default/3 is the champion: promote another version first, or go back with gatecast models"
                        + " rollback default",
                application.err("retire", "default/3"));
        application.out("rollback", "default", "--why", "it drifts");
        application.out("retire", "default/2");
        assertEquals(List.of("default/1 CHAMPION", "default/2 RETIRED", "default/3 RETIRED"), application.states());
        assertEquals(
                "gatecast: model default has no champion before default/1; name a version with --to, or promote one",
                application.err("rollback", "default"));
        List<String> shown = application.out("show", "default/3");
        assertEquals(4, shown.stream().filter(line -> line.startsWith("  event ")).count(), shown.toString());
        assertTrue(shown.stream().anyMatch(line -> line.endsWith(": it drifts")), shown.toString());
        application.out("rollback", "default", "--to", "3");
        assertEquals("default/3 CHAMPION", application.states().getLast());
        assertEquals("gatecast: model default/9 is not in the topic; there are default/1, default/2, default/3",
                application.err("promote", "default/9"));
    }

    @Test
    void severalModelsAreRoutedByPattern() throws Exception {
        ModelApplication application = application("routes");
        application.out("publish", model.toString());
        application.out("publish", model.toString(), "--id", "pumps");
        application.out("route", "site-a/*", "default");
        application.out("route", "site-a/pump*", "pumps");
        assertEquals("gatecast: model valves has no champion that could judge; there are default/1, pumps/1",
                application.err("route", "*", "valves"));
        assertEquals(List.of("SERIES MODEL CHAMPION", "site-a/pump* pumps pumps/1", "site-a/* default default/1",
                "* default default/1"), application.out("routes").stream().map(l -> l.replaceAll(" +", " ")).toList());
        application.out("route", "site-a/*", "--remove");
        assertEquals(3, application.out("routes").size());
        assertEquals("gatecast: no route has the pattern nowhere; gatecast models routes shows them",
                application.err("route", "nowhere", "--remove"));
        assertTrue(application.out("diff", "default/1", "pumps/1").stream()
                .anyMatch(line -> line.replaceAll(" +", " ").equals("modelId default pumps")));
    }

    @Test
    void aFleetThatTrustsAKeyTakesNoModelWithoutIt() throws Exception {
        String name = folder.resolve("k").toString();
        assertEquals(0, Gatecasts.run("models", "keygen", name).status());
        assertEquals("gatecast: " + name + ".key: is there already; a key is not overwritten\n",
                Gatecasts.run("models", "keygen", name).err());
        ModelApplication application = application("trust", "gatecast.models.trusted-keys=" + name + ".pub");
        assertEquals(
                "gatecast: default/1: signature: expected one of the 1 trusted keys', found none; sign the model with"
                        + " `gatecast models sign`, or `publish --sign-with`",
                application.err("publish", model.toString()));
        application.out("publish", model.toString(), "--sign-with", name + ".key");
        Path signed = folder.resolve("signed.avro");
        assertEquals(0, Gatecasts.run("models", "sign", model.toString(), "--key", name + ".key", "--id", "pumps",
                "--output", signed.toString()).status());
        application.out("publish", signed.toString());
        assertTrue(application.err("publish", signed.toString(), "--id", "valves").contains("found none"));
        assertEquals(List.of("default/1 CHAMPION", "pumps/1 CHAMPION"), application.states());
        assertTrue(application.out("show", "pumps/1").stream()
                .anyMatch(line -> line.startsWith("  digest ") && line.endsWith(", signed")));
    }

    /// What somebody writes past the command line, into the topic itself: unsigned, forged, cut off, under another's name. None
    /// goes live, each is counted, and the one in force goes on.
    @Test
    void whatIsForgedInTheTopicItselfIsRefused() throws Exception {
        String name = folder.resolve("forgers").toString();
        assertEquals(0, Gatecasts.run("models", "keygen", name).status());
        ModelApplication application = application("forged", "gatecast.models.trusted-keys=" + name + ".pub",
                "commit.interval.ms=100", "state.dir=" + folder.resolve("forged-state"));
        application.out("publish", model.toString(), "--sign-with", name + ".key");
        String topic = application.settings().topics().models();
        Map<String, Object> properties = application.settings().producerProperties();
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
                ObservationWriter writer = writer(application, registry)) {
            var serializer = TopicSerdes.register(registry, application.settings()).models().serializer();
            Model signed = models.registrations().versions("default").getFirst();
            Model other = Model.newBuilder(signed).setVersion(2).setStatus(Status.ACTIVE).build();
            byte[] whole = serializer.serialize(topic, other);
            byte[] forged = whole.clone();
            forged[whole.length / 2] ^= 1;
            Model unsigned = Model.newBuilder(other).setSignature(null).build();
            for (byte[] each : List.of(forged, Arrays.copyOf(whole, whole.length - 9),
                    serializer.serialize(topic, unsigned), serializer.serialize(topic,
                            Model.newBuilder(other).setModelId("pumps").build()))) {
                producer.send(new ProducerRecord<>(topic, "default/2", each)).get();
            }
            await(() -> runner.metrics().modelsRefused() == 4);
            int sent = observe(writer, 0, 20);
            await(() -> runner.metrics().accepted() == sent);
            forecasts(application, registry, sent, new HashSet<>())
                    .forEach(forecast -> assertEquals(1, forecast.getModelVersion()));
            producer.send(new ProducerRecord<>(topic, "default/2", whole)).get();
            await(() -> runner.metrics().modelsApplied() == 2);
        }
    }

    /// Three layers of 512 units, twenty times what a broker takes of a record by itself.
    @Test
    void aLargeModelIsPublishedAndLoaded() throws Exception {
        ModelApplication application = application("large");
        FeatureSpec features = new FeatureSpec(60_000, 1, List.of(12), 4, 4, 12, 12);
        Architecture architecture = features.architecture(
                Collections.nCopies(3, new RecurrentLayer(CellKind.LSTM, 512)), List.of(0.1, 0.5, 0.9));
        Path large = folder.resolve("large.avro");
        ModelFile.write(large, ModelRecords.toRecord(new io.gatecast.series.Model("default", 1, 0, features,
                Network.compile(architecture, Network.initialise(architecture, 1))), null));
        assertTrue(Files.size(large) > 20_000_000);
        application.out("publish", large.toString());
        assertEquals(List.of("default/1 CHAMPION"), application.states());
        try (StreamsRunner runner = StreamsRunner.start(application.settings())) {
            await(() -> runner.metrics().modelsApplied() == 1);
            assertEquals(0, runner.metrics().modelsRefused());
        }
        ModelApplication small = application("small");
        try (Cluster cluster = Cluster.connect(small.settings())) {
            cluster.createMissing(List.of(Topics.MODELS.creation("small-models")
                    .configs(Map.of("cleanup.policy", "compact", "max.message.bytes", "1000000"))));
        }
        String refused = small.err("publish", large.toString());
        assertTrue(refused.startsWith("gatecast: model default/1 has ")
                && refused.endsWith(" bytes, topic small-models takes at most 1000000: raise its max.message.bytes"
                        + " (kafka-configs --alter --entity-type topics --entity-name small-models --add-config"
                        + " max.message.bytes=67108864)"),
                refused);
    }

    /// Two who change at the same time: the one who began first is fenced off and decides anew on what the other has written,
    /// and no version is given out twice.
    @Test
    void ofTwoWhoPublishAtOnceOneDecidesAnew() throws Exception {
        ModelApplication application = application("race");
        Model draft = ModelFile.read(model);
        try (Cluster cluster = Cluster.connect(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                ModelTopic one = ModelTopic.open(cluster, registry, application.settings());
                ModelTopic other = ModelTopic.open(cluster, registry, application.settings())) {
            List<Integer> decidedOn = new ArrayList<>();
            one.change(now -> {
                decidedOn.add(now.nextVersion("default"));
                if (decidedOn.size() == 1) {
                    other.change(then -> proposal(draft, then.nextVersion("default"), "other"));
                }
                return proposal(draft, now.nextVersion("default"), "one");
            });
            assertEquals(List.of(1, 2), decidedOn);
            assertEquals(List.of("other", "one"),
                    other.registrations().events().stream().map(event -> event.getBy()).toList());
            assertEquals(List.of(1L, 2L),
                    other.registrations().events().stream().map(event -> event.getSequence()).toList());
            assertEquals(3, other.registrations().nextVersion("default"));
        }
    }

    @Test
    void whoeverIsFencedOffEveryTimeIsTold() throws Exception {
        ModelApplication application = application("crowd");
        Model draft = ModelFile.read(model);
        try (Cluster cluster = Cluster.connect(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                ModelTopic one = ModelTopic.open(cluster, registry, application.settings());
                ModelTopic other = ModelTopic.open(cluster, registry, application.settings())) {
            IOException fenced = assertThrows(IOException.class, () -> one.change(now -> {
                other.change(then -> proposal(draft, then.nextVersion("default"), "other"));
                return proposal(draft, now.nextVersion("default"), "one");
            }));
            assertEquals("others change models in topic crowd-models all the time, 5 times in between: look"
                    + " at `gatecast models list` and try again", fenced.getMessage());
            assertEquals(5, other.registrations().nextVersion("default") - 1);
        }
    }

    private static Proposal proposal(Model draft, int version, String by) {
        return new Proposal(List.of(Model.newBuilder(draft).setVersion(version).build()),
                List.of(ModelEvents.state(draft.getModelId(), version, State.CHAMPION, 0, Instant.EPOCH, by, "race")));
    }
}
