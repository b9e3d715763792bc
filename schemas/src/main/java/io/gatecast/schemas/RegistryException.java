package io.gatecast.schemas;

/// The schema registry could not be reached, or refused. The message is one sentence for a person: which registry, what
/// was asked of it, what it said, what to check.
public final class RegistryException extends RuntimeException {
    private final boolean unreachable;

    RegistryException(String sentence, boolean unreachable, Throwable cause) {
        super(sentence, cause);
        this.unreachable = unreachable;
    }

    /// @return whether it may be different in a while; otherwise it is an answer, and will be the same again
    public boolean isUnreachable() {
        return unreachable;
    }
}
