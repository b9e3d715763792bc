package io.gatecast.streams.query;

/// Nobody can say now: state is on the move between instances, or is being restored. Later, somebody can.
public final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param message a sentence for a person
    public NotReadyException(String message) {
        super(message);
    }

    /// @param message a sentence for a person
    public NotReadyException(String message, Throwable cause) {
        super(message, cause);
    }
}
