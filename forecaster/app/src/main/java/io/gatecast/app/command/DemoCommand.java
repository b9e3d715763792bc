package io.gatecast.app.command;

import io.gatecast.app.command.mixin.BundledDataNames;
import io.gatecast.app.command.mixin.Durations;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.demo.Demo;
import io.gatecast.app.demo.DemoPlan;
import io.gatecast.app.demo.DemoResult;
import io.gatecast.app.http.ApiServer;
import io.gatecast.app.http.HttpSettings;
import io.gatecast.training.data.BundledData;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows everything at work on real data, with nothing to install.
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false, description = "Watch real sensors being forecast: broker, training, topology and a model swap, with nothing to install.")
public final class DemoCommand implements Callable<Integer> {
    private static final int PERCENT = 100;
    private static final int DASHBOARD_PORT = 8080;

    @Option(names = "--dataset", paramLabel = "NAME", defaultValue = "chicago-l", converter = BundledDataNames.class, completionCandidates = BundledDataNames.class, description = "Bundled data: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private BundledData data;

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "60s", converter = Durations.class, description = "How long it takes, about, at least 20s (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Option(names = "--headless", description = "No dashboard, and do not write over lines, even on a terminal.")
    private boolean headless;

    @Option(names = "--port", paramLabel = "N", description = "Where the dashboard is on 127.0.0.1 (default: "
            + DASHBOARD_PORT + ", or any free port where that is taken).")
    private @Nullable Integer port;

    @Mixin
    private OutputOptions output = new OutputOptions();

    private static final Duration SHORTEST = Duration.ofSeconds(20);

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (duration.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("--duration: expected at least " + SHORTEST.toSeconds()
                    + "s, since two models are trained meanwhile, found " + duration.toSeconds() + "s");
        }
        boolean terminal = !headless && System.console() != null && System.console().isTerminal();
        Interruption stop = new Interruption(Thread.currentThread());
        try (stop; @Nullable
        ApiServer server = headless ? null : serve()) {
            try {
                Demo demo = new Demo(DemoPlan.of(data, duration), output, terminal, server);
                demo.run(result -> {
                    tell(result);
                    output.result(result);
                });
            } catch (IOException | InterruptedException | RuntimeException e) {
                if (!stop.requested()) {
                    throw e;
                }
                output.say("Stopped; nothing is left behind.");
            }
        }
        return 0;
    }

    private ApiServer serve() throws IOException {
        ApiServer server = port == null ? serveSomewhere() : ApiServer.start(HttpSettings.loopback(port));
        output.say("Dashboard: http://%s", server.address());
        return server;
    }

    private static ApiServer serveSomewhere() throws IOException {
        try {
            return ApiServer.start(HttpSettings.loopback(DASHBOARD_PORT));
        } catch (IOException taken) {
            return ApiServer.start(HttpSettings.loopback(HttpSettings.ANY_PORT));
        }
    }

    private void tell(DemoResult result) {
        output.say("");
        row("observations in", "%,d", result.sent());
        row("accepted", "%,d", result.accepted());
        row("forecasts out", "%,d of %d steps, %d %% interval", result.forecasts(), data.horizon(),
                Math.round(PERCENT * result.statedCoverage()));
        row("replayed a second", "%,.0f, as fast as the demo wanted them", result.eventsPerSecond());
        row("swaps without a stop", "%d", result.swaps());
        row("anomaly episodes", "%,d", result.episodes());
        output.say("");
        output.say("  %-22s %10s %15s %10s", "", "MASE", "seasonal naive", "coverage");
        part("before the swap", result.before());
        part("after the swap", result.after());
        part("  had model 1 stayed", result.hadItStayed());
        part("all",
                new DemoResult.Part(0, result.mase(), result.seasonalNaiveMase(), result.coverage()));
        output.say("");
        output.say("The next step: %s than the last value, %s than seasonal naive.",
                better(result.skillOverLastValue()),
                better(result.skillOverSeasonalNaive()));
        output.say("MASE: error in units of the series' own seasonal difference; lower is better.");
        output.say("Next: gatecast train --help (your own CSV file), gatecast run --help (your own Kafka),");
        output.say("      gatecast demo --dataset wireless-sensors, and README.md.");
    }

    private void row(String name, String format, Object... arguments) {
        output.say("  %-22s %s", name, String.format(Locale.ROOT, format, arguments));
    }

    private void part(String name, DemoResult.Part part) {
        output.say("  %-22s %10s %15s %10s", name, figure(part.mase(), 1, "%.3f"),
                figure(part.seasonalNaiveMase(), 1, "%.3f"), figure(part.coverage(), PERCENT, "%.1f %%"));
    }

    private static String better(@Nullable Double skill) {
        return skill == null
                ? "not known whether better"
                : figure(Math.abs(skill), PERCENT, "%.0f %%") + (skill < 0 ? " worse" : " better");
    }

    private static String figure(@Nullable Double value, int factor, String format) {
        return value == null ? "-" : String.format(Locale.ROOT, format, factor * value);
    }
}
