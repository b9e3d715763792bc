package io.gatecast.benchmarks.pipeline;

import io.gatecast.app.command.mixin.OutputOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints what the whole pipeline costs, and what it would cost without a model and with other engines.
@Command(name = "pipeline", mixinStandardHelpOptions = true, sortOptions = false, description = "Start a broker and the application as processes of their own, take the same observations in several ways in turn, and print events/s, processor time, bytes and latency as a Markdown table. Medians of the rounds; on a busy machine only the ratios mean something.")
public final class PipelineCommand implements Callable<Integer> {
    @Option(names = "--events", paramLabel = "N", defaultValue = "300000", description = "Observations measured in each run (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(names = "--warm", paramLabel = "N", defaultValue = "300000", description = "Observations before these, while the JVM compiles (default: ${DEFAULT-VALUE}).")
    private int warm;

    @Option(names = "--keys", paramLabel = "K", defaultValue = "1000", description = "Series, each with a full window from the start (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--hidden", paramLabel = "H", defaultValue = "64", description = "Units of an LSTM layer (default: ${DEFAULT-VALUE}).")
    private int hidden;

    @Option(names = "--layers", paramLabel = "L", defaultValue = "1", description = "LSTM layers (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--threads", paramLabel = "T", defaultValue = "1", description = "Threads of the application (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Mixin
    private CommitOptions commit = new CommitOptions();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the instance, Kafka's own or Gatecast's, such as producer.linger.ms=100; again for more.")
    private Map<String, String> more = Map.of();

    @Option(names = "--rounds", paramLabel = "R", defaultValue = "3", description = "Rounds, each of all ways in turn (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--ways", split = ",", paramLabel = "WAYS", description = "Some of ${COMPLETION-CANDIDATES} (default: all).")
    private List<Way> ways = List.of(Way.values());

    @Option(names = "--latency", paramLabel = "S", defaultValue = "0", description = "Measure latency, too, for so many seconds a way, at half of the throughput found for it and after 30 s at that pace; 0 = do not (default: ${DEFAULT-VALUE}).")
    private int latencySeconds;

    @Option(names = "--rate", paramLabel = "N", description = "Events a second where latency is measured (default: half of the throughput found for the way; load generator and consumer take part of the same cores).")
    private @Nullable Double eventsPerSecond;

    @Option(names = "--sweep", description = "Also vary keys, units, layers, threads, guarantee and commit interval, one at a time; with the ways NO_MODEL and OURS.")
    private boolean sweep;

    @Option(names = "--profile", description = "Also run OURS once with a flight recording, and print where its processor time goes.")
    private boolean profile;

    @Option(names = "--output", paramLabel = "OUT.md", description = "Write the tables to a file, too.")
    private @Nullable Path file;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program: medians by way.
    record Answer(Map<Way, Reading> readings, Map<Way, Double> eventsPerSecond) {}

    @Override
    public Integer call() throws IOException {
        StringBuilder page = new StringBuilder();
        PipelinePlan plan = plan();
        Table table = measure(plan, ways, rounds, profile);
        add(page, table.markdown(plan));
        if (sweep) {
            for (PipelinePlan other : Sweep.around(plan)) {
                List<Way> both = List.of(Way.NO_MODEL, Way.OURS);
                add(page, measure(other, both, 1, false).markdown(other));
            }
        }
        if (file != null) {
            Files.writeString(file, page);
            output.say("Wrote %s.", file);
        }
        output.result(table.answer());
        return 0;
    }

    private void add(StringBuilder page, String text) {
        output.say("%s", text);
        page.append(text).append("\n");
    }

    private PipelinePlan plan() {
        return new PipelinePlan(new Load(keys, warm, events, hidden, layers), threads, commit.guarantee(),
                commit.millis(), more);
    }

    private Table measure(PipelinePlan plan, List<Way> compared, int times, boolean profiled) throws IOException {
        Map<Way, List<Reading>> readings = new EnumMap<>(Way.class);
        Map<Way, Latency.Times> latencies = new EnumMap<>(Way.class);
        Map<Way, String> faults = new EnumMap<>(Way.class);
        String where = "";
        try (Ground ground = Ground.prepare(plan)) {
            for (int round = 0; round < times; round++) {
                for (Way way : compared) {
                    if (!faults.containsKey(way)) {
                        measureOnce(ground, way, readings, faults);
                    }
                }
            }
            for (Way way : latencySeconds == 0 ? List.<Way>of() : compared) {
                List<Reading> of = readings.getOrDefault(way, List.of());
                if (!of.isEmpty()) {
                    double rate = eventsPerSecond == null
                            ? plan.load().events() / Table.median(of, Reading::seconds) / 2
                            : eventsPerSecond;
                    latencies.put(way, ground.latency(way, rate, latencySeconds));
                }
            }
            if (profiled) {
                where = Profile.of(ground);
            }
        }
        return new Table(plan.load().events(), times, readings, latencies, faults, where);
    }

    private void measureOnce(Ground ground, Way way, Map<Way, List<Reading>> readings, Map<Way, String> faults)
            throws IOException {
        try {
            Reading reading = ground.run(way, List.of());
            readings.computeIfAbsent(way, any -> new ArrayList<>()).add(reading);
            output.warn("%s: %.1f s", way.label(), reading.seconds());
        } catch (IOException e) {
            if (way != Way.ONNX_RUNTIME && way != Way.PYTORCH) {
                throw e;
            }
            faults.put(way, String.valueOf(e.getMessage()));
            output.warn("%s: %s", way.label(), faults.get(way));
        }
    }
}
