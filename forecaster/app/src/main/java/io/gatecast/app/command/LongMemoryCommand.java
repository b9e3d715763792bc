package io.gatecast.app.command;

import io.gatecast.app.command.mixin.CellKinds;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.page.Page;
import io.gatecast.app.progress.Progress;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.training.diagnose.AddingProblem;
import io.gatecast.training.diagnose.AddingProblem.Result;
import io.gatecast.training.diagnose.AddingProblem.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What each cell learns over long gaps.
@Command(name = "long-memory", mixinStandardHelpOptions = true, sortOptions = false, description = "Train each cell on the adding problem: the sum of two numbers that were marked long ago.")
final class LongMemoryCommand implements Callable<Integer> {
    @Option(names = "--cells", split = ",", defaultValue = "rnn,gru,lstm", paramLabel = "CELL", converter = CellKinds.class, completionCandidates = CellKinds.class, description = "Of ${COMPLETION-CANDIDATES}; those without a grid (default: ${DEFAULT-VALUE}).")
    private List<CellKind> cells;

    @Option(names = "--lengths", split = ",", defaultValue = "50,100,200,400", paramLabel = "STEPS", description = "Lengths of the sequences (default: ${DEFAULT-VALUE}).")
    private List<Integer> lengths;

    @Option(names = "--hidden", defaultValue = "64", paramLabel = "UNITS", description = "Size of the hidden state (default: ${DEFAULT-VALUE}).")
    private int units;

    @Option(names = "--updates", defaultValue = "6000", paramLabel = "N", description = "Most updates to a run; one that is done ends before (default: ${DEFAULT-VALUE}).")
    private int updates;

    @Option(names = "--batch", defaultValue = "32", paramLabel = "N", description = "Sequences to an update (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--learning-rate", defaultValue = "0.003", paramLabel = "RATE", description = "Of Adam (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--clip", defaultValue = "1", paramLabel = "NORM", description = "Longest gradient (default: ${DEFAULT-VALUE}).")
    private double clip;

    @Option(names = "--forget-bias", defaultValue = "1", paramLabel = "BIAS", description = "Bias that the forget gates start with: the larger, the longer a cell keeps at first (default: ${DEFAULT-VALUE}).")
    private double forgetBias;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Fixes weights and sequences (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--output", paramLabel = "OUT.html", description = "Write the table and a plot as a page for a browser.")
    private @Nullable Path page;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// One run, for a program.
    ///
    /// @param error null if the gradient exploded
    record Run(String cell, int length, @Nullable Double error, boolean solved, int updates, int clipped) {
        static Run of(Result result) {
            return new Run(result.setting().cell().label(), result.setting().length(),
                    result.diverged() ? null : result.error(), result.solved(), result.updates(), result.clipped());
        }
    }

    /// The answer to a program.
    record Answer(double withoutMemory, List<Run> runs) {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (page != null) {
            Destination.check(page);
        }
        cells = Chosen.of("--cells", cells);
        lengths = Chosen.of("--lengths", lengths).stream().sorted().toList();
        List<Setting> settings = lengths.stream()
                .flatMap(length -> cells.stream()
                        .map(cell -> new Setting(cell, units, length, batch, updates, rate, clip, forgetBias, seed)))
                .toList();
        List<Result> results = solve(settings);
        output.say("Mean squared error on the adding problem; always saying 1 gives %.4f. In brackets, updates taken.",
                AddingProblem.WITHOUT_MEMORY);
        for (List<String> row : table(results)) {
            StringBuilder line = new StringBuilder("%8s".formatted(row.getFirst()));
            row.subList(1, row.size()).forEach(cell -> line.append("%20s".formatted(cell)));
            output.say("%s", line);
        }
        if (page != null) {
            page(results).write(page);
            output.say("Wrote %s.", page);
        }
        output.result(new Answer(AddingProblem.WITHOUT_MEMORY, results.stream().map(Run::of).toList()));
        return 0;
    }

    /// One run to a processor, the longest first, so that none of them is waited for at the end.
    private List<Result> solve(List<Setting> settings) throws InterruptedException, ExecutionException {
        try (Progress progress = output.progress("Learning", "", 100);
                ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            try {
                return await(submitted(settings, threads, progress));
            } catch (ExecutionException | InterruptedException e) {
                threads.shutdownNow(); // the others need not end in vain
                throw e;
            }
        }
    }

    private static List<Result> await(List<Future<Result>> runs) throws InterruptedException, ExecutionException {
        List<Result> results = new ArrayList<>();
        for (Future<Result> run : runs) {
            results.add(run.get());
        }
        return results;
    }

    private List<Future<Result>> submitted(List<Setting> settings, ExecutorService threads, Progress progress) {
        long steps = settings.stream().mapToLong(setting -> (long) setting.length() * updates).sum();
        AtomicLong done = new AtomicLong();
        List<Future<Result>> runs = new ArrayList<>();
        for (Setting setting : settings.reversed()) {
            runs.addFirst(threads.submit(() -> {
                Result result = AddingProblem.solve(setting, update -> tick(progress, done, setting, steps));
                done.addAndGet((long) setting.length() * (updates - result.updates()));
                return result;
            }));
        }
        return runs;
    }

    private static void tick(Progress progress, AtomicLong done, Setting setting, long steps) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException();
        }
        long now = done.addAndGet(setting.length());
        synchronized (progress) {
            progress.to(100 * now / steps);
        }
    }

    /// A row a length, a column a cell, the header first.
    private List<List<String>> table(List<Result> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(Stream.of("steps"), cells.stream().map(CellKind::label)).toList());
        for (int i = 0; i < lengths.size(); i++) {
            List<Result> row = results.subList(i * cells.size(), (i + 1) * cells.size());
            rows.add(Stream.concat(Stream.of(String.valueOf(lengths.get(i))), row.stream()
                    .map(LongMemoryCommand::entry)).toList());
        }
        return rows;
    }

    private static String entry(Result run) {
        String error = run.diverged() ? "exploded" : String.format(Locale.ROOT, "%.4f", run.error());
        return String.format(Locale.ROOT, "%s (%,d)", error, run.updates());
    }

    private Page page(List<Result> results) {
        List<List<String>> table = table(results);
        List<Page.Line> lines = new ArrayList<>();
        for (int c = 0; c < cells.size(); c++) {
            double[] errors = new double[lengths.size()];
            for (int i = 0; i < errors.length; i++) {
                errors[i] = results.get(i * cells.size() + c).error();
            }
            lines.add(new Page.Line(cells.get(c).label(), errors));
        }
        return new Page("What is remembered over long gaps", List.of(
                "The adding problem: two of many numbers are marked, one in each half of the sequence, and their sum is"
                        + " asked for after the last. Always saying 1 has a mean squared error of 0.167; whoever does"
                        + " better has carried a number over half of the sequence and more.",
                String.format(Locale.ROOT,
                        "%d units, batches of %d, at most %,d updates at a learning rate of %s, seed %d.",
                        units, batch, updates, rate, seed)),
                List.of(new Page.Chart("Error by length", "steps", "mean squared error", true,
                        lengths.stream().mapToDouble(length -> length).toArray(), lines)),
                List.of(new Page.Table("The same in numbers; updates taken in brackets", table.getFirst(),
                        table.subList(1, table.size()))));
    }
}
