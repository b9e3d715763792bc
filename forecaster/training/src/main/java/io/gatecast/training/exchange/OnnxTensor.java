package io.gatecast.training.exchange;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// A tensor of a graph: initialiser or constant. What is asked for and is not there is an [IllegalArgumentException]
/// that names it.
///
/// @param name as in the graph
record OnnxTensor(String name, TensorProto proto) {

    List<Long> shape() {
        return proto.getDimsList();
    }

    /// @return finite numbers, row-major
    float[] floats(Integer... shape) {
        List<Long> expected = List.of(shape).stream().map(Integer::longValue).toList();
        if (!shape().equals(expected)) {
            throw new IllegalArgumentException(
                    "tensor " + name + ": expected shape " + expected + ", found " + shape());
        }
        float[] numbers = floats();
        TensorShelf.requireFinite(name, numbers);
        return numbers;
    }

    private float[] floats() {
        requireHeld(DataType.FLOAT, proto.getFloatDataCount(), Float.BYTES);
        float[] numbers = new float[count()];
        if (proto.hasRawData()) {
            raw().asFloatBuffer().get(numbers);
        } else {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = proto.getFloatData(i);
            }
        }
        return numbers;
    }

    /// @return INT64 numbers of whatever shape
    long[] longs() {
        requireHeld(DataType.INT64, proto.getInt64DataCount(), Long.BYTES);
        long[] numbers = new long[count()];
        if (proto.hasRawData()) {
            raw().asLongBuffer().get(numbers);
        } else {
            Arrays.setAll(numbers, proto::getInt64Data);
        }
        return numbers;
    }

    /// @return whether these are FLOAT, every one of them zero
    boolean isZero() {
        if (proto.getDataType() != DataType.FLOAT.getNumber()) {
            return false;
        }
        for (float number : floats()) {
            if (number != 0) {
                return false;
            }
        }
        return true;
    }

    private int count() {
        try {
            if (shape().stream().allMatch(side -> side >= 0)) {
                return Math.toIntExact(shape().stream().reduce(1L, Math::multiplyExact));
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("tensor " + name + ": expected at most " + Integer.MAX_VALUE
                    + " numbers, found shape " + shape(), e);
        }
        throw new IllegalArgumentException("tensor " + name + ": expected a shape, found " + shape());
    }

    private ByteBuffer raw() {
        return proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// @param listed numbers in the list for that type, which stands for raw bytes where there are none
    private void requireHeld(DataType type, int listed, int bytes) {
        DataType given = DataType.forNumber(proto.getDataType());
        if (given != type) {
            throw new IllegalArgumentException("tensor " + name + ": expected " + type + ", found " + given);
        }
        if (proto.getDataLocation() == DataLocation.EXTERNAL) {
            throw new IllegalArgumentException("tensor " + name + ": expected its numbers in this file, found them"
                    + " elsewhere; save the model with its tensors inside");
        }
        long expected = (long) bytes * count();
        long found = proto.hasRawData() ? proto.getRawData().size() : (long) bytes * listed;
        if (found != expected) {
            throw new IllegalArgumentException("tensor " + name + ": expected " + expected + " bytes for shape "
                    + shape() + ", found " + found);
        }
    }
}
