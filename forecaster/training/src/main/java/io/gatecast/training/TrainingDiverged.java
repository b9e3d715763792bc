package io.gatecast.training;

/// A training whose numbers are no longer finite; the message is one sentence that says where and what to try.
public final class TrainingDiverged extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TrainingDiverged(String sentence) {
        super(sentence);
    }
}
