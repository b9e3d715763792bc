package io.gatecast.app.demo;

import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.http.ApiServer;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.app.model.TrainedModels;
import io.gatecast.app.progress.Progress;
import io.gatecast.app.replay.Pace;
import io.gatecast.app.replay.Replay;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelTopic;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import io.gatecast.training.Trainer;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.backtest.Score;
import io.gatecast.training.backtest.ScoreSheet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The main job from end to end: a broker, a model learned from the first part of real data, the topology, the rest of the
/// data replayed through it, a better model half way. Everything is real but the schema registry, which is Confluent's
/// in-process one, so that nothing has to be installed.
public final class Demo {
    private static final String MODEL = "demo";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final DemoPlan plan;
    private final OutputOptions output;
    private final boolean terminal;
    private final @Nullable ApiServer server;
    private long sent;

    /// @param plan     what to do when
    /// @param terminal whether lines may be written over
    /// @param server   to be shown on; null = nowhere
    public Demo(DemoPlan plan, OutputOptions output, boolean terminal, @Nullable ApiServer server) {
        this.plan = plan;
        this.output = output;
        this.terminal = terminal;
        this.server = server;
    }

    /// Runs it from beginning to end, about [DemoPlan#duration], and where a person looks at the dashboard on, until that one
    /// interrupts. Leaves nothing behind, also if it is interrupted.
    ///
    /// @param told what came of it
    public void run(Consumer<DemoResult> told) throws IOException, InterruptedException {
        long start = System.nanoTime();
        output.say("Data: %s (%s).", plan.data().title(), plan.data().id());
        output.say("      %,d series; the first part, to %s, is learned from, the rest is replayed.", plan.all().size(),
                Instant.ofEpochMilli(plan.split()).toString().substring(0, 10));
        Path folder = Files.createTempDirectory("gatecast-demo-");
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            output.say("Broker: Kafka (KRaft) at %s, in a process of its own.", broker.bootstrapServers());
            run(settings(broker, folder), start, told);
        } finally {
            BrokerProcess.delete(folder);
        }
    }

    private static StreamsSettings settings(EmbeddedBroker broker, Path folder) {
        return StreamsSettings.of(Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url",
                "mock://gatecast-demo", "gatecast.model.id", MODEL, "application.id", "gatecast-demo", "state.dir",
                folder.toString(), "commit.interval.ms", "200"));
    }

    private void run(StreamsSettings settings, long start, Consumer<DemoResult> told)
            throws IOException, InterruptedException {
        Trained first = train();
        output.say("Model %s/1: on what was held out, MASE %.3f, seasonal naive %.3f.", MODEL,
                first.validation().mase(), first.validation().seasonalNaiveMase());
        Registry registry = Registry.connect(settings.registry());
        TopicSerdes serdes = TopicSerdes.register(registry, settings);
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations())));
            try (ModelTopic models = ModelTopic.open(cluster, registry, settings)) {
                models.publish(TrainedModels.record(first, MODEL, 1, 0, plan.data().id()));
                stream(server == null ? settings : settings.reachableAt(server.address()), serdes, models,
                        new Timed(first, start), told);
            }
        }
    }

    private Trained train() {
        try (Progress progress = output.progress("Training the first model", "", 100)) {
            return Trainer.train(plan.firstTraining(), plan.before(plan.split()), (update, done, loss) -> {
                progress.note(String.format(Locale.ROOT, "update %d, loss %.4f", update, loss));
                progress.to(Math.round(100 * done));
            });
        }
    }

    /// @param start of the demo, nanoseconds of the JVM's clock
    private record Timed(Trained first, long start) {}

    private void stream(StreamsSettings settings, TopicSerdes serdes, ModelTopic models, Timed begun,
            Consumer<DemoResult> told) throws IOException, InterruptedException {
        try (StreamsRunner runner = StreamsRunner.start(settings);
                Watch watch = Watch.start(plan, serdes, settings);
                ObservationWriter writer = ObservationWriter.open(settings,
                        serdes.observations().serializer(), settings.topics().observations())) {
            if (server != null) {
                server.attach(runner, settings);
            }
            output.say("Topology: running, exactly once. Replaying %s in %d s ...", span(plan.replayed()),
                    plan.replayTime().toSeconds());
            long replayStart = System.nanoTime();
            replay(writer, watch, second -> swap(models, runner, second));
            double perSecond = sent / ((System.nanoTime() - replayStart) / 1e9);
            await(() -> runner.metrics().accepted() >= sent && watch.received() >= sent, "all forecasts");
            told.accept(result(runner, watch, begun.first(), perSecond, begun.start()));
            if (server != null && terminal) {
                output.say("The dashboard stays at http://%s until Ctrl-C.", server.address());
                runner.awaitStop();
            }
        } finally {
            if (server != null) {
                server.detach();
            }
        }
    }

    /// What is done when the stream comes to the point at which the second model counts.
    private interface Swap {
        void to(CompletableFuture<Trained> second) throws IOException, InterruptedException;
    }

    private static String span(Duration time) {
        return time.toDays() > 2
                ? String.format(Locale.ROOT, "%,d days", time.toDays())
                : String.format(Locale.ROOT, "%.1f hours", time.toMinutes() / 60.0);
    }

    private void replay(ObservationWriter writer, Watch watch, Swap swap) throws IOException, InterruptedException {
        LiveView view = new LiveView(plan, watch, output.out(), terminal);
        for (Replay.Event event : plan.history()) {
            send(writer, event);
        }
        Pace pace = new Pace((double) plan.replayed().toMillis() / plan.replayTime().toMillis());
        CompletableFuture<Trained> second = null;
        boolean swapped = false;
        for (Replay.Event event : plan.replay()) {
            long timestamp = event.observation().timestamp();
            if (second == null && timestamp >= plan.secondTrainingBegins()) {
                second = CompletableFuture.supplyAsync(this::trainAgain);
            }
            if (!swapped && second != null && timestamp >= plan.swap()) {
                swapped = true;
                swap.to(second);
                view.startBelow();
            }
            pace.await(timestamp);
            send(writer, event);
            view.refresh();
        }
        writer.flush();
    }

    private Trained trainAgain() {
        return Trainer.train(plan.secondTraining(), plan.before(plan.secondTrainingBegins()),
                (update, done, loss) -> {});
    }

    private void send(ObservationWriter writer, Replay.Event event) throws IOException {
        writer.write(event.seriesId(), event.observation());
        sent++;
    }

    /// Publishes the second model to count from here on; the stream goes on as soon as the topology has it.
    private void swap(ModelTopic models, StreamsRunner runner, CompletableFuture<Trained> second)
            throws IOException, InterruptedException {
        await(second::isDone, "the second training");
        Trained better = trained(second);
        models.publish(TrainedModels.record(better, MODEL, 2, plan.swap(), plan.data().id()));
        await(() -> runner.metrics().modelsApplied() >= 2, "the topology to take up the second model");
        output.say("Swap: model %s/2, learned in %.0f s while the stream ran, counts from %s.", MODEL,
                better.took().toMillis() / 1e3, Instant.ofEpochMilli(plan.swap()).toString());
    }

    private static Trained trained(CompletableFuture<Trained> second) throws IOException {
        try {
            return second.join();
        } catch (CompletionException e) {
            throw new IOException("the second training failed: " + e.getCause(), e);
        }
    }

    private static void await(BooleanSupplier condition, String what) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /// How the first model would have done after the swap: by the code that the topology runs, over the same observations.
    private Score hadItStayed(Trained first) {
        ScoreSheet sheet = new ScoreSheet(plan.data().interval().toMillis(), plan.data().horizon(),
                plan.features().scalingLag());
        SeriesForecaster forecaster = new SeriesForecaster(first.model(MODEL, 1, 0));
        Map<String, SeriesState> states = new HashMap<>();
        for (Replay events : List.of(plan.history(), plan.replay())) {
            for (Replay.Event event : events) {
                String id = event.seriesId();
                SeriesState state = states.computeIfAbsent(id, unseen -> forecaster.open(id, null));
                sheet.observed(id, event.observation());
                if (forecaster.observe(state, event.observation()) instanceof Forecasted made
                        && made.forecast().origin() >= plan.swap()) {
                    sheet.forecast(id, made.forecast());
                }
            }
        }
        return sheet.total();
    }

    private DemoResult result(StreamsRunner runner, Watch watch, Trained first, double perSecond, long start) {
        DemoResult.Part total = DemoResult.Part.of(0, watch.total());
        List<Double> levels = plan.firstTraining().architecture().head().quantiles();
        return new DemoResult(plan.data().id(), sent, runner.metrics().accepted(), watch.received(), perSecond,
                total.mase(), total.seasonalNaiveMase(), total.coverage(), levels.getLast() - levels.getFirst(),
                watch.swaps(), DemoResult.Part.of(1, watch.ofVersion(1)), DemoResult.Part.of(2, watch.ofVersion(2)),
                DemoResult.Part.of(1, hadItStayed(first)),
                watch.episodes(), TrainedModels.known(watch.skill().overLastValue()),
                TrainedModels.known(watch.skill().overSeasonalNaive()), (System.nanoTime() - start) / 1e9);
    }
}
