package io.gatecast.benchmarks.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.gatecast.network.tensor.Parameters;

/// The same layer through time by libtorch, forward and back, by way of the Deep Java Library.
public final class TorchBackpropagation {
    private final NDManager manager;
    private final NDList parameters = new NDList();
    private final NDArray x;
    private final NDArray dh;
    private final int batch;
    private final int units;

    /// @param cell prefix of the names of an LSTM's tensors
    public TorchBackpropagation(Parameters weights, String cell, int steps, int batch, int threads) {
        System.setProperty("ai.djl.offline", "true"); // what is not on the class path is not fetched
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        this.manager = Engine.getEngine("PyTorch").newBaseManager();
        this.batch = batch;
        int inputs = weights.tensor(cell + ".W").rows();
        this.units = weights.tensor(cell + ".U").rows();
        // The order of the gates does not change the work, and the products are the same either way round.
        for (long rows : new long[]{inputs, units}) {
            parameters.add(
                    manager.randomNormal(0, 0.1f, new Shape(4L * units, rows), ai.djl.ndarray.types.DataType.FLOAT32));
        }
        parameters.add(manager.zeros(new Shape(4L * units)));
        parameters.add(manager.zeros(new Shape(4L * units)));
        parameters.forEach(parameter -> parameter.setRequiresGradient(true));
        this.x = manager.randomNormal(new Shape(steps, batch, inputs));
        this.dh = manager.randomNormal(new Shape(steps, batch, units));
    }

    /// @return one number of the gradient, so that it is there
    public float gradient() {
        parameters.forEach(parameter -> parameter.getGradient().subi(parameter.getGradient()));
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray input = x.duplicate();
            input.attach(step);
            Shape shape = new Shape(1, batch, units);
            NDList out = input.getNDArrayInternal().lstm(input, new NDList(step.zeros(shape), step.zeros(shape)),
                    parameters, true, 1, 0, true, false, false);
            NDArray loss = out.getFirst().mul(dh).sum();
            collector.backward(loss);
            return parameters.getFirst().getGradient().toFloatArray()[0];
        }
    }
}
