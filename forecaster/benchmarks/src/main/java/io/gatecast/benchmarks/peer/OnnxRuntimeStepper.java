package io.gatecast.benchmarks.peer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.gatecast.network.Network;
import io.gatecast.network.Network.Stepper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// ONNX Runtime in the mode in which it is fastest: one thread, inputs and outputs in memory that is made once, state copied
/// in and out.
public final class OnnxRuntimeStepper implements Stepper {
    private static final int OPERATORS = 14;
    private static final int FILE_VERSION = 7;

    private final int layers;
    private final int units;
    private final OrtSession session;
    private final FloatBuffer x;
    private final FloatBuffer[] state;
    private final FloatBuffer[] next;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();

    /// @param network of LSTM layers, all as wide
    public OnnxRuntimeStepper(Network network) {
        LstmTensors tensors = LstmTensors.of(network);
        this.layers = tensors.layers();
        this.units = tensors.units();
        this.x = direct(tensors.inputs());
        this.state = new FloatBuffer[2 * layers];
        this.next = new FloatBuffer[2 * layers];
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OptLevel.ALL_OPT);
            this.session = environment.createSession(model(tensors).toByteArray(), options);
            inputs.put("x", OnnxTensor.createTensor(environment, x, new long[]{1, 1, tensors.inputs()}));
            for (int i = 0; i < 2 * layers; i++) {
                state[i] = direct(units);
                next[i] = direct(units);
                inputs.put("in" + i, OnnxTensor.createTensor(environment, state[i], new long[]{1, 1, units}));
                outputs.put("out" + i, OnnxTensor.createTensor(environment, next[i], new long[]{1, 1, units}));
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime does not take the network: " + e.getMessage(), e);
        }
    }

    private static FloatBuffer direct(int numbers) {
        return ByteBuffer.allocateDirect(Float.BYTES * numbers).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public void advance(float[] input, float[] h) {
        x.put(0, input, 0, x.capacity());
        for (int i = 0; i < state.length; i++) {
            state[i].put(0, h, i * units, units);
        }
        try (OrtSession.Result result = session.run(inputs, Set.of(), outputs)) {
            for (int i = 0; i < next.length; i++) {
                next[i].get(0, h, i * units, units);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    private static ModelProto model(LstmTensors tensors) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("step").addInput(value("x", tensors.inputs()));
        String signal = "x";
        int units = tensors.units();
        for (int layer = 0; layer < tensors.layers(); layer++) {
            graph.addInitializer(tensor("W" + layer, tensors.inputWeights(layer, LstmTensors.IOFC), 1, 4 * units,
                    tensors.width(layer)));
            graph.addInitializer(tensor("R" + layer, tensors.recurrentWeights(layer, LstmTensors.IOFC), 1, 4 * units,
                    units));
            float[] bias = new float[8 * units]; // theirs has two, which are added
            System.arraycopy(tensors.bias(layer, LstmTensors.IOFC), 0, bias, 0, 4 * units);
            graph.addInitializer(tensor("B" + layer, bias, 1, 8 * units));
            String h = "in" + 2 * layer, c = "in" + (2 * layer + 1);
            graph.addInput(value(h, units)).addInput(value(c, units));
            String hNext = "out" + 2 * layer, cNext = "out" + (2 * layer + 1);
            graph.addNode(NodeProto.newBuilder().setOpType("LSTM").addInput(signal).addInput("W" + layer)
                    .addInput("R" + layer).addInput("B" + layer).addInput("").addInput(h).addInput(c).addOutput("")
                    .addOutput(hNext).addOutput(cNext)
                    .addAttribute(AttributeProto.newBuilder().setName("hidden_size")
                            .setType(AttributeProto.AttributeType.INT).setI(units)));
            graph.addOutput(value(hNext, units)).addOutput(value(cNext, units));
            signal = hNext;
        }
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(FILE_VERSION).setGraph(graph);
        model.addOpsetImportBuilder().setDomain("").setVersion(OPERATORS);
        return model.build();
    }

    private static ValueInfoProto value(String name, int numbers) {
        TypeProto.Builder type = TypeProto.newBuilder();
        TypeProto.Tensor.Builder tensor = type.getTensorTypeBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber());
        for (int size : new int[]{1, 1, numbers}) {
            tensor.getShapeBuilder().addDimBuilder().setDimValue(size);
        }
        return ValueInfoProto.newBuilder().setName(name).setType(type).build();
    }

    private static TensorProto tensor(String name, float[] values, int... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber());
        for (int size : shape) {
            tensor.addDims(size);
        }
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }
}
