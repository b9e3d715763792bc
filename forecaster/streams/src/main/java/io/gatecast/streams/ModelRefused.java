package io.gatecast.streams;

/// A model that cannot be used. The message is one sentence for a person: where it came from, what is wrong with it,
/// what was expected and what was found.
public final class ModelRefused extends RuntimeException {
    ModelRefused(String where, String fault) {
        super(where + ": " + fault);
    }

    ModelRefused(String where, String fault, Throwable cause) {
        super(where + ": " + fault, cause);
    }
}
