package io.gatecast.network;

import io.gatecast.network.head.Head;
import io.gatecast.network.layer.Dropout;
import io.gatecast.network.layer.EmbeddingTable;
import io.gatecast.network.layer.Layer;
import io.gatecast.network.layer.Rows;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The loss of a batch of sequences and its gradient, by a pass forward through all steps, the head's judgement of every
/// step after the warm-up, and a pass back. Holds the memory both need, so each thread makes its own.
public final class SequenceLoss {
    private final SequencePass pass;
    private final int truncation;
    private final List<float[]> gradients = new ArrayList<>();
    /// `[steps][batch][inputs]`; empty without an embedding, since nobody asks
    private final float[] inputGradient;

    /// With the gradient through all steps.
    ///
    /// @param network any network of the architecture
    /// @param shape   any batch of the shape
    public SequenceLoss(Network network, SequenceBatch shape) {
        this(network, shape, shape.steps, false);
    }

    /// @param truncation steps that the gradient goes back at most
    /// @param drops      whether [#addGradient] is called with a dropout
    public SequenceLoss(Network network, SequenceBatch shape, int truncation, boolean drops) {
        this.pass = new SequencePass(network, shape, drops);
        this.truncation = truncation;
        for (Layer layer : network.layers()) {
            gradients.add(new float[shape.steps * shape.batch * layer.outputs()]);
        }
        this.inputGradient = new float[network.embedding() == null ? 0 : shape.inputs.length];
    }

    /// Adds the gradient of the summed loss by the weights.
    ///
    /// @param network of the architecture this was made for; its weights may be others at each call
    /// @param batch   of the shape this was made for
    /// @return the summed loss
    public double addGradient(Network network, SequenceBatch batch, Parameters gradient) {
        pass.dropouts().forEach(Dropout::rest);
        return forwardAndBack(network, batch, gradient);
    }

    /// As [#addGradient(Network, SequenceBatch, Parameters)], with numbers between the layers left out by chance.
    ///
    /// @param rate share that is left out, 0 to below 1
    public double addGradient(Network network, SequenceBatch batch, Parameters gradient, double rate,
            SplittableRandom random) {
        pass.dropouts().forEach(dropout -> dropout.draw(rate, random));
        return forwardAndBack(network, batch, gradient);
    }

    /// @return the summed loss, without a gradient
    public double forward(Network network, SequenceBatch batch) {
        pass.dropouts().forEach(Dropout::rest);
        pass.run(network, batch);
        return judge(network, batch);
    }

    private double forwardAndBack(Network network, SequenceBatch batch, Parameters gradient) {
        pass.run(network, batch);
        double loss = judge(network, batch);
        backward(network, batch, gradient);
        return loss;
    }

    /// The loss of every judged step; what the head had to say becomes its gradient.
    private double judge(Network network, SequenceBatch batch) {
        Head head = network.head();
        int judged = batch.judged();
        int bases = batch.bases.length / judged, targets = batch.targets.length / judged;
        double loss = 0;
        for (int n = 0; n < judged; n++) {
            loss += head.loss(pass.raw, n * head.outputs(), batch.bases, n * bases, batch.targets,
                    batch.weights, n * targets, pass.scratch);
        }
        return loss;
    }

    private void backward(Network network, SequenceBatch batch, Parameters gradient) {
        int top = network.layers().size() - 1;
        Rows h = pass.judged(pass.signals.getLast());
        Rows x = pass.judged(pass.signals.getFirst());
        network.head().addGradient(batch.judged(), h.values(), h.offset(), h.stride(), x.values(), x.offset(),
                x.stride(), pass.raw, gradient);
        gradients.forEach(numbers -> Arrays.fill(numbers, 0));
        Rows dh = pass.judged(rows(network, top));
        network.head().backToHidden(batch.judged(), pass.raw, dh.values(), dh.offset(), dh.stride());
        Rows dx = network.embedding() == null ? null : headsInputGradient(network, batch);
        for (int i = top; i >= 0; i--) {
            network.layers().get(i).backward(pass.signals.get(i), gradients.get(i),
                    i == 0 ? dx : rows(network, i - 1), truncation, pass.tapes.get(i), gradient);
        }
        if (network.embedding() != null) {
            backToEmbedding(network.embedding(), batch, gradient);
        }
    }

    private Rows headsInputGradient(Network network, SequenceBatch batch) {
        Arrays.fill(inputGradient, 0);
        Rows all = new Rows(inputGradient, 0, network.architecture().inputs());
        Rows judged = pass.judged(all);
        network.head().backToInputs(batch.judged(), pass.raw, judged.values(), judged.offset(), judged.stride());
        return all;
    }

    private void backToEmbedding(EmbeddingTable embedding, SequenceBatch batch, Parameters gradient) {
        int rows = batch.steps * batch.batch, inputs = inputGradient.length / rows;
        for (int row = 0; row < rows; row++) {
            embedding.addGradient(batch.categories[row % batch.batch], inputGradient,
                    (row + 1) * inputs - embedding.dimensions(), gradient);
        }
    }

    private Rows rows(Network network, int layer) {
        return new Rows(gradients.get(layer), 0, network.layers().get(layer).outputs());
    }
}
