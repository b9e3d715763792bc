package io.gatecast.series.input;

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
        double sum = 0;
        int known = 0;
        for (int i = at + 1 - window; i <= at; i++) {
            if (!Float.isNaN(history[i])) {
                sum += history[i];
                known++;
            }
        }
        return sum / known;
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

    /// @return where the newest value lies that is a whole number of seasons before a step ahead
    static int lastOfPhase(int at, int ahead, int season) {
        return at + ahead - season * ((ahead + season - 1) / season);
    }
}
