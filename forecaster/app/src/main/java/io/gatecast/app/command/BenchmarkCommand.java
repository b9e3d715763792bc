package io.gatecast.app.command;

import io.gatecast.app.command.mixin.BenchmarkNames;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.progress.Progress;
import io.gatecast.training.benchmark.Benchmark;
import io.gatecast.training.benchmark.Benchmark.Row;
import io.gatecast.training.exchange.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints the table of how good the forecasts are, as it stands in the README.
@Command(name = "benchmark", mixinStandardHelpOptions = true, description = "Learn and judge public data sets by known protocols, and print the figures as a Markdown table. A setting is trained for so many passes, so the figures are the same on any machine.")
public final class BenchmarkCommand implements Callable<Integer> {
    @Option(names = "--data", required = true, paramLabel = "FOLDER", description = "Folder that holds the public files: m4/Hourly-train.csv and Hourly-test.csv, ett/ETTh1.csv, pjm/ZONE.csv, beijing/STATION.csv, exchange_rate/exchange_rate.csv.")
    private Path folder;

    @Option(names = "--only", split = ",", paramLabel = "NAMES", converter = BenchmarkNames.class, completionCandidates = BenchmarkNames.class, description = "Some of ${COMPLETION-CANDIDATES} (default: all).")
    private List<Benchmark> only = List.of(Benchmark.values());

    @Option(names = "--output", paramLabel = "OUT.md", description = "Write the table to a file, too.")
    private @Nullable Path file;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Answer(List<Row> rows) {}

    @Override
    public Integer call() throws IOException {
        if (file != null) {
            Destination.check(file);
        }
        List<Row> rows = new ArrayList<>();
        for (Benchmark benchmark : only) {
            rows.addAll(run(benchmark));
        }
        String table = table(rows);
        output.say("%s", table);
        if (file != null) {
            WholeFile.write(file, out -> out.write(table.getBytes(StandardCharsets.UTF_8)));
            output.say("Wrote %s.", file);
        }
        output.result(new Answer(rows));
        return 0;
    }

    private List<Row> run(Benchmark benchmark) throws IOException {
        try (Progress progress = output.progress(benchmark.label(), "", 100)) {
            return benchmark.run(folder, done -> progress.to(Math.round(100 * done)));
        }
    }

    private static String table(List<Row> rows) {
        StringBuilder table = new StringBuilder();
        table.append("| data | measure | figure | to reach |\n|---|---|---|---|\n");
        for (Row row : rows) {
            table.append("| ").append(row.data()).append(" | ").append(row.measure()).append(" | ")
                    .append(row.figure()).append(" | ").append(row.goal()).append(" |\n");
        }
        return table.append("\n").append(LocalDate.now(ZoneOffset.UTC)).append(", ")
                .append(Runtime.getRuntime().availableProcessors()).append(" cores, ")
                .append(System.getProperty("os.arch")).append(", Java ").append(Runtime.version().feature())
                .append("\n").toString();
    }
}
