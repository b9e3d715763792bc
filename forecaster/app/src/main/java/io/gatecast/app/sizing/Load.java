package io.gatecast.app.sizing;

import java.time.Duration;

/// What is to be forecast.
///
/// @param keys        series
/// @param rate        observations of each, a second
/// @param hidden      units of each layer
/// @param layers      of the network
/// @param horizon     steps ahead
/// @param quantiles   of each step
/// @param season      steps of the longest season
/// @param retention   how long observations and forecasts are kept
/// @param replication copies of each topic
/// @param standby     copies of each state beside the one that works
public record Load(long keys, double rate, int hidden, int layers, int horizon, int quantiles, int season,
        Duration retention, int replication, int standby) {

    public Load {
        require("keys", keys);
        require("hidden", hidden);
        require("layers", layers);
        require("horizon", horizon);
        require("quantiles", quantiles);
        require("season", season);
        require("replication", replication);
        if (!(rate > 0)) {
            throw new IllegalArgumentException("rate: expected more than 0, found " + rate);
        }
        if (standby < 0) {
            throw new IllegalArgumentException("standby: expected 0 or more, found " + standby);
        }
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
        }
    }
}
