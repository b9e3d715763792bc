package io.gatecast.app.command;

import io.gatecast.app.command.mixin.DataOptions;
import io.gatecast.app.command.mixin.Durations;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.TrainingOptions;
import io.gatecast.app.model.TrainedModels;
import io.gatecast.app.progress.Progress;
import io.gatecast.streams.ModelFile;
import io.gatecast.training.Trainer;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.backtest.Score;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Learns a model from recorded series.
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, description = "Learn one model for all series of a file.")
public final class TrainCommand implements Callable<Integer> {
    @Mixin
    private DataOptions data = new DataOptions();

    @Option(names = "--interval", required = true, paramLabel = "TIME", converter = Durations.class, description = "Length of a step, as in 5m, 1h or 1d.")
    private Duration interval;

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(names = "--id", paramLabel = "NAME", defaultValue = "default", description = "The model's name (default: ${DEFAULT-VALUE}).")
    private String modelId;

    @Option(names = "--output", required = true, paramLabel = "MODEL.avro", description = "Where the model goes.")
    private Path file;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Result(String modelId, String file, int series, long observations, int updates, double seconds, double loss,
            @Nullable Double mase, @Nullable Double seasonalNaiveMase) {}

    @Override
    public Integer call() throws IOException {
        Destination.check(file);
        List<Series> series = data.load(interval);
        Trained trained = train(training.plan(interval, series.getFirst().channels()), series);
        ModelFile.write(file, TrainedModels.record(trained, modelId, 1, 0, data.name(), training.seed()));
        answer(trained);
        return 0;
    }

    private Trained train(TrainingPlan plan, List<Series> series) {
        try (Progress progress = output.progress("Training", "", 100)) {
            return Trainer.train(plan, series, (update, done, loss) -> {
                progress.note(String.format(Locale.ROOT, "update %d, loss %.4f", update, loss));
                progress.to(Math.round(100 * done));
            });
        }
    }

    private void answer(Trained trained) {
        Score score = trained.validation();
        output.say("Learned %s from %,d steps of %,d series.", modelId, trained.observations(), trained.series());
        output.say("On the last %d steps of each, which it has not seen: MASE %.3f, seasonal naive %.3f.",
                trained.features().horizon(), score.mase(), score.seasonalNaiveMase());
        output.say("Wrote %s. Next: gatecast forecast --model %s --data FILE --output OUT.csv", file, file);
        output.result(new Result(modelId, file.toString(), trained.series(), trained.observations(), trained.updates(),
                trained.took().toMillis() / 1000.0, trained.loss(), TrainedModels.known(score.mase()),
                TrainedModels.known(score.seasonalNaiveMase())));
    }
}
