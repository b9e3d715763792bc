package io.gatecast.streams;

import java.time.Duration;
import java.util.Optional;

/// How models that judge are watched by their online errors.
///
/// @param margin  share of the champion's error by which a canary's may be larger; empty = canaries are not watched
/// @param window  event time over which they are held against one another
/// @param targets that each of them must have had in it
/// @param drift   whether a champion whose error rises is to be trained again
public record OversightRules(Optional<Double> margin, Duration window, long targets, boolean drift) {

    /// @return whether there is anything to watch for
    public boolean isAsked() {
        return margin.isPresent() || drift;
    }
}
