package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.avro.Change;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Observation;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelEvents;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.ModelTopic;
import io.gatecast.streams.ModelTopic.Proposal;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import io.gatecast.streams.TrainerLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `gatecast models` as somebody types it, against a real broker.
@Timeout(120)
class ModelsIT {
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;

    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static Path model;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        model = folder.resolve("m.avro");
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            rows.append("a,").append(1_767_225_600_000L + t * 60_000L).append(',').append(Math.sin(t / 2.0))
                    .append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows.toString());
        Run run = Gatecasts.run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12",
                "--horizon", "4", "--hidden", "4", "--epochs", "1", "--output", model.toString());
        assertEquals(0, run.status(), run.err());
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    /// One application with topics of its own.
    private record Application(Path config, StreamsSettings settings) {

        static Application create(String name, String... more) throws IOException {
            Path config = Files.writeString(folder.resolve(name + ".properties"), """
                    bootstrap.servers=%s
                    schema.registry.url=mock://%s
                    application.id=%s
                    gatecast.topic.observations=%s-observations
                    gatecast.topic.models=%s-models
                    gatecast.topic.forecasts=%s-forecasts
                    gatecast.evaluations.topic=%s-evaluations
                    %s
                    """.formatted(broker.bootstrapServers(), name, name, name, name, name, name,
                    String.join("\n", more)));
            StreamsSettings settings = StreamsSettings.load(config);
            try (Cluster cluster = Cluster.connect(settings)) {
                cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), 1)));
            }
            return new Application(config, settings);
        }

        Run models(String... arguments) {
            List<String> all = new ArrayList<>(List.of("models"));
            all.addAll(Arrays.asList(arguments));
            all.addAll(List.of("--config", config.toString()));
            return Gatecasts.run(all.toArray(String[]::new));
        }

        List<String> out(String... arguments) {
            Run run = models(arguments);
            assertEquals(0, run.status(), run.err());
            return run.out();
        }

        String err(String... arguments) {
            Run run = models(arguments);
            assertEquals(1, run.status(), run.out().toString());
            return run.err().strip();
        }

        /// @return the states that `list` shows, by version
        List<String> states() {
            return out("list").stream().skip(1).map(line -> line.substring(0, 37).strip().replaceAll(" +", " "))
                    .toList();
        }
    }

    @Test
    void aModelGoesThroughItsStates() throws Exception {
        Application application = Application.create("life");
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
        Application application = Application.create("routes");
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
        Application application = Application.create("trust", "gatecast.models.trusted-keys=" + name + ".pub");
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

    /// Three layers of 512 units, twenty times what a broker takes of a record by itself.
    @Test
    void aLargeModelIsPublishedAndLoaded() throws Exception {
        Application application = Application.create("large");
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
        Application small = Application.create("small");
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

    /// @return a history, a wave of a season of 12
    private static Path wave(String name, int steps) throws IOException {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int series = 0; series < 4; series++) {
            for (int t = 0; t < steps; t++) {
                rows.append("s").append(series).append(',').append(START + t * STEP).append(',')
                        .append(value(series, t)).append('\n');
            }
        }
        return Files.writeString(folder.resolve(name), rows.toString());
    }

    private static double value(int series, int t) {
        return 20 + series + 5 * Math.sin(2 * Math.PI * t / 12) + Math.cos(0.7 * t + series);
    }

    private static List<String> train(Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--data", data.toString(), "--interval", "1m",
                "--seasonality", "12", "--horizon", "4", "--hidden", "8"));
        arguments.addAll(Arrays.asList(more));
        Run run = Gatecasts.run(arguments.toArray(String[]::new));
        assertEquals(0, run.status(), run.err());
        return run.out();
    }

    /// A worse model stays a candidate, with what was measured; a better one takes the champion's place.
    @Test
    void aGateLetsOnlyTheBetterOnePass() throws Exception {
        Application application = Application.create("gate");
        Path data = wave("gate.csv", 300);
        String config = application.config().toString();
        train(data, "--epochs", "4", "--publish", "--config", config);
        List<String> worse = train(data, "--epochs", "1", "--learning-rate", "0.0000001", "--publish", "--config",
                config);
        assertTrue(worse.stream().anyMatch(line -> line.startsWith("Published default/2 as CANDIDATE, from ")),
                worse.toString());
        assertTrue(worse.getLast().matches("  mase [0-9.]+ against [0-9.]+ of default/1 on the last \\d+ steps of each"
                + " series, not better"), worse.getLast());
        train(data, "--epochs", "12", "--measure", "wql", "--margin", "1%", "--canary", "10%", "--publish", "--config",
                config);
        assertEquals(List.of("default/1 CHAMPION", "default/2 CANDIDATE", "default/3 CANARY 10 %"),
                application.states());
        train(data, "--epochs", "13", "--margin", "99%", "--publish", "--config", config);
        assertEquals("default/4 CANDIDATE", application.states().getLast());
        train(data, "--epochs", "1", "--learning-rate", "0.0000001", "--shadow", "--publish", "--config", config);
        assertEquals("default/5 SHADOW", application.states().getLast(), "a shadow needs not be better");
    }

    /// The canary's weights are spoiled: it judges half of the series, is found out, and gives them back; every observation was
    /// forecast once.
    @Test
    void aCanaryThatDriftsIsTakenBack() throws Exception {
        Path data = wave("canary.csv", 200);
        Path good = folder.resolve("good.avro"), bad = folder.resolve("bad.avro");
        train(data, "--epochs", "10", "--output", good.toString());
        io.gatecast.series.Model model = ModelRecords.toModel(ModelFile.read(good), "good");
        float[] weights = model.network().parameters().values;
        for (int i = weights.length / 2; i < weights.length; i++) {
            weights[i] = 4 - weights[i];
        }
        ModelFile.write(bad, ModelRecords.toRecord(new io.gatecast.series.Model("default", 1, 0, model.features(),
                Network.compile(model.network().architecture(), model.network().parameters())), null));
        Application application = Application.create("canary", "gatecast.canary.targets=60",
                "gatecast.evaluations.window=5", "commit.interval.ms=100",
                "state.dir=" + folder.resolve("canary-state"));
        application.out("publish", good.toString());
        int sent = 0;
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = ObservationWriter.open(application.settings(),
                        TopicSerdes.register(registry, application.settings()).observations().serializer(),
                        application.settings().topics().observations())) {
            sent += observe(writer, 0, 60);
            application.out("publish", bad.toString(), "--canary", "50%");
            await(() -> runner.metrics().modelsApplied() == 2);
            sent += observe(writer, 60, 140);
            await(() -> models.registrations().standing(models.registrations().versions("default").getFirst())
                    .text().equals("RETIRED"));
            ModelEvent event = models.registrations().events().getLast();
            assertEquals("gatecast run", event.getBy());
            assertTrue(event.getWhy().startsWith("online error in units of seasonal naive's "), event.getWhy());
            assertEquals(START + 149 * STEP, event.getEffectiveFrom().toEpochMilli(), "ten steps ahead of the stream");
            await(() -> runner.metrics().modelEvents() == 3);
            sent += observe(writer, 140, 170);
            int all = sent;
            await(() -> runner.metrics().accepted() == all);
            assertEquals(0, runner.metrics().lateModels());
        }
    }

    private static int observe(ObservationWriter writer, int from, int to) throws IOException {
        int sent = 0;
        for (int t = from; t < to; t++) {
            for (int series = 0; series < 20; series++) {
                writer.write("sensor-" + series, new Observation(START + t * STEP, value(series, t)));
                sent++;
            }
        }
        writer.flush();
        return sent;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(5_000_000);
        }
    }

    /// The service's one turn: what is asked for is trained, gated, published, and asked for no more.
    @Test
    void theTrainerTrainsWhatIsAskedFor() throws Exception {
        Application application = Application.create("trainer");
        application.out("publish", model.toString(), "--effective-from", "1970-01-01");
        try (Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = ObservationWriter.open(application.settings(),
                        TopicSerdes.register(registry, application.settings()).observations().serializer(),
                        application.settings().topics().observations())) {
            observe(writer, 0, 200);
            String[] trainer = {"trainer", "--config", application.config().toString(), "--horizon", "4",
                    "--interval", "1m", "--seasonality", "12", "--hidden", "4", "--epochs", "2", "--recent", "150m",
                    "--json"};
            assertTrue(Gatecasts.run(trainer).out().getLast().contains("\"trainings\":0"), "nobody has asked");
            models.change(now -> new Proposal(ModelEvents
                    .draft(Change.RETRAIN, "default", Instant.EPOCH, "test", "it drifts").setVersion(1).build()));
            assertTrue(models.registrations().isToBeTrained("default"));
            Run run = Gatecasts.run(trainer);
            assertEquals(0, run.status(), run.err());
            assertTrue(run.out().contains("Training default, asked by test: it drifts."), run.out().toString());
            assertTrue(!models.registrations().isToBeTrained("default"));
            Model trained = models.registrations().versions("default").getFirst();
            assertEquals(2, trained.getVersion());
            assertEquals(START + 49 * STEP, trained.getReport().getFrom().toEpochMilli(), "the recent part alone");
            assertTrue(Gatecasts.run(trainer).out().getLast().contains("\"trainings\":0"));
        }
    }

    /// Of two trainers the one that began last has the lease.
    @Test
    void ofTwoTrainersOneIsFencedOff() throws Exception {
        Application application = Application.create("trainers");
        application.out("publish", model.toString());
        try (TrainerLease one = TrainerLease.take(application.settings(), "default");
                TrainerLease other = TrainerLease.take(application.settings(), "default");
                TrainerLease another = TrainerLease.take(application.settings(), "pumps")) {
            assertEquals("another trainer has begun to train model default meanwhile: nothing was published",
                    assertThrows(IOException.class, one::confirm).getMessage());
            other.confirm();
            another.confirm();
        }
        assertEquals(List.of("default/1 CHAMPION"), application.states(), "a lease is no event");
    }

    /// Ten promotions and rollbacks while observations come: none is lost, none is forecast twice, and each is judged by whom the
    /// events say.
    @Test
    void swapsUnderLoadLoseAndDoubleNothing() throws Exception {
        Application application = Application.create("swaps", "commit.interval.ms=100",
                "state.dir=" + folder.resolve("swaps-state"));
        application.out("publish", model.toString());
        application.out("publish", model.toString(), "--candidate");
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                ObservationWriter writer = ObservationWriter.open(application.settings(),
                        TopicSerdes.register(registry, application.settings()).observations().serializer(),
                        application.settings().topics().observations())) {
            int sent = observe(writer, 0, 20);
            List<Long> swaps = new ArrayList<>();
            for (int swap = 0; swap < 10; swap++) {
                long at = START + (20L * swap + 30) * STEP;
                swaps.add(at);
                application.out(swap % 2 == 0 ? "promote" : "rollback", swap % 2 == 0 ? "default/2" : "default",
                        "--effective-from", Instant.ofEpochMilli(at).toString());
                int events = (int) runner.metrics().modelEvents();
                long expected = 2 + swap / 2 * 3 + (swap % 2 == 0 ? 1 : 3);
                await(() -> runner.metrics().modelEvents() == expected);
                assertTrue(events <= expected);
                sent += observe(writer, 20 * swap + 20, 20 * swap + 40);
            }
            int all = sent;
            await(() -> runner.metrics().accepted() == all);
            assertEquals(0, runner.metrics().lateModels());
            Set<String> seen = new HashSet<>();
            for (Forecast forecast : forecasts(application, registry, all, seen)) {
                long swapped = swaps.stream().filter(at -> at <= forecast.getOrigin().toEpochMilli()).count();
                assertEquals(swapped % 2 == 0 ? 1 : 2, forecast.getModelVersion(), forecast.getOrigin().toString());
            }
            assertEquals(all, seen.size());
        }
    }

    /// @param seen takes the key and origin of each
    private static List<Forecast> forecasts(Application application, Registry registry, int count, Set<String> seen)
            throws IOException {
        Map<String, Object> properties = application.settings().consumerProperties();
        properties.put("isolation.level", "read_committed");
        String topic = application.settings().topics().forecasts();
        List<Forecast> forecasts = new ArrayList<>();
        TopicSerdes serdes = TopicSerdes.register(registry, application.settings());
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    Forecast forecast = serdes.forecasts().deserializer().deserialize(topic, record.value());
                    seen.add(record.key() + "@" + forecast.getOrigin());
                    forecasts.add(forecast);
                });
                return forecasts.size() >= count;
            });
        }
        assertEquals(count, forecasts.size());
        return forecasts;
    }

    /// Two who change at the same time: the one who began first is fenced off and has written nothing, and no version is
    /// given out twice.
    @Test
    void ofTwoWhoPublishAtOnceOneIsFencedOff() throws Exception {
        Application application = Application.create("race");
        Model draft = ModelFile.read(model);
        try (Cluster cluster = Cluster.connect(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                ModelTopic one = ModelTopic.open(cluster, registry, application.settings());
                ModelTopic other = ModelTopic.open(cluster, registry, application.settings())) {
            IOException fenced = assertThrows(IOException.class, () -> one.change(now -> {
                other.change(then -> proposal(draft, then.nextVersion("default"), "other"));
                return proposal(draft, now.nextVersion("default"), "one");
            }));
            assertEquals("somebody else has begun to change models in topic race-models meanwhile: nothing was written;"
                    + " look at `gatecast models list` and try again", fenced.getMessage());
            one.change(now -> proposal(draft, now.nextVersion("default"), "one"));
            assertEquals(List.of("other", "one"),
                    other.registrations().events().stream().map(event -> event.getBy()).toList());
            assertEquals(List.of(1L, 2L),
                    other.registrations().events().stream().map(event -> event.getSequence()).toList());
            assertEquals(3, other.registrations().nextVersion("default"));
        }
    }

    private static Proposal proposal(Model draft, int version, String by) {
        return new Proposal(List.of(Model.newBuilder(draft).setVersion(version).build()),
                List.of(ModelEvents.state(draft.getModelId(), version, State.CHAMPION, 0, Instant.EPOCH, by, "race")));
    }
}
