package io.gatecast.app.command;

import io.gatecast.app.command.mixin.Durations;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.sizing.Coefficients;
import io.gatecast.app.sizing.Load;
import io.gatecast.app.sizing.Sizing;
import io.gatecast.streams.Spans;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a fleet needs, before there is any of it.
@Command(name = "plan", mixinStandardHelpOptions = true, sortOptions = false, description = "Reckon partitions, instances, cores, memory, disk and traffic for a fleet, from what was measured.")
public final class PlanCommand implements Callable<Integer> {
    private static final Pattern COUNT = Pattern.compile("([0-9]{1,12})([kKMG]?)");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)/([0-9]*)(ms|s|m|h|d)");
    private static final double MIB = 1 << 20, GIB = 1 << 30;

    @Option(names = "--keys", required = true, paramLabel = "N", description = "Series, as in 10M or 50k.")
    private String keys;
    @Option(names = "--rate", required = true, paramLabel = "N/TIME", description = "Observations of each, as in 1/60s or 2/s.")
    private String rate;
    @Option(names = "--hidden", paramLabel = "UNITS", description = "Units of a layer (default: ${DEFAULT-VALUE}).")
    private int hidden = 64;
    @Option(names = "--layers", paramLabel = "N", description = "Layers (default: ${DEFAULT-VALUE}).")
    private int layers = 1;
    @Option(names = "--horizon", paramLabel = "STEPS", description = "Steps ahead (default: ${DEFAULT-VALUE}).")
    private int horizon = 24;
    @Option(names = "--quantiles", paramLabel = "N", description = "Of each step (default: ${DEFAULT-VALUE}).")
    private int quantiles = 5;
    @Option(names = "--season", paramLabel = "STEPS", description = "The longest season (default: ${DEFAULT-VALUE}).")
    private int season = 24;
    @Option(names = "--retention", paramLabel = "TIME", converter = Durations.class, description = "How long observations and forecasts are kept (default: 7d).")
    private @Nullable Duration retention;
    @Option(names = "--replication", paramLabel = "N", description = "Copies of each topic (default: ${DEFAULT-VALUE}).")
    private int replication = 3;
    @Option(names = "--standby", paramLabel = "N", description = "Copies of each state on other instances (default: ${DEFAULT-VALUE}).")
    private int standby = 1;
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        Sizing sizing = Sizing.of(new Load(count(keys), perSecond(rate), hidden, layers, horizon, quantiles, season,
                retention == null ? Duration.ofDays(7) : retention, replication, standby), Coefficients.measured());
        output.say("observations    %,14.0f a second", sizing.observationsPerSecond());
        output.say("cores           %,14.1f at %.0f %% of their time, brokers included; %.0f us an observation",
                sizing.cores(), 100 * Sizing.UTILISATION, 1e6 * sizing.coreSeconds());
        output.say("instances       %,14d of %d cores", sizing.instances(), Sizing.CORES_OF_ONE);
        output.say("partitions      %,14d", sizing.partitions());
        output.say("memory          %,14.1f GiB an instance", sizing.memoryBytes() / GIB);
        output.say("a state         %,14.0f bytes", sizing.stateBytes());
        output.say("disk            %,14.1f GiB an instance, standbys included", sizing.diskBytes() / GIB);
        output.say("changelog       %,14.1f GiB on all brokers", sizing.changelogBytes() / GIB);
        output.say("topics          %,14.1f GiB on all brokers", sizing.topicBytes() / GIB);
        output.say("into changelog  %,14.1f MiB a second at most", sizing.changelogTraffic() / MIB);
        output.say("forecasts       %,14.1f MiB a second", sizing.outputTraffic() / MIB);
        output.say("restore         %,14.0f s, of an instance whose disk was lost, without a standby",
                sizing.restoreSeconds());
        output.say("a year          %,14.0f core-hours", sizing.coreHours());
        output.result(sizing);
        return 0;
    }

    private static long count(String text) {
        Matcher count = COUNT.matcher(text.strip());
        if (!count.matches()) {
            throw new IllegalArgumentException("--keys: expected a number, as in 500000, 50k or 10M, found '" + text
                    + "'");
        }
        return Long.parseLong(count.group(1)) * switch (count.group(2)) {
            case "k", "K" -> 1_000L;
            case "M" -> 1_000_000L;
            case "G" -> 1_000_000_000L;
            default -> 1L;
        };
    }

    private static double perSecond(String text) {
        Matcher rate = RATE.matcher(text.strip());
        if (rate.matches()) {
            String length = (rate.group(2).isEmpty() ? "1" : rate.group(2)) + rate.group(3);
            Duration each = Spans.parse(length).orElse(Duration.ZERO);
            if (!each.isZero()) {
                return Double.parseDouble(rate.group(1)) * 1000 / each.toMillis();
            }
        }
        throw new IllegalArgumentException("--rate: expected observations of a series in a time, as in 1/60s or 2/s,"
                + " found '" + text + "'");
    }
}
