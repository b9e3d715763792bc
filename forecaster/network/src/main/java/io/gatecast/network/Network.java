package io.gatecast.network;

import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.head.Head;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.kernel.Precision;
import io.gatecast.network.layer.EmbeddingTable;
import io.gatecast.network.layer.Layer;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Layers and head as one, their weights packed for the processor at hand: ready to take steps, or to be trained
/// by [SequenceLoss]. Immutable, so one serves every series and every thread.
public final class Network {
    private final Architecture architecture;
    private final Parameters parameters;
    private final Precision precision;
    private final List<Layer> layers;
    private final Layer[] steps; // the same ones: a list's iterator would be an object a step
    private final Head head;
    private final @Nullable EmbeddingTable embedding;
    private final boolean streams;
    private final int stateSize;
    private final @Nullable Supplier<Stepper> steppers;

    private Network(Architecture architecture, Parameters parameters, Kernels kernels,
            @Nullable Supplier<Stepper> steppers) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.precision = kernels.precision();
        this.steppers = steppers;
        this.layers = new ArrayList<>();
        for (int i = 0; i < architecture.layers().size(); i++) {
            layers.add(new Layer(layerName(i), architecture.layers().get(i), parameters, kernels));
        }
        this.steps = layers.toArray(Layer[]::new);
        this.streams = architecture.streams();
        this.stateSize = streams
                ? layers.stream().mapToInt(layer -> layer.forward().sizes().state()).sum()
                : 0;
        this.head = new Head(parameters, architecture.head(), kernels);
        this.embedding = architecture.embedding() == null ? null : new EmbeddingTable(parameters);
    }

    /// @return what the names of a layer's tensors begin with, before a point
    static String layerName(int index) {
        return "layer" + index;
    }

    /// The tensors that an architecture needs, all zero, in the order of a model file.
    public static Parameters parametersOf(Architecture architecture) {
        Parameters.Layout layout = new Parameters.Layout();
        if (architecture.embedding() != null) {
            EmbeddingTable.layOut(architecture.embedding(), layout);
        }
        int inputs = architecture.inputs();
        for (int i = 0; i < architecture.layers().size(); i++) {
            RecurrentLayer layer = architecture.layers().get(i);
            Layer.layOut(layerName(i), inputs, layer, layout);
            inputs = layer.outputs();
        }
        Head.layOut(inputs, architecture.inputs(), architecture.head(), layout);
        return layout.build();
    }

    /// Fresh weights, ready to be trained; the same seed gives the same weights.
    public static Parameters initialise(Architecture architecture, long seed) {
        Parameters parameters = parametersOf(architecture);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < architecture.layers().size(); i++) {
            Layer.initialise(layerName(i), architecture.layers().get(i), parameters, random);
        }
        Head.initialise(parameters, architecture.head());
        if (architecture.embedding() != null) {
            EmbeddingTable.initialise(parameters, random);
        }
        return parameters;
    }

    /// Packs the weights for the processor at hand. Later changes of `parameters` are not seen.
    ///
    /// @param parameters laid out as [#parametersOf] says
    public static Network compile(Architecture architecture, Parameters parameters) {
        return compile(architecture, parameters, Kernels.best());
    }

    /// As [#compile(Architecture, Parameters)], with kernels of the caller's choice.
    public static Network compile(Architecture architecture, Parameters parameters, Kernels kernels) {
        return new Network(architecture, parameters, kernels, null);
    }

    /// The same network with its weights in a precision, for serving.
    public Network in(Precision wanted) {
        return wanted == precision ? this : new Network(architecture, parameters, Kernels.best(wanted), steppers);
    }

    /// Takes the steps of all layers in their place.
    public interface Stepper {
        /// @param x     `[inputs]`
        /// @param state `[stateSize]`, in place
        void advance(float[] x, float[] state);
    }

    /// The same network with steps by another engine, so that what an engine costs can be measured where it would work.
    /// Nothing is promised of the bits then.
    ///
    /// @param others called once for each thread
    public Network steppedBy(Supplier<Stepper> others) {
        return new Network(architecture, parameters, Kernels.best(), others);
    }

    public Architecture architecture() {
        return architecture;
    }

    /// @return the weights as they were given, not rounded
    public Parameters parameters() {
        return parameters;
    }

    /// @return numbers of state a series has: each layer's, one after the other; 0 for a network that does not stream
    public int stateSize() {
        return stateSize;
    }

    /// Makes what serving needs and training does not, so that no event waits for it.
    ///
    /// @return this
    public Network prepare() {
        head.prepare();
        return this;
    }

    /// Memory for [#advance] and [#answer], one for each thread.
    public static final class Scratch {
        final float[] gates;
        final float[] top;
        final float[] raw;
        final Head.Scratch head;
        final @Nullable Stepper stepper;
        /// What passes from layer to layer, in an array of another's.
        float[] signal;
        int signalOffset;

        private Scratch(int gates, int top, int raw, Head.Scratch head, @Nullable Stepper stepper) {
            this.stepper = stepper;
            this.gates = new float[gates];
            this.top = new float[top];
            this.raw = new float[raw];
            this.head = head;
            this.signal = this.top;
        }
    }

    public Scratch scratch() {
        int gates = layers.stream().mapToInt(layer -> layer.forward().sizes().gates()).max().orElseThrow();
        int widest = layers.stream().mapToInt(Layer::outputs).max().orElseThrow();
        return new Scratch(gates, widest, head.outputs(), head.scratch(), steppers == null ? null : steppers.get());
    }

    /// Writes what a category is to the network into the last numbers of a row of inputs; nothing for a network without an
    /// embedding. Allocates nothing.
    ///
    /// @param category of the series, from 1; 0 = unknown
    /// @param x        `[inputs]` from `row`
    public void embed(int category, float[] x, int row) {
        if (embedding != null) {
            embedding.write(category, x, row + architecture.inputs() - embedding.dimensions());
        }
    }

    /// Moves a series on by one step without asking for an answer; allocates nothing.
    ///
    /// @param x     `[inputs]`, in units of the series' scale, the last of them by [#embed]
    /// @param state `[stateSize]`, in place; all zero before the first step
    /// @throws UnsupportedOperationException for a network that does not stream: [SequencePass] runs it over a window
    public void advance(float[] x, float[] state, Scratch scratch) {
        if (scratch.stepper == null) {
            walk(x, state, scratch, true);
        } else {
            scratch.stepper.advance(x, state);
        }
    }

    /// Passes the layers from the first to the last; what leaves the last is in the scratch then.
    ///
    /// @param step whether each takes a step first, or only hands on what it holds
    private void walk(float[] x, float[] state, Scratch scratch, boolean step) {
        requireStreams();
        scratch.signal = x;
        scratch.signalOffset = 0;
        int stateOffset = 0;
        for (Layer layer : steps) {
            if (step) {
                layer.forward().step(scratch.signal, scratch.signalOffset, state, stateOffset, scratch.gates);
            }
            if (layer.residual()) {
                pass(layer, scratch.signal, scratch.signalOffset, state, stateOffset, scratch.top);
                scratch.signal = scratch.top;
                scratch.signalOffset = 0;
            } else {
                scratch.signal = state;
                scratch.signalOffset = stateOffset; // h comes first in a layer's state
            }
            stateOffset += layer.forward().sizes().state();
        }
    }

    /// `top = h + input`, where `top` may be the input itself.
    private static void pass(Layer layer, float[] input, int inputOffset, float[] state, int stateOffset, float[] top) {
        int outputs = layer.outputs();
        for (int j = 0; j < outputs; j++) {
            top[j] = state[stateOffset + j] + input[inputOffset + j];
        }
    }

    /// Reads the answer off a state that has been advanced with `x`; allocates nothing.
    ///
    /// @param bases     `[channel][base][horizon]`, the simple forecasts, in units of the series' scale
    /// @param quantiles `[channel][quantile][horizon]`, the answer, likewise
    /// @throws UnsupportedOperationException for a network that does not stream: [SequencePass] runs it over a window
    public void answer(float[] x, float[] state, float[] bases, float[] quantiles, Scratch scratch) {
        walk(x, state, scratch, false);
        head.project(1, scratch.signal, scratch.signalOffset, 0, x, 0, 0, scratch.raw);
        head.quantiles(scratch.raw, 0, bases, 0, quantiles, 0, scratch.head);
    }

    private void requireStreams() {
        if (!streams) {
            throw new UnsupportedOperationException("a bidirectional network has no step: it runs over a window");
        }
    }

    List<Layer> layers() {
        return layers;
    }

    Head head() {
        return head;
    }

    @Nullable
    EmbeddingTable embedding() {
        return embedding;
    }
}
