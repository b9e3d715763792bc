package io.gatecast.schemas;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// A topic's value that is none of what the topic holds. The message is one sentence; [#fault] says it to a program.
public final class BadValue extends SerializationException {
    private final Fault fault;

    /// What is wrong with the bytes.
    public enum Fault {
        /// They do not begin as Confluent's wire format does, or are damaged.
        UNREADABLE,
        /// They name a schema that the registry does not have, or one that is not Avro.
        UNKNOWN_SCHEMA,
        /// They were written with a schema that cannot be read as the topic's.
        WRONG_SCHEMA
    }

    BadValue(Fault fault, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
