package io.gatecast.network;

import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.cell.Cell;
import io.gatecast.network.cell.Cells;
import io.gatecast.network.head.QuantileHead;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.layer.Recurrence;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Layers and head as one, their weights packed for the processor at hand: ready to take steps, or to be trained
/// by [SequenceLoss]. Immutable, so one serves every series and every thread.
public final class Network {
    private final Architecture architecture;
    private final Parameters parameters;
    private final List<Recurrence> layers;
    private final QuantileHead head;
    private final int stateSize;

    private Network(Architecture architecture, Parameters parameters, Kernels kernels) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.layers = new ArrayList<>();
        int states = 0;
        for (int i = 0; i < architecture.layers().size(); i++) {
            Cell cell = Cells.cell(layerName(i), architecture.layers().get(i), parameters, kernels);
            layers.add(new Recurrence(cell));
            states += cell.sizes().state();
        }
        this.stateSize = states;
        this.head = new QuantileHead(parameters, architecture.head(), kernels);
    }

    private static String layerName(int index) {
        return "layer" + index;
    }

    /// The tensors that an architecture needs, all zero, in the order of a model file.
    public static Parameters parametersOf(Architecture architecture) {
        Parameters.Layout layout = new Parameters.Layout();
        int inputs = architecture.inputs();
        for (int i = 0; i < architecture.layers().size(); i++) {
            RecurrentLayer layer = architecture.layers().get(i);
            Cells.layOut(layerName(i), inputs, layer, layout);
            inputs = layer.outputs();
        }
        QuantileHead.layOut(inputs, architecture.inputs(), architecture.head(), layout);
        return layout.build();
    }

    /// Fresh weights, ready to be trained; the same seed gives the same weights.
    public static Parameters initialise(Architecture architecture, long seed) {
        Parameters parameters = parametersOf(architecture);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < architecture.layers().size(); i++) {
            Cells.initialise(layerName(i), architecture.layers().get(i), parameters, random);
        }
        QuantileHead.initialise(parameters, architecture.head());
        return parameters;
    }

    /// Packs the weights for the processor at hand. Later changes of `parameters` are not seen by [#step].
    ///
    /// @param parameters laid out as [#parametersOf] says
    public static Network compile(Architecture architecture, Parameters parameters) {
        return compile(architecture, parameters, Kernels.best());
    }

    /// As [#compile(Architecture, Parameters)], with kernels of the caller's choice.
    public static Network compile(Architecture architecture, Parameters parameters, Kernels kernels) {
        return new Network(architecture, parameters, kernels);
    }

    public Architecture architecture() {
        return architecture;
    }

    public Parameters parameters() {
        return parameters;
    }

    /// @return numbers of state a series has: each layer's, one after the other
    public int stateSize() {
        return stateSize;
    }

    /// Memory for [#step], one for each thread.
    public static final class Scratch {
        final float[] gates;
        final float[] raw;
        final QuantileHead.Scratch head;

        private Scratch(int gates, int raw, QuantileHead.Scratch head) {
            this.gates = new float[gates];
            this.raw = new float[raw];
            this.head = head;
        }
    }

    public Scratch scratch() {
        int gates = layers.stream().mapToInt(layer -> layer.sizes().gates()).max().orElseThrow();
        return new Scratch(gates, head.outputs(), head.scratch());
    }

    /// Moves a series on by one step without asking for an answer; allocates nothing.
    ///
    /// @param x     `[inputs]`, in units of the series' scale
    /// @param state `[stateSize]`, in place; all zero before the first step
    public void advance(float[] x, float[] state, Scratch scratch) {
        float[] input = x;
        int inputOffset = 0;
        int stateOffset = 0;
        for (Recurrence layer : layers) {
            layer.step(input, inputOffset, state, stateOffset, scratch.gates);
            input = state;
            inputOffset = stateOffset; // h comes first in a layer's state
            stateOffset += layer.sizes().state();
        }
    }

    /// Reads the answer off a state that has been advanced with `x`; allocates nothing.
    ///
    /// @param bases     `[channel][base][horizon]`, the simple forecasts, in units of the series' scale
    /// @param quantiles `[channel][quantile][horizon]`, the answer, likewise
    public void answer(float[] x, float[] state, float[] bases, float[] quantiles, Scratch scratch) {
        int top = stateSize - layers.getLast().sizes().state();
        head.project(1, state, top, 0, x, 0, 0, scratch.raw);
        head.quantiles(scratch.raw, 0, bases, 0, quantiles, scratch.head);
    }

    List<Recurrence> layers() {
        return layers;
    }

    QuantileHead head() {
        return head;
    }
}
