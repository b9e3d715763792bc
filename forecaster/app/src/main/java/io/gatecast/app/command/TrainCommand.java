package io.gatecast.app.command;

import io.gatecast.app.command.mixin.GateOptions;
import io.gatecast.app.command.mixin.Intervals;
import io.gatecast.app.command.mixin.LabelOptions;
import io.gatecast.app.command.mixin.Moments;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.SourceOptions;
import io.gatecast.app.command.mixin.StateOptions;
import io.gatecast.app.command.mixin.TrainingOptions;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.app.model.GatedPublication;
import io.gatecast.app.model.GatedPublication.Published;
import io.gatecast.app.model.TrainedModels;
import io.gatecast.app.progress.Progress;
import io.gatecast.avro.Model;
import io.gatecast.avro.State;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.Spans;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.Trust;
import io.gatecast.training.Interval;
import io.gatecast.training.Trainer;
import io.gatecast.training.Trainer.Checkpoints;
import io.gatecast.training.Trainer.Range;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.Tuning;
import io.gatecast.training.Tuning.Trial;
import io.gatecast.training.Validation;
import io.gatecast.training.data.LabelledTimes;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Learns a model from recorded series.
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, description = "Learn one model for all series of a file or a topic.")
public final class TrainCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private SourceOptions source = new SourceOptions();

    @Option(names = "--from", paramLabel = "TIME", converter = Moments.class, description = "First moment to learn from, as in 2026-01-31 (default: the beginning of the data). Of a topic, what was written an hour or more before is not read.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "TIME", converter = Moments.class, description = "First moment not to learn from any more (default: the end of the data).")
    private @Nullable Long to;

    @Option(names = "--interval", paramLabel = "TIME", converter = Intervals.class, description = "Length of a step, as in 5m, 1h or 1d; or auto, which finds it in the timestamps (default: auto).")
    private @Nullable Duration interval;

    @Mixin
    private LabelOptions labels = new LabelOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(names = "--tune", paramLabel = "N", description = "Try N settings of units, layers, learning rate and dropout within half of --max-time, the given one among them, and take the one that does best on what is held out.")
    private @Nullable Integer tune;

    @Option(names = "--checkpoint", paramLabel = "FILE", description = "Keep the training in a file on the way, so that --resume can go on with it.")
    private @Nullable Path checkpoint;

    @Option(names = "--resume", description = "Go on with the training that --checkpoint holds; the other options must be those it was begun with.")
    private boolean resume;

    @Option(names = "--id", paramLabel = "NAME", defaultValue = "default", description = "The model's name (default: ${DEFAULT-VALUE}).")
    private String modelId;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private Target target = new Target();

    /// Where the model goes: a file, the models topic, or both.
    static final class Target {
        @Option(names = "--output", paramLabel = "MODEL.avro", description = "Write the model to a file.")
        private @Nullable Path file;

        @Option(names = "--publish", description = "Publish the model to the models topic: as champion where it is better than the present one, otherwise as a candidate; needs --config.")
        private boolean publish;
    }

    @Mixin
    private GateOptions gate = new GateOptions();

    @Mixin
    private StateOptions state = new StateOptions();

    @Option(names = "--sign-with", paramLabel = "NAME.key", description = "Sign what is published, with a key as `models keygen` wrote it.")
    private @Nullable Path key;

    @Option(names = "--report", paramLabel = "OUT.html", description = "Write a page: how the losses fell, the gradients, the error by step ahead, every choice.")
    private @Nullable Path report;

    @Option(names = "--config", paramLabel = "FILE", description = "Properties for --topic and --publish: Kafka's own keys, schema.registry.url, gatecast.*.")
    private @Nullable Path config;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec;

    /// The answer to a program.
    record Result(String modelId, int version, @Nullable String file, int series, long observations, int updates,
            double seconds, double firstLoss, double loss, int clippedUpdates, @Nullable Double mase,
            @Nullable Double seasonalNaiveMase, @Nullable String state) {}

    @Override
    public Integer call() throws IOException {
        StreamsSettings settings = config == null ? null : StreamsSettings.load(config);
        if (settings == null && (source.isTopic() || target.publish)) {
            throw new ParameterException(spec.commandLine(), "--topic and --publish need --config FILE");
        }
        if (settings == null && labels.isTopic()) {
            throw new ParameterException(spec.commandLine(), "--labels topic needs --config FILE");
        }
        if (target.file != null) {
            Destination.check(target.file);
        }
        if (report != null) {
            Destination.check(report);
        }
        if (target.publish && settings != null) {
            if (key != null) {
                Trust.signingKey(key);
            }
            Publisher.open(settings).close(); // what took an hour to learn must not be lost to a wrong address
        }
        checkCheckpoint();
        long begin = from == null ? Long.MIN_VALUE : from, end = to == null ? Long.MAX_VALUE : to;
        LabelledTimes wrong = labels.load(settings);
        List<Series> found = between(source.load(interval, settings, training.covariates(), begin, end), begin, end);
        Duration step = interval == null ? Interval.of(found) : interval;
        List<Series> series = wrong.leftOutOf(found, step.toMillis());
        String data = tellLabels(wrong, found);
        TrainingPlan asked = training.plan(step, series);
        tellGrid(asked.features());
        TrainingPlan plan = tune == null ? asked : Tuning.tune(asked, tune, series, this::tell);
        tellCost(plan);
        Trained trained = train(plan, series);
        Model record = TrainedModels.record(trained, modelId, 1, 0, data);
        Published published = null;
        if (target.file != null) {
            ModelFile.write(target.file, record);
        }
        if (target.publish && settings != null) {
            try (Publisher publisher = Publisher.open(settings)) {
                published = publication().publish(publisher, trained, record, series, now -> true);
                record = published.record();
            }
        }
        answer(trained, published);
        if (report != null) {
            TrainingPage.of(record, record.getReport()).write(report);
            output.say("Wrote %s.", report);
        }
        end(trained, record, published);
        return 0;
    }

    private void checkCheckpoint() throws IOException {
        if (checkpoint == null) {
            if (resume) {
                throw new ParameterException(spec.commandLine(), "--resume needs --checkpoint FILE");
            }
            return;
        }
        if (tune != null) {
            throw new ParameterException(spec.commandLine(),
                    "--checkpoint keeps one training, and --tune makes several; choose one of them");
        }
        Destination.check(checkpoint);
        if (!resume && Files.exists(checkpoint)) {
            throw new IOException(checkpoint + ": is there already; go on with it by --resume, or remove it");
        }
    }

    private List<Series> between(List<Series> series, long begin, long end) {
        List<Series> some = series.stream().map(each -> each.between(begin, end)).filter(each -> each.length() > 0)
                .toList();
        if (some.isEmpty()) {
            Range range = Range.of(series);
            throw new IllegalArgumentException(String.format(Locale.ROOT,
                    "%s: nothing lies between --from and --to; the data goes from %s to %s", source.name(),
                    Instant.ofEpochMilli(range.from()), Instant.ofEpochMilli(range.to())));
        }
        return some;
    }

    /// @return what is learned from, in words
    private String tellLabels(LabelledTimes wrong, List<Series> found) {
        if (!labels.isGiven()) {
            return source.name();
        }
        long within = wrong.within(found);
        output.say("%,d of %,d labelled anomalies lie in the data and are not learned.", within,
                wrong.anomalies().size());
        return source.name() + " without " + within + " labelled anomalies";
    }

    /// What was found must not go unseen.
    private void tellGrid(FeatureSpec features) {
        List<String> seasons = features.seasons().stream().map(String::valueOf).toList();
        output.say("Steps of %s, %s.", Spans.text(Duration.ofMillis(features.intervalMillis())), seasons.isEmpty()
                ? "no season"
                : "seasons of " + String.join(" and ", seasons) + " steps");
    }

    private void tell(int round, int rounds, Trial trial) {
        List<RecurrentLayer> layers = trial.plan().architecture().layers();
        output.say(
                "Round %d of %d, %.0f s: %d x %d units, learning rate %s, dropout %s: loss %.6g on what is held out.",
                round, rounds, trial.plan().limits().maxTime().toMillis() / 1000.0, layers.size(),
                layers.getFirst().units(), trial.plan().optimiser().learningRate(), trial.plan().dropout().rate(),
                trial.heldOut());
    }

    private void tellCost(TrainingPlan plan) {
        if (!plan.architecture().streams()) {
            int window = plan.features().warmUp();
            output.say("A bidirectional network has no step: at each event it runs over the last %d steps, %d times the"
                    + " arithmetic, and learns from windows of which only the last step is judged.", window, window);
        }
    }

    private Trained train(TrainingPlan plan, List<Series> series) throws IOException {
        try (Progress progress = output.progress("Training", "", 100)) {
            return Trainer.train(plan, series, (update, done, loss) -> {
                progress.note(String.format(Locale.ROOT, "update %d, loss %.4f", update, loss));
                progress.to(Math.round(100 * done));
            }, new Checkpoints(checkpoint, resume));
        }
    }

    private GatedPublication publication() throws IOException {
        return new GatedPublication(gate.gate(), key == null ? null : Trust.signingKey(key), state.state(),
                state.share(), "gatecast train");
    }

    private void answer(Trained trained, @Nullable Published published) {
        Validation score = trained.validation();
        output.say("Learned %s from %,d steps of %,d series.", modelId, trained.observations(), trained.series());
        output.say("Loss %.4g at first, %.4g at last, over %,d updates.", trained.firstLoss(), trained.loss(),
                trained.updates());
        if (score.targets() > 0) {
            output.say("On the last %d steps of each, which were held out: MASE %.3f, seasonal naive %.3f.",
                    score.lastSteps(), score.mase(), score.seasonalNaiveMase());
        }
        if (trained.gradients().clipped() > 0) {
            output.say("%,d of %,d gradients were longer than allowed and were shortened, the longest %.3g.",
                    trained.gradients().clipped(), trained.updates(), trained.gradients().largest());
        }
        if (target.file != null) {
            output.say("Wrote %s. Next: gatecast forecast --model %s --data FILE --output OUT.csv", target.file,
                    target.file);
        }
        if (published != null) {
            output.say(published.state() == State.CHAMPION
                    ? "Published %s/%d; it counts from %s."
                    : "Published %s/%d as %4$s, from %3$s.", modelId, published.record().getVersion(),
                    ModelsCommand.moment(published.record().getEffectiveFrom()), published.state());
            output.say("  %s", published.why());
        }
    }

    private void end(Trained trained, Model record, @Nullable Published published) {
        Validation score = trained.validation();
        output.result(new Result(modelId, record.getVersion(), target.file == null ? null : target.file.toString(),
                trained.series(), trained.observations(), trained.updates(), trained.took().toMillis() / 1000.0,
                trained.firstLoss(), trained.loss(), trained.gradients().clipped(), TrainedModels.known(score.mase()),
                TrainedModels.known(score.seasonalNaiveMase()), published == null ? null : published.state().name()));
    }
}
