package io.gatecast.benchmarks.pipeline;

import io.gatecast.app.command.mixin.OutputOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Fails where something has become much slower beside what it is held against in the same run. No time by itself is looked
/// at: machines differ, and neighbours come and go.
@Command(name = "guard", mixinStandardHelpOptions = true, description = "Hold events/s against the same topology without a model, and SIMD against plain loops; exit 1 where a ratio has fallen below a wide bound.")
public final class GuardCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int KEYS = 200;
    private static final int HIDDEN = 64;
    private static final long COMMIT_MILLIS = 1000;

    @Option(names = "--least-speed", paramLabel = "R", defaultValue = "0.2", description = "Least events/s, of those without a model (default: ${DEFAULT-VALUE}).")
    private double leastSpeed;

    @Option(names = "--least-simd", paramLabel = "R", defaultValue = "1.2", description = "How many times as fast a step by SIMD has to be (default: ${DEFAULT-VALUE}).")
    private double leastSimd;

    @Option(names = "--rounds", paramLabel = "R", defaultValue = "3", description = "Of each, in turn; the best counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--events", paramLabel = "N", defaultValue = "60000", description = "Observations in a round, after twice as many to warm up (default: ${DEFAULT-VALUE}).")
    private int events;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Answer(double speed, double simd, boolean holds) {}

    @Override
    public Integer call() throws IOException {
        double simd = simd(), speed = speed();
        boolean holds = simd >= leastSimd && speed >= leastSpeed;
        output.say(
                "SIMD: %.1f times plain loops (at least %.1f); events/s: %.2f of the same topology without a model (at"
                        + " least %.2f): %s.",
                simd, leastSimd, speed, leastSpeed, holds ? "holds" : "does not hold");
        output.result(new Answer(speed, simd, holds));
        return holds ? 0 : FAILED;
    }

    /// A busy neighbour makes any of them slow, none fast.
    private double speed() throws IOException {
        PipelinePlan plan = new PipelinePlan(new Load(KEYS, 2 * events, events, HIDDEN, 1), 1, "exactly_once_v2",
                COMMIT_MILLIS, Map.of());
        List<Double> without = new ArrayList<>(), ours = new ArrayList<>();
        try (Ground ground = Ground.prepare(plan)) {
            for (int round = 0; round < rounds; round++) {
                without.add(ground.run(Way.NO_MODEL, List.of()).seconds());
                ours.add(ground.run(Way.OURS, List.of()).seconds());
            }
        }
        return Collections.min(without) / Collections.min(ours);
    }

    private double simd() throws IOException {
        List<Double> plain = new ArrayList<>(), vector = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            plain.add(step("-Dgatecast.lanes=1"));
            vector.add(step("-Xmx256m"));
        }
        return Collections.min(plain) / Collections.min(vector);
    }

    /// @param flag of the JVM that takes the steps
    private static double step(String flag) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", flag, "-cp",
                System.getProperty("java.class.path"), StepTimer.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String answer = process.inputReader().readLine();
        if (answer == null) {
            throw new IOException("a step cannot be timed: its JVM said nothing");
        }
        return Double.parseDouble(answer);
    }
}
