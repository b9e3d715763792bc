package io.gatecast.training.exchange;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// The small messages that a graph is put together from.
final class OnnxParts {
    private OnnxParts() {}

    static TensorProto floats(String name, float[] numbers, long... shape) {
        ByteBuffer bytes = littleEndian(Math.multiplyExact(Float.BYTES, numbers.length));
        bytes.asFloatBuffer().put(numbers);
        return tensor(name, DataType.FLOAT, bytes, shape);
    }

    static TensorProto longs(String name, long... numbers) {
        ByteBuffer bytes = littleEndian(Long.BYTES * numbers.length);
        bytes.asLongBuffer().put(numbers);
        return tensor(name, DataType.INT64, bytes, numbers.length);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static TensorProto tensor(String name, DataType type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber())
                .setRawData(UnsafeByteOperations.unsafeWrap(bytes)); // nobody else holds it
        for (long side : shape) {
            tensor.addDims(side);
        }
        return tensor.build();
    }

    /// @param inputs empty where an optional one is left out
    static NodeProto.Builder node(String type, String name, List<String> inputs, String... outputs) {
        return NodeProto.newBuilder().setOpType(type).setName(name).addAllInput(inputs)
                .addAllOutput(Arrays.asList(outputs));
    }

    static AttributeProto attribute(String name, long number) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(number).build();
    }

    static AttributeProto attribute(String name, String text) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(text)).build();
    }

    static AttributeProto list(String name, long... numbers) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        for (long number : numbers) {
            attribute.addInts(number);
        }
        return attribute.build();
    }

    /// What goes into a graph or out of it.
    ///
    /// @param shape a number, or a name for a side of any length
    static ValueInfoProto value(String name, Object... shape) {
        TensorShapeProto.Builder sides = TensorShapeProto.newBuilder();
        for (Object side : shape) {
            if (side instanceof Integer number) {
                sides.addDimBuilder().setDimValue(number);
            } else {
                sides.addDimBuilder().setDimParam(side.toString());
            }
        }
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()).setShape(sides)
                .build();
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(type)).build();
    }
}
