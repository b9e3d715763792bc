package io.gatecast.app.command;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.network.BareRun;
import io.gatecast.network.BareRun.LayerRun;
import io.gatecast.network.Network;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs a bare network over a sequence of input vectors.
@Command(name = "eval", mixinStandardHelpOptions = true, sortOptions = false, description = "Run a model's bare network over rows of input vectors, to hold it against the tool it came from.")
final class EvalCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "MODEL.avro", description = "As train or models import wrote it.")
    private Path modelFile;

    @Option(names = "--inputs", required = true, paramLabel = "X.csv", description = "A row a step, a number an input; a first row of names is passed over.")
    private Path inputs;

    @Option(names = "--output", required = true, paramLabel = "Y.csv", description = "A row a step: what the head projects (y1, ...), then each layer's hidden and cell state after the step (layer0.h1, ..., layer0.c1, ...). The last row has the last states; of a direction that reads from the end, the first row.")
    private Path target;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Result(int steps, int inputs, int outputs, String file) {}

    /// Columns of the answer: those of one array.
    private record Block(String name, float[] values, int from, int count, int stride) {
        void addNames(List<String> header) {
            for (int j = 1; j <= count; j++) {
                header.add(name + j);
            }
        }

        void addRow(int step, List<String> row) {
            for (int j = 0; j < count; j++) {
                row.add(Float.toString(values[step * stride + from + j]));
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        Destination.check(target);
        Network network = ModelRecords.toNetwork(ModelFile.read(modelFile), modelFile.toString());
        int width = network.architecture().inputs();
        BareRun run = BareRun.of(network, read(width));
        List<Block> blocks = blocks(run);
        write(run.steps(), blocks);
        output.say("Ran %d steps of %d inputs: %d outputs and the states after each step in %s.", run.steps(), width,
                blocks.getFirst().count, target);
        output.result(new Result(run.steps(), width, blocks.getFirst().count, target.toString()));
        return 0;
    }

    private float[] read(int width) throws IOException {
        List<float[]> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> csv = CsvReader.builder().skipEmptyLines(true).allowMissingFields(true)
                .allowExtraFields(true).ofCsvRecord(inputs)) {
            for (CsvRecord row : csv) {
                if (!rows.isEmpty() || !isHeader(row)) {
                    rows.add(numbers(row, width));
                }
            }
        } catch (CsvParseException e) {
            throw new IOException(inputs + ": not a CSV file: " + e.getMessage(), e);
        }
        if (rows.isEmpty()) {
            throw new IOException(inputs + ": expected rows of " + width + " numbers, found none");
        }
        float[] all = new float[rows.size() * width];
        for (int t = 0; t < rows.size(); t++) {
            System.arraycopy(rows.get(t), 0, all, t * width, width);
        }
        return all;
    }

    private static boolean isHeader(CsvRecord row) {
        return row.getStartingLineNumber() == 1 && row.getFields().stream().noneMatch(EvalCommand::isNumber);
    }

    private static boolean isNumber(String field) {
        try {
            Float.parseFloat(field);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private float[] numbers(CsvRecord row, int width) throws IOException {
        if (row.getFieldCount() != width) {
            throw new IOException(inputs + ":" + row.getStartingLineNumber() + ": expected " + width
                    + " numbers, as the network has inputs, found " + row.getFieldCount());
        }
        float[] numbers = new float[width];
        for (int i = 0; i < width; i++) {
            String field = row.getField(i).strip();
            numbers[i] = isNumber(field) ? Float.parseFloat(field) : Float.NaN;
            if (!Float.isFinite(numbers[i])) {
                throw new IOException(inputs + ":" + row.getStartingLineNumber() + ": column " + (i + 1)
                        + ": expected a finite number, found '" + field + "'");
            }
        }
        return numbers;
    }

    private static List<Block> blocks(BareRun run) {
        List<Block> blocks = new ArrayList<>();
        int outputs = run.outputs().length / run.steps();
        blocks.add(new Block("y", run.outputs(), 0, outputs, outputs));
        for (int i = 0; i < run.layers().size(); i++) {
            LayerRun layer = run.layers().get(i);
            addState("layer" + i, layer.units(), layer.forward(), run.steps(), blocks);
            float[] reverse = layer.reverse();
            if (reverse != null) {
                addState("layer" + i + ".reverse", layer.units(), reverse, run.steps(), blocks);
            }
        }
        return blocks;
    }

    private static void addState(String name, int units, float[] states, int steps, List<Block> blocks) {
        int stride = states.length / steps;
        blocks.add(new Block(name + ".h", states, 0, units, stride));
        if (stride > units) {
            blocks.add(new Block(name + ".c", states, units, stride - units, stride));
        }
    }

    private void write(int steps, List<Block> blocks) throws IOException {
        List<String> header = new ArrayList<>();
        blocks.forEach(block -> block.addNames(header));
        WholeCsv.write(target, csv -> {
            csv.writeRecord(header);
            for (int t = 0; t < steps; t++) {
                List<String> row = new ArrayList<>();
                for (Block block : blocks) {
                    block.addRow(t, row);
                }
                csv.writeRecord(row);
            }
        });
    }
}
