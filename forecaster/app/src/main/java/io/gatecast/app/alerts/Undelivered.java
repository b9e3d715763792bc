package io.gatecast.app.alerts;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A receiver did not take what it was told. The message is one sentence.
final class Undelivered extends IOException {
    private final boolean mayPass;
    private final int attempts;
    private final @Nullable Duration retryAfter;

    /// @param mayPass    whether the same may be taken another time
    /// @param attempts   so far
    /// @param retryAfter what the receiver asks for; null = nothing
    Undelivered(String sentence, boolean mayPass, int attempts, @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(sentence, cause);
        this.mayPass = mayPass;
        this.attempts = attempts;
        this.retryAfter = retryAfter;
    }

    boolean mayPass() {
        return mayPass;
    }

    int attempts() {
        return attempts;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
