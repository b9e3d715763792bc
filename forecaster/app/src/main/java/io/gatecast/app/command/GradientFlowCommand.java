package io.gatecast.app.command;

import io.gatecast.app.command.mixin.CellKinds;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.page.Page;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.training.diagnose.GradientFlow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How far a gradient reaches back through each cell.
@Command(name = "gradient-flow", mixinStandardHelpOptions = true, sortOptions = false, description = "Show how the gradient of the last hidden state by earlier states shrinks or grows with distance.")
final class GradientFlowCommand implements Callable<Integer> {
    @Option(names = "--cells", split = ",", defaultValue = "rnn,lstm,gru", paramLabel = "CELL", converter = CellKinds.class, completionCandidates = CellKinds.class, description = "Of ${COMPLETION-CANDIDATES}; those without a grid (default: ${DEFAULT-VALUE}).")
    private List<CellKind> cells;

    @Option(names = "--length", defaultValue = "200", paramLabel = "STEPS", description = "Steps to go back (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(names = "--hidden", defaultValue = "64", paramLabel = "UNITS", description = "Size of the hidden state (default: ${DEFAULT-VALUE}).")
    private int units;

    @Option(names = "--gain", defaultValue = "1", paramLabel = "FACTOR", description = "Multiply the recurrent matrices, orthogonal at first: at 1.5 the gradient of an rnn explodes (default: ${DEFAULT-VALUE}).")
    private double gain;

    @Option(names = "--forget-bias", defaultValue = "1", paramLabel = "BIAS", description = "Bias of the forget gates: the larger, the longer a cell keeps (default: ${DEFAULT-VALUE}).")
    private double forgetBias;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Fixes weights and inputs (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--output", paramLabel = "OUT.html", description = "Write the plot as a page for a browser.")
    private @Nullable Path page;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The norms of one derivative.
    record Line(String name, double[] norms) {}

    /// The answer to a program: norms for k = 0, 1, ..., length.
    record Result(int length, int hidden, double gain, double forgetBias, long seed, List<Line> lines) {}

    @Override
    public Integer call() throws IOException {
        if (page != null) {
            Destination.check(page);
        }
        List<Line> lines = Chosen.of("--cells", cells).stream().map(
                cell -> GradientFlow.of(new GradientFlow.Setting(cell, units, length, gain, forgetBias, seed)))
                .flatMap(GradientFlowCommand::lines).toList();
        tell(lines);
        if (page != null) {
            page(lines).write(page);
            output.say("Wrote %s.", page);
        }
        output.result(new Result(length, units, gain, forgetBias, seed, lines));
        return 0;
    }

    private static Stream<Line> lines(GradientFlow flow) {
        Line hidden = new Line(flow.cell().label(), flow.byHidden());
        return flow.byCell() == null
                ? Stream.of(hidden)
                : Stream.of(hidden, new Line(flow.cell().label() + ", cell state", flow.byCell()));
    }

    private void tell(List<Line> lines) {
        output.say("Norm of d h_T / d h_(T-k), of the cell state d h_T / d c_(T-k): %d units, fresh weights.", units);
        StringBuilder header = new StringBuilder("%6s".formatted("k"));
        lines.forEach(line -> header.append("%20s".formatted(line.name)));
        output.say("%s", header);
        for (int k : distances()) {
            StringBuilder row = new StringBuilder("%6d".formatted(k));
            lines.forEach(line -> row.append(String.format(Locale.ROOT, "%20s", number(line.norms[k]))));
            output.say("%s", row);
        }
    }

    /// 0, then 1, 2, 5, 10, 20, 50, ... and the last.
    private int[] distances() {
        return IntStream.concat(IntStream.concat(IntStream.of(0), IntStream.iterate(1, k -> k < length, k -> k * 10)
                .flatMap(k -> IntStream.of(k, 2 * k, 5 * k)).filter(k -> k < length)), IntStream.of(length)).toArray();
    }

    private static String number(double norm) {
        return String.format(Locale.ROOT, "%.2e", norm);
    }

    private Page page(List<Line> lines) {
        double[] k = IntStream.rangeClosed(0, length).asDoubleStream().toArray();
        List<String> header = new ArrayList<>(List.of("k"));
        lines.forEach(line -> header.add(line.name));
        List<List<String>> rows = IntStream.of(distances()).mapToObj(distance -> Stream
                .concat(Stream.of(String.valueOf(distance)), lines.stream().map(line -> number(line.norms[distance])))
                .toList()).toList();
        return new Page("How far a gradient reaches back", List.of(
                "How much the last hidden state still moves with what the cell held k steps before: the spectral norm of the"
                        + " derivative, on a logarithmic scale. A straight fall is a gradient that vanishes, a straight"
                        + " rise one that explodes; learning over k steps needs one that does neither."
                        + " This is before training: gates can learn to stay open, which `gatecast diagnose long-memory`"
                        + " shows.",
                String.format(Locale.ROOT,
                        "%d units, fresh weights (seed %d), recurrent matrices orthogonal times %.3g, forget bias %.3g.",
                        units, seed, gain, forgetBias)),
                List.of(new Page.Chart("Norm by distance", "k, steps back", "norm", true, k,
                        lines.stream().map(line -> new Page.Line(line.name, line.norms)).toList())),
                List.of(new Page.Table("The same in numbers", header, rows)));
    }
}
