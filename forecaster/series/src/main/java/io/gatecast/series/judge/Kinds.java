package io.gatecast.series.judge;

import io.gatecast.series.AnomalyEvent.Kind;

/// What is wrong, as a person would call it: from the values since an episode opened, held against those before it. At the
/// opening little can be told but a spike or a line gone flat; the later, the surer. Where the model has a season,
/// deviations are from the values a season before, so that a rising morning is no trend.
public final class Kinds {
    private static final int BASE = 60; // steps before the opening
    private static final int LEAST_BASE = 12;
    private static final int FLAT = 8; // equal values in a row
    private static final int RETURNED = 3; // steps within the usual that make a spike of what came before
    private static final double USUAL = 3.5; // standard deviations
    private static final int LEAST_TREND = 6;
    private static final double GROWS = 0.85; // correlation with time
    private static final double ONE_SIDED = 0.8;
    private static final double WIDER = 2;
    private static final double FLATTENED = 0.4;

    private Kinds() {}

    /// @param value the newest, which `past` does not hold yet
    /// @param age   steps since the opening; 0 = the step that opens it
    public static Kind of(Past past, int channel, float value, int age) {
        Look look = new Look(past, channel, value);
        if (look.isFlat()) {
            return Kind.FLAT_LINE;
        }
        int base = Math.min(BASE, look.deviations() - age - 1);
        if (base < LEAST_BASE) {
            return Kind.IMPROBABLE;
        }
        double mean = look.mean(age + 1, base), spread = look.spread(age + 1, base, mean);
        if (look.seasonIsMissing(age)) {
            return Kind.MISSING_SEASON;
        }
        int steps = age + 1, above = 0, wide = 0;
        for (int i = 0; i < steps; i++) {
            double deviation = look.deviation(i) - mean;
            above += deviation > 0 ? 1 : 0;
            wide += Math.abs(deviation) > USUAL * spread ? 1 : 0;
        }
        boolean returned = steps > RETURNED && look.isUsual(RETURNED, mean, USUAL * spread);
        boolean oneSided = Math.max(above, steps - above) >= ONE_SIDED * steps;
        if (steps <= 2 || returned && wide <= Math.max(2, steps / 6)) {
            return Kind.SPIKE;
        }
        if (steps >= LEAST_TREND && look.growth(steps) > GROWS) {
            return Kind.TREND_CHANGE;
        }
        if (oneSided && !returned) {
            return Kind.LEVEL_SHIFT;
        }
        return look.spread(0, steps, look.mean(0, steps)) > WIDER * spread ? Kind.VARIANCE_CHANGE : Kind.IMPROBABLE;
    }

    /// Values by age: 0 is the newest.
    private record Look(Past past, int channel, float value) {

        private int known() {
            int oldest = past.first(channel);
            while (oldest <= past.newest(channel) && Float.isNaN(past.values()[oldest])) {
                oldest++;
            }
            return past.newest(channel) - oldest + 2;
        }

        private double at(int age) {
            return age == 0 ? value : past.values()[past.newest(channel) + 1 - age];
        }

        /// @return how many there are: all values, or those that have another a season before
        int deviations() {
            return Math.max(known() - past.season(), 0);
        }

        double deviation(int age) {
            return past.season() == 0 ? at(age) : at(age) - at(age + past.season());
        }

        double mean(int from, int count) {
            double sum = 0;
            for (int i = from; i < from + count; i++) {
                sum += deviation(i);
            }
            return sum / count;
        }

        double spread(int from, int count, double mean) {
            double sum = 0;
            for (int i = from; i < from + count; i++) {
                sum += (deviation(i) - mean) * (deviation(i) - mean);
            }
            return StrictMath.sqrt(sum / count);
        }

        boolean isUsual(int steps, double mean, double most) {
            for (int i = 0; i < steps; i++) {
                if (Math.abs(deviation(i) - mean) > most) {
                    return false;
                }
            }
            return true;
        }

        /// @return whether the last values are all the same where before they seldom were
        boolean isFlat() {
            if (known() < FLAT + BASE) {
                return false;
            }
            for (int i = 1; i < FLAT; i++) {
                if (at(i) != at(0)) {
                    return false;
                }
            }
            int same = 0;
            for (int i = FLAT; i < FLAT + BASE - 1; i++) {
                same += at(i) == at(i + 1) ? 1 : 0;
            }
            return 2 * same < BASE;
        }

        /// @return whether the values since the opening, and at least half a season, hardly move where a season before they did
        boolean seasonIsMissing(int age) {
            int season = past.season(), steps = Math.max(age + 1, season / 2);
            if (season < 4 || known() < steps + season || age < 2) {
                return false;
            }
            return range(0, steps) < FLATTENED * range(season, steps);
        }

        private double range(int from, int count) {
            double least = at(from), most = least;
            for (int i = from + 1; i < from + count; i++) {
                least = Math.min(least, at(i));
                most = Math.max(most, at(i));
            }
            return most - least;
        }

        /// @return correlation of the deviations with time
        double growth(int steps) {
            double mean = mean(0, steps), middle = (steps - 1) / 2.0, both = 0, own = 0, time = 0;
            for (int i = 0; i < steps; i++) {
                double d = deviation(i) - mean, t = i - middle;
                both += d * t;
                own += d * d;
                time += t * t;
            }
            return own == 0 ? 0 : Math.abs(both) / StrictMath.sqrt(own * time);
        }
    }
}
