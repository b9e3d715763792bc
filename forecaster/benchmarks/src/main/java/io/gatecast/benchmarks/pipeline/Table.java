package io.gatecast.benchmarks.pipeline;

import io.gatecast.benchmarks.pipeline.PipelineCommand.Answer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What was measured, as Markdown.
///
/// @param events    measured in each run
/// @param rounds    of which these are the medians
/// @param readings  of each way, one a round
/// @param latencies of each way, where they were measured
/// @param faults    why a way could not be run
/// @param profile   where the time went; empty where it was not asked for
record Table(int events, int rounds, Map<Way, List<Reading>> readings, Map<Way, Latency.Times> latencies,
        Map<Way, String> faults, String profile) {

    static double median(List<Reading> readings, ToDoubleFunction<Reading> of) {
        double[] sorted = readings.stream().mapToDouble(of).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private @Nullable Double speed(Way way) {
        List<Reading> of = readings.get(way);
        return of == null ? null : events / median(of, Reading::seconds);
    }

    Answer answer() {
        Map<Way, Reading> medians = new EnumMap<>(Way.class);
        Map<Way, Double> speeds = new EnumMap<>(Way.class);
        readings.forEach((way, of) -> {
            medians.put(way, medianOf(of));
            speeds.put(way, events / median(of, Reading::seconds));
        });
        return new Answer(medians, speeds);
    }

    private static Reading medianOf(List<Reading> of) {
        return new Reading(median(of, Reading::seconds), median(of, Reading::cpuMicros),
                median(of, Reading::brokerCpuMicros), median(of, Reading::allocated),
                median(of, Reading::changelogBytes), median(of, Reading::changelogRecords),
                median(of, Reading::changelogRecord), median(of, Reading::outputBytes),
                median(of, Reading::restoreSeconds), median(of, Reading::readSeconds),
                median(of, Reading::since));
    }

    String markdown(PipelinePlan plan) {
        StringBuilder text = new StringBuilder();
        text.append(plan.describe()).append("; medians of ").append(rounds).append(rounds == 1 ? " round" : " rounds")
                .append(". ").append(LocalDate.now(ZoneOffset.UTC)).append(", ").append(machine()).append(".\n\n");
        text.append("| way | events/s | of no model | of pass-through | CPU µs an event | no model's share of it |"
                + " the broker's |"
                + " heap bytes an event | changelog bytes an event | records | bytes a record | output bytes an event |"
                + " p50 / p99 ms | until the first event, s | a consumer reads the changelog, s |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (Way way : Way.values()) {
            List<Reading> of = readings.get(way);
            if (of != null) {
                text.append(row(way, medianOf(of)));
            } else if (faults.containsKey(way)) {
                text.append("| ").append(way.label()).append(" | not measured: ").append(faults.get(way))
                        .append(" |\n");
            }
        }
        return text.append(profile).toString();
    }

    private String row(Way way, Reading reading) {
        Latency.Times times = latencies.get(way);
        return String.format(Locale.ROOT,
                "| %s | %,.0f | %s | %s | %.1f | %s | %.1f | %,.0f | %,.0f | %.2f | %,.0f | %,.0f | %s | %.1f | %.1f |%n",
                way.label(), events / reading.seconds(), ratio(way, Way.NO_MODEL), ratio(way, Way.PASS_THROUGH),
                reading.cpuMicros(), cpuRatio(reading), reading.brokerCpuMicros(), reading.allocated(),
                reading.changelogBytes(),
                reading.changelogRecords(), reading.changelogRecord(), reading.outputBytes(),
                times == null ? "" : String.format(Locale.ROOT, "%.1f / %.1f", times.p50(), times.p99()),
                reading.restoreSeconds(), reading.readSeconds());
    }

    private String ratio(Way way, Way to) {
        Double mine = speed(way), other = speed(to);
        return mine == null || other == null ? "" : String.format(Locale.ROOT, "%.2f", mine / other);
    }

    /// Processor time says more than the clock where neighbours take processors away.
    private String cpuRatio(Reading reading) {
        List<Reading> without = readings.get(Way.NO_MODEL);
        return without == null
                ? ""
                : String.format(Locale.ROOT, "%.2f", median(without, Reading::cpuMicros) / reading.cpuMicros());
    }

    private static String machine() {
        return String.format(Locale.ROOT, "%d cores, %s, Java %s, load %.1f",
                Runtime.getRuntime().availableProcessors(), processor(), Runtime.version().feature(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2)).findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException elsewhere) {
            return System.getProperty("os.arch"); // no Linux
        }
    }
}
