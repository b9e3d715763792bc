package io.gatecast.training.exchange;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A node of a graph, its attributes taken off one by one, so that one that nobody knew is refused, not passed over.
final class OnnxNode {
    private final NodeProto proto;
    private final Set<String> unknown = new TreeSet<>();

    OnnxNode(NodeProto proto) {
        this.proto = proto;
        proto.getAttributeList().forEach(attribute -> unknown.add(attribute.getName()));
        if (!proto.getDomain().isEmpty() && !proto.getDomain().equals("ai.onnx")) {
            throw refused("expected an operator of ONNX itself, found one of " + proto.getDomain());
        }
    }

    String type() {
        return proto.getOpType();
    }

    /// @return names of values; empty where an optional one is left out
    List<String> inputs() {
        return proto.getInputList();
    }

    /// @return the name of an input; empty where it is left out
    String input(int index) {
        return index < proto.getInputCount() ? proto.getInput(index) : "";
    }

    /// @return the name of an output; empty where it is left out
    String output(int index) {
        return index < proto.getOutputCount() ? proto.getOutput(index) : "";
    }

    /// @return an exception that says which node it is about
    IllegalArgumentException refused(String why) {
        String name = proto.getName().isEmpty() ? "that gives " + output(0) : proto.getName();
        return new IllegalArgumentException("node " + name + " (" + type() + "): " + why);
    }

    /// @return whether it has the attribute, which then counts as known
    boolean has(String name) {
        return attribute(name) != null;
    }

    long integer(String name, long otherwise) {
        AttributeProto attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getI();
    }

    float number(String name, float otherwise) {
        AttributeProto attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getF();
    }

    String text(String name, String otherwise) {
        AttributeProto attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getS().toStringUtf8();
    }

    List<String> texts(String name, List<String> otherwise) {
        AttributeProto attribute = attribute(name);
        return attribute == null
                ? otherwise
                : attribute.getStringsList().stream().map(ByteString::toStringUtf8).toList();
    }

    /// @return empty where it is left out
    List<Long> integers(String name) {
        AttributeProto attribute = attribute(name);
        return attribute == null ? List.of() : attribute.getIntsList();
    }

    @Nullable
    OnnxTensor tensor(String name) {
        AttributeProto attribute = attribute(name);
        return attribute == null ? null : new OnnxTensor(output(0), attribute.getT());
    }

    private @Nullable AttributeProto attribute(String name) {
        unknown.remove(name);
        return proto.getAttributeList().stream().filter(attribute -> attribute.getName().equals(name)).findFirst()
                .orElse(null);
    }

    /// Holds that every attribute was asked for.
    void requireNoMore() {
        if (!unknown.isEmpty()) {
            throw refused("expected no attribute " + String.join(", ", unknown) + ", which no cell of ours knows");
        }
    }
}
