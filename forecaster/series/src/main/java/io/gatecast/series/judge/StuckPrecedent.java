package io.gatecast.series.judge;

/// Whether a sensor is stuck: how improbable so long a run of one value is. Where neighbours were the same with probability
/// q, a run of k has q^(k-1); a run hardly longer than one that was seen before is nothing new, so that a street is empty each night.
final class StuckPrecedent {
    private static final int LEAST_RUN = 8;
    private static final double LONGER = 1.5; // than any before
    private static final int LEAST_KNOWN = 100;
    private static final double SELDOM = 0.02; // neighbours that are the same: of a coarse counter a run tells nothing

    private StuckPrecedent() {}

    /// @param past   `[context]` of a channel from `first`, oldest first, in its own units; NaN = unknown
    /// @param newest where the value before this one lies
    /// @return digits, `-log10 p`, 0 to [Rarity#MOST]
    static double digits(float[] past, int first, int newest, float value) {
        int last = newest;
        while (last >= first && past[last] == value) {
            last--;
        }
        int run = newest - last + 1;
        if (run < LEAST_RUN) {
            return 0;
        }
        int known = 0, same = 0, longest = 0, current = 1;
        for (int i = last; i > first && !Float.isNaN(past[i - 1]); i--) {
            known++;
            boolean equal = past[i] == past[i - 1];
            same += equal ? 1 : 0;
            current = equal ? current + 1 : 1;
            longest = Math.max(longest, current);
        }
        if (known < LEAST_KNOWN || same > SELDOM * known || run <= LONGER * longest) {
            return 0;
        }
        return Math.min(Rarity.MOST, -(run - 1) * StrictMath.log10((same + 1.0) / (known + 2)));
    }
}
