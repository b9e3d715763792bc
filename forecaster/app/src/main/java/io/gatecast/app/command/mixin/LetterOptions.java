package io.gatecast.app.command.mixin;

import io.gatecast.streams.DeadLetterTopic.Letter;
import io.gatecast.streams.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which dead letters are meant.
public final class LetterOptions {
    @Option(names = "--reason", paramLabel = "REASON", split = ",", converter = Reasons.class, completionCandidates = Reasons.class, description = "Only those set aside for this reason: ${COMPLETION-CANDIDATES}.")
    private @Nullable List<Reason> reasons;

    @Option(names = "--from", paramLabel = "TIME", converter = Moments.class, description = "Only those set aside from this moment on, as in 2026-01-31T12:00:00Z.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "TIME", converter = Moments.class, description = "Only those set aside before this moment.")
    private @Nullable Long to;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, oldest first.")
    private @Nullable Integer limit;

    /// @return those that are meant, in their order
    public List<Letter> among(List<Letter> letters) {
        return letters.stream().filter(this::isMeant).limit(limit == null ? Long.MAX_VALUE : Math.max(0, limit))
                .toList();
    }

    private boolean isMeant(Letter letter) {
        long when = letter.when().toEpochMilli();
        return (reasons == null || reasons.stream().anyMatch(reason -> reason.text().equals(letter.reason())))
                && (from == null || when >= from) && (to == null || when < to);
    }
}
