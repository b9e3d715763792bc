package io.gatecast.training.exchange;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What ONNX Runtime answers to one sequence: every output by name, row-major.
final class OnnxRuntimeSays {
    private OnnxRuntimeSays() {}

    static Map<String, float[]> of(Path model, float[] x, int inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = {x.length / inputs, 1, inputs};
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model.toString(), options);
                    OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
                    OrtSession.Result result = session
                            .run(Map.of(session.getInputNames().iterator().next(), input))) {
                Map<String, float[]> answers = new HashMap<>();
                for (Map.Entry<String, OnnxValue> entry : result) {
                    answers.put(entry.getKey(), ((OnnxTensor) entry.getValue()).getFloatBuffer().array());
                }
                return answers;
            }
        }
    }
}
