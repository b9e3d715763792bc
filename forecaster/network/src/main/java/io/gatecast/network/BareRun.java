package io.gatecast.network;

import io.gatecast.network.layer.Layer;
import io.gatecast.network.layer.LayerTape;
import io.gatecast.network.layer.Rows;
import io.gatecast.network.layer.Tape;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A bare network over one sequence of input vectors, with everything it gives laid open: so that what was imported can
/// be held against the tool it came from. Starts from a state of zero.
///
/// @param steps   in the sequence
/// @param outputs `[steps][O]`, what the head projects at each step, before anything is made of it
/// @param layers  from the first to the last
public record BareRun(int steps, float[] outputs, List<LayerRun> layers) {

    /// What a layer gave.
    ///
    /// @param units   numbers of hidden state, H, at the beginning of each state
    /// @param outputs `[steps][outputs]`, what it handed on
    /// @param forward `[steps][S]`, the states after each step, the hidden state first; the last row is its last
    /// @param reverse likewise for the recurrence from the end, whose last is the first row; null where there is none
    public record LayerRun(int units, float[] outputs, float[] forward, float @Nullable [] reverse) {}

    /// @param x `[steps][inputs]`
    public static BareRun of(Network network, float[] x) {
        int inputs = network.architecture().inputs();
        if (network.architecture().embedding() != null) {
            throw new IllegalArgumentException("inputs: the last of them are an embedding, which the network makes of a"
                    + " category itself; such a network cannot be run over rows of inputs");
        }
        if (x.length == 0 || x.length % inputs != 0) {
            throw new IllegalArgumentException(
                    "inputs: expected rows of " + inputs + " numbers, found " + x.length + " numbers in all");
        }
        SequenceBatch batch = new SequenceBatch(network.architecture(), x.length / inputs, 0, 1);
        System.arraycopy(x, 0, batch.inputs, 0, x.length);
        SequencePass pass = new SequencePass(network, batch);
        pass.run(network, batch);
        List<LayerRun> layers = IntStream.range(0, pass.tapes.size())
                .mapToObj(i -> layer(network.layers().get(i), pass.tapes.get(i), pass.signals.get(i + 1), batch.steps))
                .toList();
        return new BareRun(batch.steps, pass.raw, layers);
    }

    private static LayerRun layer(Layer layer, LayerTape tape, Rows signal, int steps) {
        Tape reverse = tape.reverse();
        return new LayerRun(layer.forward().sizes().units(), copy(signal, layer.outputs(), steps),
                states(tape.forward(), steps),
                reverse == null ? null : states(reverse, steps));
    }

    private static float[] states(Tape tape, int steps) {
        return copy(tape.after(), tape.after().stride(), steps);
    }

    private static float[] copy(Rows rows, int width, int count) {
        float[] copy = new float[count * width];
        for (int n = 0; n < count; n++) {
            System.arraycopy(rows.values(), rows.offset() + n * rows.stride(), copy, n * width, width);
        }
        return copy;
    }
}
