package io.gatecast.training.exchange;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.gatecast.network.Architecture.HeadShape;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A network as an ONNX graph, <https://onnx.ai/onnx/operators>: a chain of RNN, LSTM (with or without peepholes) and GRU
/// nodes (linear_before_reset 1 is our GRU, 0 the one that resets before), residual connections as Add, and a linear
/// head over the top layer's outputs h, or over Concat(h, x). [GateOrder] says what is reordered.
///
///     in    x           [steps, batch, X]
///     out   y           [steps, batch, O]            what the head projects, before anything is made of it
///           outputsK    [steps, batch, outputs]      what layer K hands on
///           hK, cK      [directions, batch, H]       its last hidden and cell state; no c where the cell has none
public final class OnnxGraph {

    private OnnxGraph() {}

    /// Reads a graph as we, PyTorch's exporter and others of the same habits write it. What an exporter puts between
    /// the layers is followed (Squeeze, Transpose, Reshape, zeros as initial states); a node that is none of these is
    /// refused, never passed over.
    ///
    /// @param head what the head's outputs mean; null = what the file's metadata say, or else a point forecast of O
    ///             steps of one channel
    /// @throws IOException if the file is none, or has a node or tensor that does not fit; one sentence that names file,
    ///                     node or tensor, and what was expected and found
    public static BareNetwork read(Path file, @Nullable HeadShape head) throws IOException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
            return new OnnxImport(ModelProto.parseFrom(bytes)).network(head);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException(file + ": expected an ONNX model, found something else or not all of one: "
                    + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// Writes operators of set 14, for which every runtime of the last years has kernels.
    ///
    /// @throws IllegalArgumentException if ONNX has no node for a layer; nothing is written then
    public static void write(BareNetwork network, Path file) throws IOException {
        ModelProto model = new OnnxExport(network).model();
        WholeFile.write(file, model::writeTo);
    }
}
