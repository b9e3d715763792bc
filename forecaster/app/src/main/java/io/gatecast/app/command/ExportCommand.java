package io.gatecast.app.command;

import io.gatecast.app.command.mixin.ExchangeFormat;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.network.Network;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.training.exchange.BareNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// From a model file to another tool.
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false, description = "Write a model's network for PyTorch (safetensors) or as an ONNX graph.")
final class ExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL.avro", description = "As train wrote it.")
    private Path modelFile;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "NAME.safetensors or NAME.onnx.")
    private Path target;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Result(String file, int tensors, int weights) {}

    @Override
    public Integer call() throws IOException {
        ExchangeFormat format = ExchangeFormat.of(target);
        Destination.check(target);
        Network network = ModelRecords.toNetwork(ModelFile.read(modelFile), modelFile.toString());
        format.write(new BareNetwork(network.architecture(), network.parameters()), target);
        output.say("Wrote %s: %,d weights. What enters the head is the top layer's output, then the inputs; what the"
                + " head gives is raw: `gatecast models eval` shows both.", target, network.parameters().size());
        output.result(new Result(target.toString(), network.parameters().tensors().size(),
                network.parameters().size()));
        return 0;
    }
}
