package io.gatecast.app.command;

import io.gatecast.app.command.mixin.Durations;
import io.gatecast.app.command.mixin.GateOptions;
import io.gatecast.app.command.mixin.Intervals;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.Schedule;
import io.gatecast.app.command.mixin.StateOptions;
import io.gatecast.app.command.mixin.TrainingOptions;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.app.model.GatedPublication;
import io.gatecast.app.model.GatedPublication.Published;
import io.gatecast.app.model.TrainedModels;
import io.gatecast.avro.ModelEvent;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.Registrations;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TrainerLease;
import io.gatecast.streams.Trust;
import io.gatecast.training.Interval;
import io.gatecast.training.Trainer;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingDiverged;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.TopicRange;
import io.gatecast.training.data.TopicSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The service that trains again what has drifted, or by the clock: it learns from the recent part of the topic, holds what it
/// has learned against the champion, and publishes.
@Command(name = "trainer", mixinStandardHelpOptions = true, sortOptions = false, description = "Train a model again when it is asked for (by a drift of its error), or by a schedule, and publish what is better.")
public final class TrainerCommand implements Callable<Integer> {
    private static final long LOOK_AGAIN_MILLIS = 1000;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--watch", description = "Go on until stopped; without it, what is asked for now is done, once.")
    private boolean watch;

    @Option(names = "--cron", paramLabel = "FIELDS", converter = Schedule.Reader.class, description = "Train by a schedule, too, as cron has it, UTC: '0 3 * * *' is every night at three.")
    private @Nullable Schedule schedule;

    @Option(names = "--recent", paramLabel = "TIME", converter = Durations.class, description = "Learn from so much event time before the newest observation (default: from all there is).")
    private @Nullable Duration recent;

    @Option(names = "--interval", paramLabel = "TIME", converter = Intervals.class, description = "Length of a step, as in 5m, 1h or 1d; or auto, which finds it in the timestamps (default: auto).")
    private @Nullable Duration interval;

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Mixin
    private GateOptions gate = new GateOptions();

    @Mixin
    private StateOptions state = new StateOptions();

    @Option(names = "--sign-with", paramLabel = "NAME.key", description = "Sign what is published, with a key as `models keygen` wrote it.")
    private @Nullable Path key;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Result(int trainings, int failures, @Nullable String lastModel, @Nullable String lastState) {}

    private int trainings;
    private int failures;
    private @Nullable Published last;
    /// Number of the last request that was taken up: one that failed is not tried again and again.
    private long taken;

    @Override
    public Integer call() throws IOException {
        StreamsSettings settings = kafka.load();
        if (key != null) {
            Trust.signingKey(key);
        }
        try (Interruption stop = new Interruption(Thread.currentThread());
                Publisher publisher = Publisher.open(settings)) {
            try {
                follow(settings, publisher);
            } catch (InterruptedException e) {
                output.say("Stopped.");
            } catch (IOException | RuntimeException e) {
                if (!stop.requested()) {
                    throw e;
                }
                output.say("Stopped.");
            }
        }
        output.result(new Result(trainings, failures, last == null ? null : ModelRecords.keyOf(last.record()),
                last == null ? null : last.state().name()));
        return failures > 0 && !watch ? 1 : 0;
    }

    private void follow(StreamsSettings settings, Publisher publisher) throws IOException, InterruptedException {
        String modelId = settings.modelId();
        Optional<ZonedDateTime> due = next();
        output.say("Waiting for whoever asks to train %s again%s.", modelId,
                due.map(moment -> "; by the schedule at " + moment).orElse(""));
        do {
            Optional<ModelEvent> request = publisher.registrations().retraining(modelId)
                    .filter(event -> event.getSequence() > taken);
            if (request.isPresent()) {
                long asked = taken = request.get().getSequence();
                turn(settings, publisher, "asked by " + request.get().getBy() + ": " + request.get().getWhy(),
                        now -> now.retraining(modelId).filter(event -> event.getSequence() == asked).isPresent());
            } else if (due.isPresent() && !due.get().isAfter(now())) {
                turn(settings, publisher, "by the schedule", now -> true);
                due = next();
            } else if (watch) {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
        } while (watch && !Thread.currentThread().isInterrupted());
    }

    private Optional<ZonedDateTime> next() {
        return schedule == null ? Optional.empty() : schedule.after(now());
    }

    private static ZonedDateTime now() {
        return ZonedDateTime.now(ZoneOffset.UTC);
    }

    /// A training that fails is told and counted; the service goes on.
    private void turn(StreamsSettings settings, Publisher publisher, String why, Predicate<Registrations> still) {
        output.say("Training %s, %s.", settings.modelId(), why);
        try {
            Published published = train(settings, publisher, still);
            trainings++;
            last = published;
            output.say("Published %s as %s, from %s: %s.", ModelRecords.keyOf(published.record()), published.state(),
                    ModelsCommand.moment(published.record().getEffectiveFrom()), published.why());
        } catch (IOException | IllegalArgumentException | TrainingDiverged e) {
            failures++;
            output.warn("nothing was published: %s", String.valueOf(e.getMessage()));
        }
    }

    private Published train(StreamsSettings settings, Publisher publisher, Predicate<Registrations> still)
            throws IOException {
        String modelId = settings.modelId();
        try (TrainerLease lease = TrainerLease.take(settings, modelId)) {
            OptionalLong newest = publisher.newestEventTime();
            long from = recent == null || newest.isEmpty()
                    ? Long.MIN_VALUE
                    : newest.getAsLong() - recent.toMillis();
            List<Series> series = load(settings, from);
            Trained trained = Trainer.train(training.plan(interval == null ? Interval.of(series) : interval, series),
                    series, (update, done, loss) -> {});
            lease.confirm();
            return new GatedPublication(gate.gate(), key == null ? null : Trust.signingKey(key), state.state(),
                    state.share(), "gatecast trainer")
                    .publish(publisher, trained, TrainedModels.record(trained, modelId, 1,
                            0, "topic " + settings.topics().observations()), series, still);
        }
    }

    private List<Series> load(StreamsSettings settings, long from) throws IOException {
        TopicSource source = new TopicSource(settings.consumerProperties(), settings.registry(),
                settings.topics().observations(), new TopicRange(from, Long.MAX_VALUE, List.of()),
                training.covariates(), OptionalLong.empty());
        List<Series> series = source.read(source.locate()).stream().map(each -> each.between(from, Long.MAX_VALUE))
                .filter(each -> each.length() > 0).toList();
        if (series.isEmpty()) {
            throw new IOException("topic " + settings.topics().observations() + " holds nothing to learn from");
        }
        return series;
    }
}
