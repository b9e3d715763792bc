package io.gatecast.app.command;

import io.gatecast.app.command.mixin.Durations;
import io.gatecast.app.command.mixin.ExchangeFormat;
import io.gatecast.app.command.mixin.HeadKinds;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.avro.Model;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Network;
import io.gatecast.series.FeatureSpec;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.training.exchange.BareNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// From another tool to a model file.
@Command(name = "import", mixinStandardHelpOptions = true, sortOptions = false, description = "Read a network from PyTorch (a state_dict as safetensors: nn.RNN, nn.LSTM, nn.GRU and a linear head) or from an ONNX graph.")
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "NAME.safetensors or NAME.onnx.")
    private Path source;

    @Option(names = "--output", required = true, paramLabel = "MODEL.avro", description = "The model file to write.")
    private Path target;

    @Option(names = "--id", paramLabel = "NAME", defaultValue = "imported", description = "The model's name (default: ${DEFAULT-VALUE}).")
    private String modelId;

    @ArgGroup(exclusive = false, heading = "What it is fed, to run it; without these it can be evaluated and exported only:%n")
    private @Nullable Fed fed;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// As in `train`.
    static final class Fed {
        @Option(names = "--interval", required = true, paramLabel = "TIME", converter = Durations.class, description = "Length of a step, as in 5m, 1h or 1d.")
        private Duration interval;

        @Option(names = "--horizon", required = true, paramLabel = "STEPS", description = "Steps ahead that it forecasts.")
        private int horizon;

        @Option(names = "--seasonality", split = ",", paramLabel = "STEPS", description = "Season lengths in steps, rising.")
        private List<Integer> seasons = List.of();

        @Option(names = "--channels", defaultValue = "1", paramLabel = "N", description = "Values in an observation (default: ${DEFAULT-VALUE}).")
        private int channels;

        @Option(names = "--head", defaultValue = "quantiles", paramLabel = "HEAD", converter = HeadKinds.class, completionCandidates = HeadKinds.class, description = "What the linear layer's outputs mean: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private HeadKind head;

        @Option(names = "--quantiles", split = ",", paramLabel = "LEVELS", defaultValue = "0.025,0.1,0.5,0.9,0.975", description = "Levels, rising, 0.5 among them (default: ${DEFAULT-VALUE}).")
        private List<Double> quantiles;

        FeatureSpec features() {
            return FeatureSpec.of(interval.toMillis(), channels, seasons, horizon);
        }

        HeadShape headShape() {
            return new HeadShape(head, channels, features().bases(), horizon,
                    head == HeadKind.POINT ? List.of(0.5) : quantiles);
        }
    }

    /// The answer to a program.
    record Result(String modelId, String file, int layers, int inputs, int weights, boolean runs) {}

    @Override
    public Integer call() throws IOException {
        ExchangeFormat format = ExchangeFormat.of(source);
        Destination.check(target);
        BareNetwork found = format.read(source, fed == null ? null : fed.headShape());
        Network network = Network.compile(found.architecture(), found.parameters());
        Model record = fed == null ? ModelRecords.toRecord(network, modelId) : runnable(network, fed.features());
        ModelFile.write(target, record);
        Architecture architecture = network.architecture();
        output.say("Read %s: %s, %d inputs, %,d weights.", source, ModelsCommand.layersOf(record),
                architecture.inputs(), network.parameters().size());
        output.say("Wrote %s. Next: gatecast models eval --model %s --inputs X.csv --output Y.csv", target, target);
        output.result(new Result(modelId, target.toString(), architecture.layers().size(), architecture.inputs(),
                network.parameters().size(), fed != null));
        return 0;
    }

    private Model runnable(Network network, FeatureSpec features) throws IOException {
        int inputs = network.architecture().inputs();
        if (inputs != features.inputs()) {
            throw new IOException(source + ": expected " + features.inputs() + " inputs, as --interval, --seasonality,"
                    + " --horizon and --channels make them, found " + inputs
                    + "; without these options it is imported bare");
        }
        return ModelRecords.toRecord(new io.gatecast.series.Model(modelId, 1, 0, features, network), null);
    }
}
