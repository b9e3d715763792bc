package io.gatecast.network;

import io.gatecast.network.head.Head;
import io.gatecast.network.layer.Layer;
import io.gatecast.network.layer.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a network says of the step to come, the median of one channel, and how it would change with every number that came
/// in: the gradient by inputs and bases, for several sequences side by side, by the passes that train it. Holds the memory
/// it needs, so each thread makes its own.
public final class MedianGradient {
    private final Network network;
    private final SequencePass pass;
    private final List<float[]> outputs = new ArrayList<>();
    /// To be filled before [#run]; only the last step is asked.
    public final SequenceBatch batch;
    /// `[batch]`, in units of the series' scale
    public final float[] medians;
    /// `[steps][batch][inputs]`
    public final float[] byInputs;
    /// `[batch][base]`, of the channel that was asked for
    public final float[] byBases;

    /// @param steps  of a sequence
    /// @param series side by side
    public MedianGradient(Network network, int steps, int series) {
        this.network = network;
        this.batch = new SequenceBatch(network.architecture(), steps, steps - 1, series);
        this.pass = new SequencePass(network, batch);
        for (Layer layer : network.layers()) {
            outputs.add(new float[steps * series * layer.outputs()]);
        }
        this.medians = new float[series];
        this.byInputs = new float[batch.inputs.length];
        this.byBases = new float[series * network.architecture().head().bases()];
    }

    /// Fills [#medians], [#byInputs] and [#byBases].
    public void run(int channel) {
        pass.run(network, batch);
        Head head = network.head();
        int bases = batch.bases.length / batch.batch, own = network.architecture().head().bases();
        for (int n = 0; n < batch.batch; n++) {
            medians[n] = head.median(channel, pass.raw, n * head.outputs(), batch.bases, n * bases, byBases, n * own,
                    pass.scratch);
        }
        back(head);
    }

    private void back(Head head) {
        outputs.forEach(numbers -> Arrays.fill(numbers, 0));
        Arrays.fill(byInputs, 0);
        int top = outputs.size() - 1;
        Rows dx = new Rows(byInputs, 0, network.architecture().inputs());
        Rows dh = pass.judged(rows(top)), headsDx = pass.judged(dx);
        head.backToHidden(batch.batch, pass.raw, dh.values(), dh.offset(), dh.stride());
        head.backToInputs(batch.batch, pass.raw, headsDx.values(), headsDx.offset(), headsDx.stride());
        for (int i = top; i >= 0; i--) {
            network.layers().get(i).backward(pass.signals.get(i), outputs.get(i), i == 0 ? dx : rows(i - 1),
                    batch.steps, pass.tapes.get(i), null);
        }
    }

    private Rows rows(int layer) {
        return new Rows(outputs.get(layer), 0, network.layers().get(layer).outputs());
    }
}
