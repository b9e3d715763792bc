package io.gatecast.benchmarks.pipeline;

import io.gatecast.app.command.mixin.OutputOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How long it takes from the command to the first forecast.
@Command(name = "start", mixinStandardHelpOptions = true, description = "Start a broker, then `gatecast run` again and again as an application that was never there before, and print the seconds until a consumer of what is committed has its first forecast. Its observation is there already. Half of the starts take what Java learned of a start before, as the image's do.")
public final class StartCommand implements Callable<Integer> {
    private static final int HIDDEN = 64;

    @Option(names = "--rounds", paramLabel = "R", defaultValue = "5", description = "Starts of each kind (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private CommitOptions commit = new CommitOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// Seconds of all starts of a kind.
    record Starts(double median, double least, double most) {
        static Starts of(List<Double> seconds) {
            List<Double> sorted = seconds.stream().sorted().toList();
            return new Starts(sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f s (%.2f to %.2f)", median, least, most);
        }
    }

    /// The answer to a program.
    record Answer(Starts withoutCache, Starts withCache) {}

    @Override
    public Integer call() throws IOException {
        List<Double> without = new ArrayList<>(), with = new ArrayList<>();
        PipelinePlan plan = new PipelinePlan(new Load(1, 1, 0, HIDDEN, 1), 1, commit.guarantee(), commit.millis(),
                Map.of());
        try (Ground ground = Ground.prepare(plan)) {
            Path cache = ground.aheadOfTimeCache();
            for (int round = 0; round < rounds; round++) {
                without.add(ground.secondsToFirst(List.of()));
                with.add(ground.secondsToFirst(List.of("-XX:AOTCache=" + cache)));
            }
        }
        Answer answer = new Answer(Starts.of(without), Starts.of(with));
        output.say(
                "From `gatecast run` to its first forecast, medians of %d starts: %s; with an ahead-of-time cache %s.",
                rounds, answer.withoutCache, answer.withCache);
        output.result(answer);
        return 0;
    }
}
