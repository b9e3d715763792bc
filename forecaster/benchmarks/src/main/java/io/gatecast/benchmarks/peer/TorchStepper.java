package io.gatecast.benchmarks.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.gatecast.network.Network;
import io.gatecast.network.Network.Stepper;

/// PyTorch's own LSTM through DJL, called directly: without a predictor around it, which costs as much again.
public final class TorchStepper implements Stepper {
    private final int layers;
    private final int inputs;
    private final int units;
    private final NDManager manager;
    private final NDList parameters = new NDList();

    /// @param network of LSTM layers, all as wide
    public TorchStepper(Network network) {
        System.setProperty("ai.djl.offline", "true"); // what is not on the class path is not fetched
        LstmTensors tensors = LstmTensors.of(network);
        this.layers = tensors.layers();
        this.inputs = tensors.inputs();
        this.units = tensors.units();
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        this.manager = Engine.getEngine("PyTorch").newBaseManager();
        for (int layer = 0; layer < layers; layer++) {
            float[] bias = tensors.bias(layer, LstmTensors.IFGO);
            parameters.add(manager.create(tensors.inputWeights(layer, LstmTensors.IFGO),
                    new Shape(4L * units, tensors.width(layer))));
            parameters.add(manager.create(tensors.recurrentWeights(layer, LstmTensors.IFGO),
                    new Shape(4L * units, units)));
            parameters.add(manager.create(bias, new Shape(bias.length)));
            parameters.add(manager.create(new float[bias.length], new Shape(bias.length)));
        }
    }

    @Override
    public void advance(float[] x, float[] state) {
        float[] h = new float[layers * units], c = new float[layers * units];
        for (int layer = 0; layer < layers; layer++) {
            System.arraycopy(state, 2 * layer * units, h, layer * units, units);
            System.arraycopy(state, (2 * layer + 1) * units, c, layer * units, units);
        }
        try (NDManager step = manager.newSubManager()) {
            Shape shape = new Shape(layers, 1, units);
            NDArray input = step.create(x, new Shape(1, 1, inputs));
            NDList next = input.getNDArrayInternal().lstm(input,
                    new NDList(step.create(h, shape), step.create(c, shape)), parameters, true, layers, 0, false,
                    false, false);
            float[] hNext = next.get(1).toFloatArray(), cNext = next.get(2).toFloatArray();
            for (int layer = 0; layer < layers; layer++) {
                System.arraycopy(hNext, layer * units, state, 2 * layer * units, units);
                System.arraycopy(cNext, layer * units, state, (2 * layer + 1) * units, units);
            }
        }
    }
}
