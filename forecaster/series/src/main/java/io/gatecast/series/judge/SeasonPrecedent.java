package io.gatecast.series.judge;

/// How far a value lies from the nearest that was seen at about this time of the season, in any of the last seasons that
/// are remembered. One precedent excuses: what happens each Sunday is nothing new on a Sunday.
final class SeasonPrecedent {
    private static final int SEASONS = 7; // days of a week
    private static final int EARLIER_OR_LATER = 2; // steps

    private SeasonPrecedent() {}

    /// @param past   `[context]` of a channel from `first`, oldest first, in its own units; NaN = unknown
    /// @param newest where the value before this one lies
    /// @param season steps
    /// @return 0 or more; NaN where there is no precedent
    static double distance(float[] past, int first, int newest, int season, float value) {
        double least = Double.POSITIVE_INFINITY;
        for (int k = 1; k <= SEASONS; k++) {
            int same = newest + 1 - k * season;
            int to = Math.min(newest, same + EARLIER_OR_LATER);
            for (int i = Math.max(first, same - EARLIER_OR_LATER); i <= to; i++) {
                double distance = Math.abs((double) value - past[i]);
                if (distance < least) { // never for NaN
                    least = distance;
                }
            }
        }
        return least == Double.POSITIVE_INFINITY ? Double.NaN : least;
    }
}
