package io.gatecast.benchmarks.pipeline;

/// What becomes of an observation. Each writes one value of a forecast's size for every observation.
public enum Way {
    CONSUME_PRODUCE("consume and produce", false), PASS_THROUGH("Kafka Streams pass-through", false), NO_MODEL(
            "same topology, no model", true), OURS("Gatecast", true), ONNX_RUNTIME("steps by ONNX Runtime 1.29",
                    true), PYTORCH("steps by DJL 0.35.1, PyTorch 2.7.1", true);

    private final String label;
    private final boolean keepsState;

    Way(String label, boolean keepsState) {
        this.label = label;
        this.keepsState = keepsState;
    }

    /// @return as it stands in the table
    public String label() {
        return label;
    }

    /// @return whether it has a store of states
    boolean keepsState() {
        return keepsState;
    }
}
