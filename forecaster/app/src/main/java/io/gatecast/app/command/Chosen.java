package io.gatecast.app.command;

import java.util.List;

/// What was listed in an option, each once.
final class Chosen {
    private Chosen() {}

    /// @throws IllegalArgumentException with a sentence, if nothing was
    static <T> List<T> of(String option, List<T> listed) {
        if (listed.isEmpty()) {
            throw new IllegalArgumentException(option + ": expected at least one, found none");
        }
        return listed.stream().distinct().toList();
    }
}
