package io.gatecast.benchmarks.peer;

import io.gatecast.network.Network;
import io.gatecast.network.Network.Stepper;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/// Deeplearning4j in the mode in which it is fastest: an operation of ND4J, its numerical library, called directly on arrays
/// that are made once, on one thread, its natives made for AVX2 and with oneDNN. `MultiLayerNetwork.rnnTimeStep` reckons the
/// same and takes 250 to 420 µs a step.
///
/// Which operation it is goes by the units. `lstmBlockCell` takes 13, 21, 50 and 160 µs for 32, 64, 128 and 256 of them;
/// `lstmLayer`, where it gives the whole sequence back and so is taken by oneDNN, 20, 28, 46 and 93.
public final class Dl4jStepper implements Stepper {
    private static final int MOST_UNITS_OF_A_BLOCK = 64;

    private final List<Layer> layers = new ArrayList<>();

    /// @param network of LSTM layers, all as wide
    public Dl4jStepper(Network network) {
        Nd4j.getEnvironment().setMaxThreads(1); // loads the natives
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
        openblas.blas_set_num_threads(1);
        LstmTensors tensors = LstmTensors.of(network);
        for (int layer = 0; layer < tensors.layers(); layer++) {
            layers.add(tensors.units() <= MOST_UNITS_OF_A_BLOCK
                    ? Layer.block(tensors, layer)
                    : Layer.sequence(tensors, layer));
        }
    }

    @Override
    public void advance(float[] x, float[] state) {
        float[] input = x;
        int from = 0, inputs = x.length;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            layer.advance(input, from, inputs, state, 2 * i * layer.units);
            input = state;
            from = 2 * i * layer.units;
            inputs = layer.units;
        }
    }

    /// One layer's operation, and the memory that it reads and writes.
    private record Layer(int units, CustomOp operation, OpContext context, FloatPointer x, FloatPointer h,
            FloatPointer c, FloatPointer nextH, FloatPointer nextC) {

        /// A cell of TensorFlow's, its two matrices one below the other.
        static Layer block(LstmTensors tensors, int layer) {
            int units = tensors.units();
            INDArray weights = Nd4j.concat(0, matrix(tensors.inputWeights(layer, LstmTensors.ICFO), units),
                    matrix(tensors.recurrentWeights(layer, LstmTensors.ICFO), units));
            INDArray x = zeros(1, tensors.width(layer)), h = zeros(1, units), c = zeros(1, units);
            INDArray[] out = new INDArray[7]; // i, c, f, o, z, tanh c, h
            for (int i = 0; i < out.length; i++) {
                out[i] = zeros(1, units);
            }
            CustomOp operation = DynamicCustomOp.builder("lstmBlockCell").addIntegerArguments(0) // no peepholes
                    .addFloatingPointArguments(0.0, 0.0) // nothing added to the forget gate, c not clipped
                    .build();
            INDArray bias = vector(tensors.bias(layer, LstmTensors.ICFO));
            return of(units, operation, new INDArray[]{x, c, h, weights, zeros(units), zeros(units), zeros(units),
                    bias}, out, x, h, c, out[6], out[1]);
        }

        /// A sequence of one step.
        static Layer sequence(LstmTensors tensors, int layer) {
            int units = tensors.units();
            INDArray x = zeros(1, 1, tensors.width(layer)), h = zeros(1, units), c = zeros(1, units);
            INDArray all = zeros(1, 1, units), nextH = zeros(1, units), nextC = zeros(1, units);
            CustomOp operation = DynamicCustomOp.builder("lstmLayer")
                    // time, batch, inputs; forward; sigmoid, tanh, tanh
                    .addIntegerArguments(0, 0, 2, 0, 0)
                    // given: bias, h and c, but no lengths nor peepholes; wanted: all of h, the last h and c
                    .addBooleanArguments(true, false, true, true, false, true, true, true)
                    .addFloatingPointArguments(0.0) // not clipped
                    .build();
            return of(units, operation,
                    new INDArray[]{x, matrix(tensors.inputWeights(layer, LstmTensors.IFGO), units),
                            matrix(tensors.recurrentWeights(layer, LstmTensors.IFGO), units),
                            vector(tensors.bias(layer, LstmTensors.IFGO)), h, c},
                    new INDArray[]{all, nextH, nextC}, x, h, c, nextH, nextC);
        }

        private static Layer of(int units, CustomOp operation, INDArray[] in, INDArray[] out, INDArray x, INDArray h,
                INDArray c, INDArray nextH, INDArray nextC) {
            OpContext context = Nd4j.getExecutioner().buildContext();
            context.setInputArrays(in);
            context.setOutputArrays(out);
            context.setIArguments(operation.iArgs());
            context.setBArguments(operation.bArgs());
            context.setTArguments(operation.tArgs());
            return new Layer(units, operation, context, memory(x), memory(h), memory(c), memory(nextH), memory(nextC));
        }

        /// @param at where h and then c lie in the state
        void advance(float[] input, int from, int inputs, float[] state, int at) {
            x.put(input, from, inputs);
            h.put(state, at, units);
            c.put(state, at + units, units);
            Nd4j.getExecutioner().exec(operation, context);
            nextH.get(state, at, units);
            nextC.get(state, at + units, units);
        }

        /// @return `[rows][4H]`
        private static INDArray matrix(float[] transposed, int units) {
            long columns = 4L * units;
            return Nd4j.create(transposed, new long[]{transposed.length / columns, columns}, 'f').dup('c');
        }

        private static INDArray vector(float[] numbers) {
            return Nd4j.create(numbers, new long[]{numbers.length}, DataType.FLOAT);
        }

        private static INDArray zeros(long... shape) {
            return Nd4j.create(DataType.FLOAT, shape);
        }

        private static FloatPointer memory(INDArray array) {
            return (FloatPointer) array.data().pointer();
        }
    }
}
