package io.gatecast.app.command;

import static io.gatecast.app.command.RunningFleet.START;
import static io.gatecast.app.command.RunningFleet.STEP;
import static io.gatecast.app.command.RunningFleet.await;
import static io.gatecast.app.command.RunningFleet.forecasts;
import static io.gatecast.app.command.RunningFleet.judgedBy;
import static io.gatecast.app.command.RunningFleet.observe;
import static io.gatecast.app.command.RunningFleet.value;
import static io.gatecast.app.command.RunningFleet.wave;
import static io.gatecast.app.command.RunningFleet.writer;
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
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelEvents;
import io.gatecast.streams.ModelTopic;
import io.gatecast.streams.ModelTopic.Proposal;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.TrainerLease;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Models of a fleet that runs: who judges, who is tried, who is trained, against a real broker.
@Timeout(120)
class ModelFleetIT {
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
        ModelApplication application = application("gate");
        Path data = wave(folder, "gate.csv", 300);
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
        train(wave(folder, "canary.csv", 200), "--epochs", "10", "--output", good.toString());
        ModelApplication application = application("canary", "gatecast.canary.targets=60",
                "gatecast.canary.window=20m", "gatecast.canary.margin=50%", "gatecast.evaluations.window=5",
                "gatecast.drift=none", "commit.interval.ms=100", "state.dir=" + folder.resolve("canary-state"));
        application.out("publish", good.toString());
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = writer(application, registry)) {
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

    /// The service's one turn: what is asked for is trained, gated, published, and asked for no more; of two that race, one
    /// publishes.
    @Test
    void theTrainerTrainsWhatIsAskedFor() throws Exception {
        ModelApplication application = application("trainer");
        application.out("publish", model.toString(), "--effective-from", "1970-01-01");
        try (Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = writer(application, registry)) {
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
        ModelApplication application = application("circle", "gatecast.evaluations.window=5",
                "commit.interval.ms=100", "state.dir=" + folder.resolve("circle-state"));
        Path first = folder.resolve("circle.avro");
        train(wave(folder, "circle.csv", 200), "--epochs", "6", "--output", first.toString());
        application.out("publish", first.toString());
        AtomicReference<Run> ran = new AtomicReference<>();
        Thread trainer = Thread.ofPlatform().name("trainer").start(() -> ran.set(Gatecasts.run("trainer", "--watch",
                "--config", application.config().toString(), "--horizon", "4", "--interval", "1m", "--seasonality",
                "12", "--hidden", "8", "--epochs", "10", "--recent", "90m", "--json")));
        try (StreamsRunner runner = StreamsRunner.start(application.settings());
                Registry registry = Registry.connect(application.settings().registry());
                Cluster cluster = Cluster.connect(application.settings());
                ModelTopic models = ModelTopic.open(cluster, registry, application.settings());
                ObservationWriter writer = writer(application, registry)) {
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
        ModelApplication application = application("trainers");
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
        ModelApplication application = application("swaps", "commit.interval.ms=" + commit,
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
                RunningFleet.Stream stream = new RunningFleet.Stream(application, registry)) {
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
            int all = 760 * RunningFleet.Stream.SERIES;
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
}
