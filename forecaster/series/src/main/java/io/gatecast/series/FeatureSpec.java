package io.gatecast.series;

import java.util.List;

/// What a model is fed and how its answers are read: the grid of time, the seasons, the windows. It travels with the
/// weights, since neither means anything without the other.
///
/// @param intervalMillis length of a step, milliseconds
/// @param channels       values in an observation
/// @param seasons        season lengths in steps, rising; empty where there is none
/// @param horizon        steps ahead
/// @param recentLags     how many of the last values the network sees
/// @param scalingWindow  how many of the last values give location and scale
/// @param warmUp         steps after a cold start before the hidden state counts as warm
public record FeatureSpec(long intervalMillis, int channels, List<Integer> seasons, int horizon, int recentLags,
        int scalingWindow, int warmUp) {

    public FeatureSpec {
        require(intervalMillis > 0, "interval: expected more than 0 ms, found " + intervalMillis);
        require(channels > 0, "channels: expected at least 1, found " + channels);
        require(horizon > 0, "horizon: expected at least 1 step, found " + horizon);
        seasons = List.copyOf(seasons);
        for (int i = 0; i < seasons.size(); i++) {
            require(seasons.get(i) > 1 && (i == 0 || seasons.get(i) > seasons.get(i - 1)),
                    "seasonality: expected rising lengths of at least 2 steps, found " + seasons);
        }
        require(recentLags > 0, "recentLags: expected at least 1, found " + recentLags);
        require(scalingWindow > 1, "scalingWindow: expected at least 2, found " + scalingWindow);
        require(warmUp >= 0, "warmUp: expected at least 0, found " + warmUp);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
