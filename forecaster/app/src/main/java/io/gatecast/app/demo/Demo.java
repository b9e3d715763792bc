package io.gatecast.app.demo;

import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.kafka.KafkaSettings;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.app.model.TrainedModels;
import io.gatecast.app.progress.Progress;
import io.gatecast.app.replay.Pace;
import io.gatecast.app.replay.Replay;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelTopic;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import io.gatecast.training.Trainer;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

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
    private long sent;

    /// @param plan     what to do when
    /// @param terminal whether lines may be written over
    public Demo(DemoPlan plan, OutputOptions output, boolean terminal) {
        this.plan = plan;
        this.output = output;
        this.terminal = terminal;
    }

    /// Runs it from beginning to end, about [DemoPlan#duration]. Leaves nothing behind, also if it is interrupted.
    public DemoResult run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        output.say("Data: %s (%s).", plan.data().title(), plan.data().id());
        output.say("      %,d series; the first part, to %s, is learned from, the rest is replayed.", plan.all().size(),
                Instant.ofEpochMilli(plan.split()).toString().substring(0, 10));
        Path folder = Files.createTempDirectory("gatecast-demo-");
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            output.say("Broker: Kafka (KRaft) at %s, in a process of its own.", broker.bootstrapServers());
            return run(settings(broker, folder), start);
        } finally {
            BrokerProcess.delete(folder);
        }
    }

    private static StreamsSettings settings(EmbeddedBroker broker, Path folder) {
        return StreamsSettings.of(Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url",
                "mock://gatecast-demo", "gatecast.model.id", MODEL, "application.id", "gatecast-demo", "state.dir",
                folder.toString(), "commit.interval.ms", "200"));
    }

    private DemoResult run(StreamsSettings settings, long start) throws IOException, InterruptedException {
        Trained first = train("Training the first model", plan.firstTraining());
        output.say("Model %s/1: on what was held out, MASE %.3f, seasonal naive %.3f.", MODEL,
                first.validation().mase(), first.validation().seasonalNaiveMase());
        Registry registry = Registry.connect(settings.registry());
        TopicSerdes serdes = TopicSerdes.register(registry, settings.topics());
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations())));
            try (ModelTopic models = ModelTopic.open(cluster, registry, settings)) {
                models.publish(TrainedModels.record(first, MODEL, 1, 0, plan.data().id(), plan.firstTraining().seed()));
                return stream(settings, serdes, models, start);
            }
        }
    }

    private Trained train(String task, TrainingPlan training) {
        try (Progress progress = output.progress(task, "", 100)) {
            return Trainer.train(training, plan.learned(), (update, done, loss) -> {
                progress.note(String.format(Locale.ROOT, "update %d, loss %.4f", update, loss));
                progress.to(Math.round(100 * done));
            });
        }
    }

    private DemoResult stream(StreamsSettings settings, TopicSerdes serdes, ModelTopic models, long start)
            throws IOException, InterruptedException {
        try (StreamsRunner runner = StreamsRunner.start(settings);
                Watch watch = Watch.start(plan, serdes, settings);
                ObservationWriter writer = ObservationWriter.open(KafkaSettings.of("the demo", settings),
                        serdes.observations().serializer(), settings.topics().observations())) {
            output.say("Topology: running, exactly once. Replaying at %,.0f times the recorded speed ...",
                    plan.speed());
            CompletableFuture<Trained> second = CompletableFuture.supplyAsync(
                    () -> Trainer.train(plan.secondTraining(), plan.learned(), (update, done, loss) -> {}));
            long replayStart = System.nanoTime();
            replay(writer, watch, () -> swap(models, runner, second));
            double perSecond = sent / ((System.nanoTime() - replayStart) / 1e9);
            await(() -> runner.metrics().accepted() >= sent && watch.received() >= sent, "all forecasts");
            return result(runner, watch, perSecond, start);
        }
    }

    /// What is done when the stream comes to the point at which the second model counts.
    private interface Swap {
        void run() throws IOException, InterruptedException;
    }

    private void replay(ObservationWriter writer, Watch watch, Swap swap) throws IOException, InterruptedException {
        LiveView view = new LiveView(plan, watch, output.out(), terminal);
        for (Replay.Event event : plan.history()) {
            send(writer, event);
        }
        Pace pace = new Pace(plan.speed());
        boolean swapped = false;
        for (Replay.Event event : plan.replay()) {
            long timestamp = event.observation().timestamp();
            if (!swapped && timestamp >= plan.swap()) {
                swapped = true;
                swap.run();
            }
            pace.await(timestamp);
            send(writer, event);
            view.refresh();
        }
        writer.flush();
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
        models.publish(TrainedModels.record(better, MODEL, 2, plan.swap(), plan.data().id(),
                plan.secondTraining().seed()));
        await(() -> runner.metrics().modelsApplied() >= 2, "the topology to take up the second model");
        output.say("Swap: model %s/2, learned for %.0f s while the stream ran (held out: MASE %.3f), counts from %s.%s",
                MODEL, better.took().toMillis() / 1e3, better.validation().mase(), Instant.ofEpochMilli(plan.swap()),
                terminal ? "\n\n\n\n" : "");
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

    private DemoResult result(StreamsRunner runner, Watch watch, double perSecond, long start) {
        DemoResult.Part total = DemoResult.Part.of(0, watch.total());
        List<Double> levels = plan.firstTraining().quantiles();
        return new DemoResult(plan.data().id(), sent, runner.metrics().accepted(), watch.received(), perSecond,
                total.mase(), total.seasonalNaiveMase(), total.coverage(), levels.getLast() - levels.getFirst(),
                watch.swaps(), DemoResult.Part.of(1, watch.ofVersion(1)), DemoResult.Part.of(2, watch.ofVersion(2)),
                watch.episodes(), (System.nanoTime() - start) / 1e9);
    }
}
