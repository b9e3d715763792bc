package io.gatecast.network;

import io.gatecast.network.head.Head;
import io.gatecast.network.layer.Dropout;
import io.gatecast.network.layer.Layer;
import io.gatecast.network.layer.LayerTape;
import io.gatecast.network.layer.Rows;
import java.util.ArrayList;
import java.util.List;

/// Whole sequences through a network: every layer over all steps, then the head over the steps after the warm-up. It is
/// how a network is trained, and how one that does not stream serves, its window being the sequence and only the last
/// step asked. Holds the memory it needs, so each thread makes its own.
public final class SequencePass {
    final SequenceBatch shape;
    final List<LayerTape> tapes = new ArrayList<>();
    /// What enters each layer, and after the last what enters the head.
    final List<Rows> signals = new ArrayList<>();
    /// `[judged][outputs of the head]`
    final float[] raw;
    final Head.Scratch scratch;

    /// @param network any network of the architecture
    /// @param shape   any batch of the shape
    public SequencePass(Network network, SequenceBatch shape) {
        this(network, shape, false);
    }

    /// @param drops whether outputs between layers can be left out, see [#dropouts]
    SequencePass(Network network, SequenceBatch shape, boolean drops) {
        this.shape = shape;
        Layer last = network.layers().getLast();
        for (Layer layer : network.layers()) {
            tapes.add(layer.tape(shape.steps, shape.batch, drops && layer != last));
        }
        this.raw = new float[Math.multiplyExact(shape.judged(), network.head().outputs())];
        this.scratch = network.head().scratch();
    }

    /// The answers at the judged steps.
    ///
    /// @param quantiles `[judged][channel][quantile][horizon]`
    public void answers(Network network, SequenceBatch batch, float[] quantiles) {
        run(network, batch);
        Head head = network.head();
        int row = quantiles.length / batch.judged(), bases = batch.bases.length / batch.judged();
        for (int n = 0; n < batch.judged(); n++) {
            head.quantiles(raw, n * head.outputs(), batch.bases, n * bases, quantiles, n * row, scratch);
        }
    }

    /// Passes the batch through the layers and projects every judged step.
    void run(Network network, SequenceBatch batch) {
        embed(network, batch);
        signals.clear();
        signals.add(new Rows(batch.inputs, 0, network.architecture().inputs()));
        for (int i = 0; i < tapes.size(); i++) {
            signals.add(network.layers().get(i).forward(signals.getLast(), tapes.get(i)));
        }
        Rows h = judged(signals.getLast());
        Rows x = judged(signals.getFirst());
        network.head().project(batch.judged(), h.values(), h.offset(), h.stride(), x.values(), x.offset(), x.stride(),
                raw);
    }

    private static void embed(Network network, SequenceBatch batch) {
        int inputs = network.architecture().inputs();
        for (int row = 0; network.embedding() != null && row < batch.steps * batch.batch; row++) {
            network.embed(batch.categories[row % batch.batch], batch.inputs, row * inputs);
        }
    }

    /// @return the rows after the warm-up
    Rows judged(Rows rows) {
        return rows.from(shape.warmUp * shape.batch);
    }

    /// @return between the layers, if there are any between
    List<Dropout> dropouts() {
        List<Dropout> found = new ArrayList<>();
        for (LayerTape tape : tapes) {
            if (tape.dropout() != null) {
                found.add(tape.dropout());
            }
        }
        return found;
    }
}
