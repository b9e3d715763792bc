package io.gatecast.series;

/// What there is to see of a series between two observations.
///
/// @param steps        since it began, filled-in ones included
/// @param lastTime     beginning of its newest step, milliseconds since the epoch
/// @param rewarmed     whether the state was written under another model and had to be replayed through this one
/// @param times        of the steps that are remembered, oldest first, milliseconds since the epoch
/// @param values       `[channel][step]`, what came, in the series' own units; NaN before the first value
/// @param filledIn     `[channel][step]`, whether nothing came and the value is what was expected
/// @param forecast     the one that went out for the newest step
public record SeriesView(int steps, long lastTime, boolean rewarmed, long[] times, float[][] values,
        boolean[][] filledIn, Forecast forecast) {}
