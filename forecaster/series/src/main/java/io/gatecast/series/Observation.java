package io.gatecast.series;

/// What was measured at one moment.
///
/// @param timestamp event time, milliseconds since the epoch
/// @param values    one a channel, in the series' own units; NaN = missing
public record Observation(long timestamp, double... values) {}
