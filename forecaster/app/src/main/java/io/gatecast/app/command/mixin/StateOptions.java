package io.gatecast.app.command.mixin;

import io.gatecast.avro.State;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a version is to be: champion, unless something less is asked for.
public final class StateOptions {
    @Option(names = "--candidate", description = "Judge nothing with it yet.")
    private boolean candidate;

    @Option(names = "--shadow", description = "Run it beside the champion, for its evaluations only.")
    private boolean shadow;

    @Option(names = "--canary", paramLabel = "SHARE", converter = Shares.class, description = "Let it judge a share of the series in the champion's place, as in 5%%.")
    private @Nullable Double canary;

    /// @return whether one of them was asked for
    public boolean isTrial() {
        return candidate || shadow || canary != null;
    }

    public State state() {
        return canary != null
                ? State.CANARY
                : shadow ? State.SHADOW : candidate ? State.CANDIDATE : State.CHAMPION;
    }

    /// @return of the series, for a canary; 0 otherwise
    public double share() {
        return canary == null ? 0 : canary;
    }
}
