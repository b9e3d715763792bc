package io.gatecast.series.input;

import io.gatecast.network.kernel.WindowSums;

/// The mean course of a season, about the level at which the last one lay:
///
///     profile(t + h) = mean_k x(t + h - k s) + level(1) - level(n)
///
/// over the last n whole seasons of length s, with level(k) the mean of the last k of them. One season repeats its own
/// noise; the mean of n does not, and the shift follows a series whose level has moved.
///
/// @param season  its length in steps
/// @param seasons how many whole ones are known, n
/// @param shift   level(1) - level(n)
public record Profile(int season, int seasons, double shift) {

    /// @param history values of the channel, NaN = before the first
    /// @param at      where the newest lies; the `window` values that end there count
    public static Profile of(float[] history, int at, int season, int window) {
        int seasons = wholeSeasons(history, at, season, window);
        return new Profile(season, seasons, seasons < 2
                ? 0
                : mean(history, at, season) - mean(history, at, seasons * season));
    }

    /// @return how many whole seasons are known among the last `window` values
    static int wholeSeasons(float[] history, int at, int season, int window) {
        int seasons = 0;
        while ((seasons + 1) * season <= window && !Float.isNaN(history[at + 1 - (seasons + 1) * season])) {
            seasons++;
        }
        return seasons;
    }

    /// @return the mean of the values known among the last `window`; NaN where none is
    static double mean(float[] history, int at, int window) {
        int from = at + 1 - window, known = WindowSums.known(history, from, at + 1);
        return WindowSums.sum(history, from, at + 1, known) / known;
    }

    /// @param ahead steps after the newest value, at least 1
    /// @return what is to be expected there; before one season has passed, the value a season before, NaN where that is
    ///         unknown
    public float at(float[] history, int at, int ahead) {
        int newest = lastOfPhase(at, ahead, season);
        if (seasons < 2) {
            return history[newest];
        }
        double sum = 0;
        for (int k = 0; k < seasons; k++) {
            sum += history[newest - k * season];
        }
        return (float) (sum / seasons + shift);
    }

    /// Writes [#at] for each step of a horizon, four side by side; after a season it repeats itself.
    void write(float[] history, int at, int horizon, float[] expected, int to) {
        int first = Math.min(horizon, season);
        int h = 1;
        for (; seasons > 1 && h + 4 <= first + 1; h += 4) {
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int k = 0, place = at + h - season; k < seasons; k++, place -= season) {
                s0 += history[place];
                s1 += history[place + 1];
                s2 += history[place + 2];
                s3 += history[place + 3];
            }
            expected[to + h - 1] = (float) (s0 / seasons + shift);
            expected[to + h] = (float) (s1 / seasons + shift);
            expected[to + h + 1] = (float) (s2 / seasons + shift);
            expected[to + h + 2] = (float) (s3 / seasons + shift);
        }
        for (; h <= first; h++) {
            expected[to + h - 1] = at(history, at, h);
        }
        for (; h <= horizon; h++) {
            expected[to + h - 1] = expected[to + h - 1 - season];
        }
    }

    /// @return where the newest value lies that is a whole number of seasons before a step ahead
    private static int lastOfPhase(int at, int ahead, int season) {
        return at + ahead - season * ((ahead + season - 1) / season);
    }
}
