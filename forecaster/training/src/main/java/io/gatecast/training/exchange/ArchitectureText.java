package io.gatecast.training.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.network.Architecture;
import org.jspecify.annotations.Nullable;

/// An [Architecture] as JSON, its fields by their names: what goes into a file's metadata, because tensors alone do not
/// say what a head's outputs mean.
final class ArchitectureText {
    /// Among a file's metadata.
    static final String KEY = "gatecast.architecture";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ArchitectureText() {}

    /// Their files take all inputs from the caller.
    ///
    /// @throws IllegalArgumentException with a sentence, if there is one
    static void requireNoEmbedding(Architecture architecture) {
        if (architecture.embedding() != null) {
            throw new IllegalArgumentException(
                    "embedding: a network that makes part of its inputs of a category cannot be"
                            + " exported; keep it as a model file of Gatecast");
        }
    }

    static String of(Architecture architecture) {
        try {
            return JSON.writeValueAsString(architecture);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an architecture that is no JSON: " + architecture, e);
        }
    }

    /// @param text null where there is none
    /// @throws IllegalArgumentException if it is none
    static @Nullable Architecture read(@Nullable String text) {
        try {
            return text == null ? null : JSON.readValue(text, Architecture.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("metadata " + KEY + ": expected an architecture as Gatecast writes it: "
                    + e.getOriginalMessage(), e);
        }
    }
}
