package io.gatecast.schemas;

/// The schema registry could not be reached, or refused. The message is one sentence for a person: which registry, what
/// was asked of it, what it said, what to check.
public final class RegistryException extends RuntimeException {
    private final Kind kind;

    /// Whose fault it is.
    enum Kind {
        /// It may be different in a while.
        UNREACHABLE,
        /// What was asked for is not there, or is no Avro schema.
        UNKNOWN_SCHEMA,
        /// Credentials, compatibility, and what else a person has to settle.
        REFUSED
    }

    RegistryException(String sentence, Kind kind, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    /// @return whether it may be different in a while; otherwise it is an answer, and will be the same again
    public boolean isUnreachable() {
        return kind == Kind.UNREACHABLE;
    }

    /// @return whether the registry knows no such schema, or none that is Avro: then whoever named it is at fault
    public boolean isUnknownSchema() {
        return kind == Kind.UNKNOWN_SCHEMA;
    }
}
