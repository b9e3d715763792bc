package io.gatecast.training.exchange;

import io.gatecast.network.Architecture.HeadShape;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A PyTorch module's `state_dict()` in a safetensors file: nn.RNN (tanh), nn.LSTM and nn.GRU, of any number of layers,
/// bidirectional or not, and one nn.Linear on top.
///
///     NAME.weight_ih_lK    [gates · H][inputs]    and weight_ih_lK_reverse and so on of a bidirectional module
///     NAME.weight_hh_lK    [gates · H][H]
///     NAME.bias_ih_lK      [gates · H]            all zero where a module has none (bias=False)
///     NAME.bias_hh_lK      [gates · H]
///     HEAD.weight          [O][F] or [O][F + X]   over the top layer's outputs h, or over torch.cat([h, x], -1)
///     HEAD.bias            [O]
///
/// The rows of weight_hh tell the cell: H are RNN's, 3H GRU's, 4H LSTM's. Several modules are stacked in the natural
/// order of their names (layers.2 before layers.10). A state_dict does not say whether an nn.RNN was made with relu
/// (which would be read as tanh) or whether something stands between the modules. [GateOrder] says what is reordered.
public final class TorchStateDict {

    private TorchStateDict() {}

    /// @param head what the head's outputs mean; null = what the file's metadata say, or else a point forecast of O
    ///             steps of one channel
    /// @throws IOException if a tensor is missing, unknown or of another shape, or `head` has not O outputs; one sentence
    ///                     that names file, tensor, and what was expected and found
    public static BareNetwork read(Path file, @Nullable HeadShape head) throws IOException {
        Safetensors found = Safetensors.read(file);
        try {
            return new TorchImport(found).network(head);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// Writes layers that are alike as one module `rnn`, others as `layers.0`, `layers.1`, ...; the head as `head`, over
    /// torch.cat([h, x], -1).
    ///
    /// @throws IllegalArgumentException if PyTorch has no module for a layer; nothing is written then
    public static void write(BareNetwork network, Path file) throws IOException {
        TorchExport.of(network).write(file);
    }
}
