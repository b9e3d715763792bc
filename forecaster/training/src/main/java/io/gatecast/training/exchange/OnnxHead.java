package io.gatecast.training.exchange;

import io.gatecast.training.exchange.OnnxValue.Answer;
import io.gatecast.training.exchange.OnnxValue.Seen;
import io.gatecast.training.exchange.OnnxValue.Signal;
import java.util.List;
import java.util.function.ToIntFunction;

/// From a MatMul or Gemm node to a linear head: `y = s W + b` of what it sees, s, where Gemm brings b with it and may
/// have W the other way round.
final class OnnxHead {
    private OnnxHead() {}

    /// @param width how wide a value is, F or F + X; -1 if it is none that a head can see
    static Answer read(OnnxNode node, OnnxValues values, ToIntFunction<OnnxValue> width) {
        OnnxValue sees = values.input(node, 0);
        int inputs = width.applyAsInt(sees);
        Signal top = sees instanceof Seen seen ? seen.top() : sees instanceof Signal signal ? signal : null;
        if (top == null || inputs < 0 || top.axes().indexOf('d') >= 0 || !top.axes().endsWith("f")) {
            throw node.refused("expected a linear head over a layer's outputs at each step or at the last one, found "
                    + node.input(0) + ", which is something else (last states, perhaps)");
        }
        OnnxTensor weight = values.tensor(node, 1);
        boolean gemm = node.type().equals("Gemm");
        boolean turned = gemm && node.integer("transB", 0) != 0;
        int outputs = outputs(weight, turned ? 0 : 1);
        float[] columns = turned
                ? HeadTensors.transposed(outputs, inputs, weight.floats(outputs, inputs))
                : weight.floats(inputs, outputs);
        if (gemm) {
            requirePlain(node, top);
        }
        boolean biased = gemm && !node.input(2).isEmpty();
        return new Answer(top, sees instanceof Seen, columns,
                biased ? values.tensor(node, 2).floats(outputs) : null);
    }

    private static int outputs(OnnxTensor weight, int side) {
        List<Long> shape = weight.shape();
        if (shape.size() != 2 || shape.get(side) < 1 || shape.get(side) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tensor " + weight.name() + ": expected a matrix, found " + shape);
        }
        return shape.get(side).intValue();
    }

    private static void requirePlain(OnnxNode node, Signal top) {
        if (node.integer("transA", 0) != 0 || node.number("alpha", 1) != 1 || node.number("beta", 1) != 1
                || top.axes().length() != 2) {
            throw node.refused("expected Gemm over [batch, F] with alpha 1, beta 1 and transA 0, found another");
        }
    }

    /// @return O
    static int outputs(Answer answer, ToIntFunction<OnnxValue> width) {
        return answer.columns().length / width.applyAsInt(answer.seesInputs() ? new Seen(answer.top()) : answer.top());
    }
}
