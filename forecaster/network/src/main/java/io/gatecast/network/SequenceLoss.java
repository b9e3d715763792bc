package io.gatecast.network;

import io.gatecast.network.cell.Cell;
import io.gatecast.network.head.QuantileHead;
import io.gatecast.network.layer.Recurrence;
import io.gatecast.network.layer.Tape;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The loss of a batch of sequences and its gradient, by a pass forward through all steps, the head's judgement of every
/// step after the warm-up, and a pass back. Holds the memory both need, so each thread makes its own.
public final class SequenceLoss {
    private static final float[] NOT_ASKED = {};

    private final SequenceBatch shape;
    private final List<Tape> tapes = new ArrayList<>();
    private final List<float[]> hiddenGradients = new ArrayList<>();
    private final float[] raw;
    private final QuantileHead.Scratch scratch;

    /// @param network any network of the architecture
    /// @param shape   any batch of the shape
    public SequenceLoss(Network network, SequenceBatch shape) {
        this.shape = shape;
        for (Recurrence layer : network.layers()) {
            tapes.add(new Tape(shape.steps, shape.batch, layer.sizes()));
            hiddenGradients.add(new float[shape.steps * shape.batch * layer.sizes().units()]);
        }
        this.raw = new float[Math.multiplyExact(shape.judged(), network.head().outputs())];
        this.scratch = network.head().scratch();
    }

    /// @param gradient to which the gradient of the summed loss is added, laid out as the network's parameters
    /// @return the loss, summed over every judged step
    public double addGradient(Network network, SequenceBatch batch, Parameters gradient) {
        double loss = forward(network, batch);
        backward(network, batch, gradient);
        return loss;
    }

    /// @return the loss, summed over every judged step
    public double forward(Network network, SequenceBatch batch) {
        project(network, batch);
        QuantileHead head = network.head();
        double loss = 0;
        for (int n = 0; n < batch.judged(); n++) {
            loss += head.loss(raw, n * head.outputs(), batch.bases, n * (batch.bases.length / batch.judged()),
                    batch.targets, n * (batch.targets.length / batch.judged()), batch.weights,
                    n * (batch.weights.length / batch.judged()), scratch);
        }
        return loss;
    }

    /// What the network answers at each judged step: the same bits as [Network#answer] gives event by event.
    ///
    /// @param quantiles `[steps - warmUp][batch][channel][quantile][horizon]`
    public void answers(Network network, SequenceBatch batch, float[] quantiles) {
        project(network, batch);
        QuantileHead head = network.head();
        float[] row = new float[quantiles.length / batch.judged()];
        for (int n = 0; n < batch.judged(); n++) {
            head.quantiles(raw, n * head.outputs(), batch.bases, n * (batch.bases.length / batch.judged()), row,
                    scratch);
            System.arraycopy(row, 0, quantiles, n * row.length, row.length);
        }
    }

    /// Passes the batch through the layers and projects every judged step.
    private void project(Network network, SequenceBatch batch) {
        float[] input = batch.inputs;
        int offset = 0;
        int stride = network.architecture().inputs();
        for (int i = 0; i < tapes.size(); i++) {
            Tape tape = tapes.get(i);
            tape.start();
            network.layers().get(i).forward(input, offset, stride, tape);
            input = tape.states();
            offset = tape.firstOutput();
            stride = network.layers().get(i).sizes().state();
        }
        int inputs = network.architecture().inputs();
        network.head().project(batch.judged(), input, offset + skip(stride), stride, batch.inputs, skip(inputs), inputs,
                raw);
    }

    /// Numbers in the rows of the warm-up.
    private int skip(int stride) {
        return shape.warmUp * shape.batch * stride;
    }

    private void backward(Network network, SequenceBatch batch, Parameters gradient) {
        int top = tapes.size() - 1;
        int inputs = network.architecture().inputs();
        Cell.Sizes sizes = network.layers().get(top).sizes();
        Tape tape = tapes.get(top);
        network.head().addGradient(batch.judged(), tape.states(), tape.firstOutput() + skip(sizes.state()),
                sizes.state(), batch.inputs, skip(inputs), inputs, raw, gradient);
        hiddenGradients.forEach(dh -> Arrays.fill(dh, 0));
        network.head().backToHidden(batch.judged(), raw, hiddenGradients.get(top), skip(sizes.units()), sizes.units());
        for (int i = top; i > 0; i--) {
            Cell.Sizes below = network.layers().get(i - 1).sizes();
            Tape lower = tapes.get(i - 1);
            network.layers().get(i).backward(lower.states(), lower.firstOutput(), below.state(), hiddenGradients.get(i),
                    hiddenGradients.get(i - 1), 0, below.units(), tapes.get(i), gradient);
        }
        network.layers().getFirst().backward(batch.inputs, 0, inputs, hiddenGradients.getFirst(), NOT_ASKED, 0, 0,
                tapes.getFirst(), gradient);
    }
}
