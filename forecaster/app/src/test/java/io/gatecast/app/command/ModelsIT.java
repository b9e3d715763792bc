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
import io.gatecast.avro.Measure;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.avro.Status;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
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

    /// What somebody writes past the command line, into the topic itself: unsigned, forged, cut off, under another's name. None
    /// goes live, each is counted, and the one in force goes on.
    @Test
    void whatIsForgedInTheTopicItselfIsRefused() throws Exception {
        String name = folder.resolve("forgers").toString();
        assertEquals(0, Gatecasts.run("models", "keygen", name).status());
        Application application = Application.create("forged", "gatecast.models.trusted-keys=" + name + ".pub",
                "commit.interval.ms=100", "state.dir=" + folder.resolve("forged-state"));
        application.out("publish", model.toString(), "--sign-with", name + ".key");
        String topic = application.settings().topics().models();
        Map<String, Object> properties = application.settings().producerProperties();
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
                ObservationWriter writer = ObservationWriter.open(application.settings(),
                        TopicSerdes.register(registry, application.settings().topics()).observations().serializer(),
                        application.settings().topics().observations())) {
            var serializer = TopicSerdes.register(registry, application.settings().topics()).models().serializer();
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

    /// Champion and canary are the same weights, so nobody is worse until the series that the canary judges turn into others:
    /// it is found out, gives them back, and the event says why. Every observation was forecast once.
    @Test
    void aCanaryWhoseSeriesDriftIsTakenBack() throws Exception {
        Path good = folder.resolve("good.avro");
        train(wave("canary.csv", 200), "--epochs", "10", "--output", good.toString());
        Application application = Application.create("canary", "gatecast.canary.targets=60",
                "gatecast.canary.window=20m", "gatecast.canary.margin=50%", "gatecast.evaluations.window=5",
                "gatecast.drift=none", "commit.interval.ms=100", "state.dir=" + folder.resolve("canary-state"));
        application.out("publish", good.toString());
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = ObservationWriter.open(application.settings(),
                        TopicSerdes.register(registry, application.settings().topics()).observations().serializer(),
                        application.settings().topics().observations())) {
            int sent = observe(writer, 0, 60);
            application.out("publish", good.toString(), "--canary", "50%");
            await(() -> runner.metrics().modelsApplied() == 2 && runner.metrics().modelEvents() == 2);
            sent += observe(writer, 60, 160);
            List<Forecast> before = forecasts(application, registry, sent, new HashSet<>());
            Set<String> canaries = judgedBy(application, registry, sent, 2);
            assertTrue(canaries.size() > 4 && canaries.size() < 16, canaries.toString());
            assertEquals(sent, before.size());
            assertEquals(2, models.registrations().events().size(), "as good as the champion, it stays");

            sent += observe(writer, 160, 220, (series, t) -> canaries.contains("sensor-" + series)
                    ? 40 + 9 * (t % 12) * (t % 5 == 0 ? -1 : 1)
                    : value(series, t));
            await(() -> models.registrations().events().size() == 3);
            ModelEvent event = models.registrations().events().getLast();
            assertEquals(State.RETIRED, event.getState());
            assertEquals(2, event.getVersion());
            assertEquals("gatecast run", event.getBy());
            assertTrue(event.getWhy().matches("online error in units of seasonal naive's [0-9.]+ over \\d+ targets,"
                    + " default/1 has [0-9.]+ over \\d+: worse by more than 50.0 %"), event.getWhy());
            assertTrue(event.getEffectiveFrom().toEpochMilli() > START + 170 * STEP, event.toString());
            assertTrue(measured(event, "canary.error") > 1.5 * measured(event, "champion.error"),
                    event.getMeasures().toString());
            await(() -> runner.metrics().modelEvents() == 3);
            sent += observe(writer, 220, 250);
            int all = sent;
            await(() -> runner.metrics().accepted() == all);
            assertEquals(0, runner.metrics().lateModels());
            for (Forecast forecast : forecasts(application, registry, all, new HashSet<>())) {
                if (!forecast.getOrigin().isBefore(event.getEffectiveFrom())) {
                    assertEquals(1, forecast.getModelVersion(), "taken back");
                }
            }
            assertTrue(application.out("show", "default/2").stream()
                    .anyMatch(line -> line.endsWith(event.getWhy())), "a person sees why");
        }
    }

    private static double measured(ModelEvent event, String name) {
        return event.getMeasures().stream().filter(measure -> measure.getName().equals(name))
                .mapToDouble(Measure::getValue).findFirst().orElseThrow();
    }

    /// What a series shows at a step.
    private interface Course {
        double at(int series, int step);
    }

    private static int observe(ObservationWriter writer, int from, int to) throws IOException {
        return observe(writer, from, to, ModelsIT::value);
    }

    private static int observe(ObservationWriter writer, int from, int to, Course course) throws IOException {
        int sent = 0;
        for (int t = from; t < to; t++) {
            for (int series = 0; series < 20; series++) {
                writer.write("sensor-" + series, new Observation(START + t * STEP, course.at(series, t)));
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

    /// The service's one turn: what is asked for is trained, gated, published, and asked for no more; of two that race, one
    /// publishes.
    @Test
    void theTrainerTrainsWhatIsAskedFor() throws Exception {
        Application application = Application.create("trainer");
        application.out("publish", model.toString(), "--effective-from", "1970-01-01");
        try (Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = ObservationWriter.open(application.settings(),
                        TopicSerdes.register(registry, application.settings().topics()).observations().serializer(),
                        application.settings().topics().observations())) {
            observe(writer, 0, 200);
            String[] trainer = {"trainer", "--config", application.config().toString(), "--horizon", "4",
                    "--interval", "1m", "--seasonality", "12", "--hidden", "4", "--epochs", "2", "--recent", "150m",
                    "--json"};
            assertTrue(Gatecasts.run(trainer).out().getLast().contains("\"trainings\":0"), "nobody has asked");
            models.change(now -> new Proposal(ModelEvents
                    .draft(Change.RETRAIN, "default", Instant.EPOCH, "test", "it drifts").setVersion(1).build()));
            assertTrue(models.registrations().isToBeTrained("default"));
            List<Run> runs = twice(trainer);
            List<Run> won = runs.stream().filter(run -> run.out().getLast().contains("\"trainings\":1")).toList();
            assertEquals(1, won.size(), "of two trainers that race, one has published: " + runs);
            assertEquals(0, won.getFirst().status(), won.getFirst().err());
            assertTrue(won.getFirst().out().contains("Training default, asked by test: it drifts."), runs.toString());
            assertEquals(2, models.registrations().versions("default").size());
            assertTrue(!models.registrations().isToBeTrained("default"));
            Model trained = models.registrations().versions("default").getFirst();
            assertEquals(2, trained.getVersion());
            assertEquals(START + 49 * STEP, trained.getReport().getFrom().toEpochMilli(), "the recent part alone");
            assertTrue(Gatecasts.run(trainer).out().getLast().contains("\"trainings\":0"));
        }
    }

    /// @return of two runs of a command at the same time
    private static List<Run> twice(String... arguments) throws InterruptedException {
        List<Run> runs = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = List.of(Thread.ofPlatform().start(() -> runs.add(Gatecasts.run(arguments))),
                Thread.ofPlatform().start(() -> runs.add(Gatecasts.run(arguments))));
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(runs);
    }

    /// The whole circle by itself: the data drift, `run` finds the champion's error risen and asks for another, the watching
    /// trainer learns from the recent part, what it learned is better, and the stream goes over to it.
    @Test
    void aDriftLeadsToABetterModelByItself() throws Exception {
        Application application = Application.create("circle", "gatecast.evaluations.window=5",
                "commit.interval.ms=100", "state.dir=" + folder.resolve("circle-state"));
        Path first = folder.resolve("circle.avro");
        train(wave("circle.csv", 200), "--epochs", "6", "--output", first.toString());
        application.out("publish", first.toString());
        AtomicReference<Run> ran = new AtomicReference<>();
        Thread trainer = Thread.ofPlatform().name("trainer").start(() -> ran.set(Gatecasts.run("trainer", "--watch",
                "--config", application.config().toString(), "--horizon", "4", "--interval", "1m", "--seasonality",
                "12", "--hidden", "8", "--epochs", "10", "--recent", "90m", "--json")));
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = ObservationWriter.open(application.settings(),
                        TopicSerdes.register(registry, application.settings().topics()).observations().serializer(),
                        application.settings().topics().observations())) {
            int sent = observe(writer, 0, 200);
            int calm = sent;
            await(() -> runner.metrics().accepted() == calm);
            assertEquals(1, models.registrations().events().size(), "nothing drifts yet");
            sent += observe(writer, 200, 320, (series, t) -> 20 + series + 6 * Math.sin(2.3 * t + series)
                    + 3 * Math.cos(2 * Math.PI * t / 12));
            await(() -> models.registrations().events().size() >= 3);
            List<ModelEvent> events = models.registrations().events();
            assertEquals(Change.RETRAIN, events.get(1).getChange());
            assertEquals("gatecast run", events.get(1).getBy());
            assertTrue(events.get(1).getWhy().startsWith("the online MASE of default/1 has risen above its mean of "),
                    events.get(1).getWhy());
            ModelEvent promoted = events.get(2);
            assertEquals(State.CHAMPION, promoted.getState(), promoted.getWhy());
            assertEquals("gatecast trainer", promoted.getBy());
            assertEquals(2, promoted.getVersion());
            assertTrue(promoted.getWhy().matches("mase [0-9.]+ against [0-9.]+ of default/1 on the last .*"),
                    promoted.getWhy());
            await(() -> runner.metrics().modelEvents() >= 3 && runner.metrics().modelsApplied() == 2);
            sent += observe(writer, 320, 350);
            int all = sent;
            await(() -> runner.metrics().accepted() == all);
            for (Forecast forecast : forecasts(application, registry, all, new HashSet<>())) {
                assertEquals(forecast.getOrigin().isBefore(promoted.getEffectiveFrom()) ? 1 : 2,
                        forecast.getModelVersion(), forecast.getOrigin().toString());
            }
            assertEquals(0, runner.metrics().lateModels());
        } finally {
            trainer.interrupt();
            trainer.join();
        }
        Run run = ran.get();
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("Stopped."), run.out().toString());
        assertTrue(run.out().getLast().contains("\"failures\":0"), run.out().toString());
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

    /// Ten promotions and rollbacks under a stream that does not stop: none is lost, none is forecast twice, each is judged and
    /// labelled by whom the events say, two models are in memory, and between two forecasts there is never so much time as
    /// between two commits.
    @Test
    void swapsUnderLoadLoseAndDoubleNothingAndDoNotPause() throws Exception {
        long commit = 2000;
        Application application = Application.create("swaps", "commit.interval.ms=" + commit,
                "state.dir=" + folder.resolve("swaps-state"));
        application.out("publish", model.toString());
        application.out("publish", model.toString(), "--candidate");
        try (Cluster cluster = Cluster.connect(application.settings())) {
            cluster.createMissing(List.of(Topics.FORECASTS.creation(application.settings().topics().forecasts(), 1)
                    .configs(Map.of("message.timestamp.type", "LogAppendTime", "max.message.bytes", "8388608"))));
        }
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                Stream stream = new Stream(application, registry)) {
            List<Long> swaps = new ArrayList<>();
            for (int swap = 0; swap < 10; swap++) {
                int step = 60 * swap + 150;
                swaps.add(START + step * STEP);
                models.change(swap % 2 == 0 ? promotion(2, swaps.getLast()) : retirement(2, swaps.getLast()));
                long expected = 3 + swap;
                await(() -> runner.metrics().modelEvents() == expected);
                stream.goOnTo(step + 60);
                await(() -> stream.step() > step - 90);
            }
            stream.goOnTo(760);
            await(() -> stream.step() == 760);
            int all = 760 * Stream.SERIES;
            await(() -> {
                assertTrue(runner.compiledModels("default") <= 2);
                return runner.metrics().accepted() == all;
            });
            assertEquals(0, runner.metrics().lateModels());
            assertTrue(runner.metrics().swaps() >= 11, runner.metrics()::toString);
            assertTrue(runner.metrics().longestSwapMillis() < commit, runner.metrics()::toString);
            Set<String> seen = new HashSet<>();
            List<Long> appended = new ArrayList<>();
            Set<Integer> labels = new HashSet<>();
            for (Forecast forecast : forecasts(application, registry, all, seen, appended)) {
                long swapped = swaps.stream().filter(at -> at <= forecast.getOrigin().toEpochMilli()).count();
                assertEquals(swapped % 2 == 0 ? 1 : 2, forecast.getModelVersion(), forecast.getOrigin().toString());
                labels.add(forecast.getModelVersion());
            }
            assertEquals(all, seen.size());
            assertEquals(Set.of(1, 2), labels);
            long pause = IntStream.range(1, appended.size()).mapToLong(i -> appended.get(i) - appended.get(i - 1))
                    .max().orElseThrow();
            System.out.printf(
                    "Ten swaps under load: longest pause %d ms, a swap at most %.1f ms, commits every %d ms%n",
                    pause, runner.metrics().longestSwapMillis(), commit);
            assertTrue(pause < commit, pause + " ms without a forecast");
        }
    }

    private static ModelTopic.Proposer promotion(int version, long from) {
        return now -> new Proposal(ModelEvents.state("default", version, State.CHAMPION, 0, Instant.ofEpochMilli(from),
                "test", "to see"));
    }

    private static ModelTopic.Proposer retirement(int version, long from) {
        return now -> new Proposal(ModelEvents.state("default", version, State.RETIRED, 0, Instant.ofEpochMilli(from),
                "test", "to see"));
    }

    /// Observations at an even pace, from a thread of its own, up to where somebody lets it.
    private static final class Stream implements AutoCloseable {
        private static final int SERIES = 20;
        private static final long PACE_NANOS = 15_000_000;
        private final ObservationWriter writer;
        private final Thread thread;
        private volatile int end;
        private volatile int step;
        private volatile boolean stopping;
        private volatile @Nullable IOException fault;

        Stream(Application application, Registry registry) throws IOException {
            this.writer = ObservationWriter.open(application.settings(),
                    TopicSerdes.register(registry, application.settings().topics()).observations().serializer(),
                    application.settings().topics().observations());
            this.thread = Thread.ofPlatform().name("stream").start(this::write);
        }

        private void write() {
            try {
                while (!stopping) {
                    if (step < end) {
                        observe(writer, step, step + 1);
                        step++;
                    }
                    LockSupport.parkNanos(PACE_NANOS);
                }
            } catch (IOException e) {
                fault = e;
            }
        }

        void goOnTo(int until) {
            end = until;
        }

        int step() {
            if (fault != null) {
                throw new AssertionError(fault);
            }
            return step;
        }

        @Override
        public void close() throws InterruptedException, IOException {
            stopping = true;
            thread.join();
            writer.close();
        }
    }

    /// @return series whose last forecast is by a version
    private static Set<String> judgedBy(Application application, Registry registry, int count, int version)
            throws IOException {
        Map<String, Integer> last = new HashMap<>();
        read(application, registry, count, (record, forecast) -> last.put(record.key(), forecast.getModelVersion()));
        last.values().removeIf(each -> each != version);
        return last.keySet();
    }

    /// @param seen takes the key and origin of each
    private static List<Forecast> forecasts(Application application, Registry registry, int count, Set<String> seen)
            throws IOException {
        return forecasts(application, registry, count, seen, new ArrayList<>());
    }

    /// @param times takes the records' times, in their order
    private static List<Forecast> forecasts(Application application, Registry registry, int count, Set<String> seen,
            List<Long> times) throws IOException {
        List<Forecast> forecasts = new ArrayList<>();
        read(application, registry, count, (record, forecast) -> {
            seen.add(record.key() + "@" + forecast.getOrigin());
            times.add(record.timestamp());
            forecasts.add(forecast);
        });
        assertEquals(count, forecasts.size());
        return forecasts;
    }

    private static void read(Application application, Registry registry, int count,
            BiConsumer<ConsumerRecord<String, byte[]>, Forecast> taker) throws IOException {
        Map<String, Object> properties = application.settings().consumerProperties();
        properties.put("isolation.level", "read_committed");
        String topic = application.settings().topics().forecasts();
        TopicSerdes serdes = TopicSerdes.register(registry, application.settings().topics());
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int[] read = {0};
            await(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    taker.accept(record, serdes.forecasts().deserializer().deserialize(topic, record.value()));
                    read[0]++;
                });
                return read[0] >= count;
            });
        }
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
