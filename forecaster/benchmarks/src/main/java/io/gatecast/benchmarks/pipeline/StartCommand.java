package io.gatecast.benchmarks.pipeline;

import io.gatecast.app.command.mixin.OutputOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How long it takes from the command to the first forecast.
@Command(name = "start", mixinStandardHelpOptions = true, description = "Start a broker, then `gatecast run` again and again as an application that was never there before, and print the seconds until a consumer of what is committed has its first forecast. Its observation is there already.")
public final class StartCommand implements Callable<Integer> {
    private static final int HIDDEN = 64;

    @Option(names = "--rounds", paramLabel = "R", defaultValue = "7", description = "Starts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--guarantee", paramLabel = "G", defaultValue = "exactly_once_v2", description = "exactly_once_v2 or at_least_once (default: ${DEFAULT-VALUE}).")
    private String guarantee;

    @Option(names = "--commit-interval", paramLabel = "MS", defaultValue = "1000", description = "Milliseconds between commits (default: ${DEFAULT-VALUE}).")
    private long commitMillis;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Answer(double median, double least, double most) {}

    @Override
    public Integer call() throws IOException {
        List<Double> seconds = new ArrayList<>();
        PipelinePlan plan = new PipelinePlan(new Load(1, 1, 0, HIDDEN, 1), 1, guarantee, commitMillis, Map.of());
        try (Ground ground = Ground.prepare(plan)) {
            for (int round = 0; round < rounds; round++) {
                seconds.add(ground.secondsToFirst());
            }
        }
        Collections.sort(seconds);
        Answer answer = new Answer(seconds.get(rounds / 2), seconds.getFirst(), seconds.getLast());
        output.say("From `gatecast run` to its first forecast: %.2f s, the median of %d starts, %.2f to %.2f s.",
                answer.median, rounds, answer.least, answer.most);
        output.result(answer);
        return 0;
    }
}
