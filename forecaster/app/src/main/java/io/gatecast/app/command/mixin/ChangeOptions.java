package io.gatecast.app.command.mixin;

import io.gatecast.app.kafka.Publisher.When;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// From when on a change of models counts, who makes it and why.
public final class ChangeOptions {
    @Option(names = "--lead", paramLabel = "TIME", converter = Durations.class, description = "How far ahead of the stream it begins to count, in event time (default: ten steps).")
    private @Nullable Duration lead;

    @Option(names = "--effective-from", paramLabel = "TIME", converter = Moments.class, description = "Event time from which it counts, as in 2026-01-31T12:00:00Z.")
    private @Nullable Long effectiveFrom;

    @Mixin
    private AuthorOptions author = new AuthorOptions();

    @Option(names = "--why", paramLabel = "TEXT", description = "Why; it stays with the model.")
    private @Nullable String why;

    public When when() {
        return new When(effectiveFrom == null ? null : Instant.ofEpochMilli(effectiveFrom), lead);
    }

    public String by() {
        return author.by();
    }

    /// @param otherwise what is said where nobody says why
    public String why(String otherwise) {
        return why == null ? otherwise : why;
    }
}
