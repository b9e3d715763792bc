package io.gatecast.app.command.mixin;

import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.training.exchange.BareNetwork;
import io.gatecast.training.exchange.OnnxGraph;
import io.gatecast.training.exchange.TorchStateDict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The files that other tools read and write networks in, told by their names.
public enum ExchangeFormat {
    SAFETENSORS, ONNX;

    /// @throws IOException with a sentence, if the name says neither
    public static ExchangeFormat of(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            return SAFETENSORS;
        }
        if (name.endsWith(".onnx")) {
            return ONNX;
        }
        throw new IOException(file + ": expected a name that ends with .safetensors (PyTorch) or .onnx");
    }

    /// @param head what the head's outputs mean; null = what the file says
    /// @throws IOException with a sentence, if the file holds no network that is known here
    public BareNetwork read(Path file, @Nullable HeadShape head) throws IOException {
        return this == ONNX ? OnnxGraph.read(file, head) : TorchStateDict.read(file, head);
    }

    /// @throws IllegalArgumentException if the format has no such layer; nothing is written then
    public void write(BareNetwork network, Path file) throws IOException {
        if (this == ONNX) {
            OnnxGraph.write(network, file);
        } else {
            TorchStateDict.write(network, file);
        }
    }
}
