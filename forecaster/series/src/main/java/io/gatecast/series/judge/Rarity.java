package io.gatecast.series.judge;

import java.nio.ByteBuffer;

/// How seldom a series shows a number as large as this one: the share of its own past that was larger, as digits,
/// `-log10 p`. The past is a histogram of quarter octaves; beyond the level that one in twenty exceeds, the tail is drawn
/// on as in peaks over threshold (Siffer et al. 2017, doi:10.1145/3097983.3098144), exponential in ln(1 + x / s): near
/// exponential for a tame series, a power law for a wild one. So a wild series does not cry wolf, and neither has a
/// threshold of its own to be set. Halved when it holds 4,000 numbers, it forgets over some thousand steps.
///
/// Nothing is said before 200 numbers are known; s is then three times their mean, and again at each halving. One absurd
/// number moves the bins by four octaves at most.
///
/// Memory: uint16 counts of the bins; int16 where they lie, int32 numbers counted; float64 s, the threshold and the mean
/// excess, the first of which is their sum while fewer than 200 are known.
public final class Rarity implements Judge {
    /// Digits beyond which a number is as rare as can be.
    static final double MOST = 8;
    static final int LEAST_KNOWN = 200;

    private static final int BINS = 64;
    private static final int OCTAVE = 4; // bins
    private static final double[] WITHIN_OCTAVE = {1, StrictMath.pow(2, 0.25), StrictMath.sqrt(2),
            StrictMath.pow(2, 0.75)};
    private static final int MIDDLE = BINS / 2;
    private static final int FARTHEST = 4 * OCTAVE; // that one number may move the bins: an absurd one must not move them away
    private static final int NOWHERE = 0; // the anchor before the first number above zero
    private static final int ANCHOR_OFFSET = 8192; // keeps an anchor above NOWHERE: doubles span 2098 octaves

    private static final int ANCHOR = 2 * BINS;
    private static final int COUNT = ANCHOR + 4;
    private static final int SCALE = COUNT + 4;
    private static final int THRESHOLD = SCALE + 8;
    private static final int EXCESS = THRESHOLD + 8;
    private static final int BYTES = EXCESS + 8;

    private static final int MEMORY = 4000;
    private static final int REVIEW = 16; // numbers between two looks at the tail
    private static final double TAIL = 0.05;
    private static final double PRIOR_COUNT = 3;
    private static final double PRIOR_EXCESS = 0.3;
    private static final double MEANS_TO_SCALE = 3;

    @Override
    public int bytes() {
        return BYTES;
    }

    /// Judges a number and learns from it.
    ///
    /// @param x 0 or more, finite
    /// @return digits, from 0 to [#MOST]; NaN while too little is known
    double of(ByteBuffer memory, int base, double x) {
        double digits = memory.getInt(base + COUNT) < LEAST_KNOWN ? Double.NaN : digits(memory, base, x);
        learn(memory, base, x);
        return digits;
    }

    private static double digits(ByteBuffer memory, int base, double x) {
        int known = memory.getInt(base + COUNT);
        double scale = memory.getDouble(base + SCALE);
        if (scale == 0) {
            return x > 0 ? MOST : 0; // never anything but zero
        }
        double beyond = StrictMath.log1p(x / scale) - memory.getDouble(base + THRESHOLD);
        if (beyond > 0) {
            double above = Math.max(PRIOR_COUNT, TAIL * known) + 0.5;
            return Math.min(MOST,
                    -StrictMath.log10(above / known) + beyond / (memory.getDouble(base + EXCESS) * StrictMath.log(10)));
        }
        int bin = bin(memory, base, x);
        double low = edge(memory, base, bin);
        double above = Math.clamp((edge(memory, base, bin + 1) - x) / (edge(memory, base, bin + 1) - low), 0, 1)
                * count(memory, base, bin);
        for (int b = bin + 1; b < BINS; b++) {
            above += count(memory, base, b);
        }
        return -StrictMath.log10((above + 0.5) / (known + 1));
    }

    private static void learn(ByteBuffer memory, int base, double number) {
        double x = number;
        if (x > 0 && memory.getShort(base + ANCHOR) == NOWHERE) {
            memory.putShort(base + ANCHOR, (short) (quarterOctave(x) - MIDDLE + ANCHOR_OFFSET));
        } else if (x > 0) {
            int above = quarterOctave(x) - (memory.getShort(base + ANCHOR) - ANCHOR_OFFSET) - (BINS - 1);
            if (above > FARTHEST) {
                x = Math.scalb(x, -((above - FARTHEST) / OCTAVE + 1));
                above = quarterOctave(x) - (memory.getShort(base + ANCHOR) - ANCHOR_OFFSET) - (BINS - 1);
            }
            if (above > 0) {
                raise(memory, base, above);
            }
        }
        int at = base + Short.BYTES * bin(memory, base, x);
        memory.putShort(at, (short) (memory.getShort(at) + 1));
        int known = memory.getInt(base + COUNT) + 1;
        memory.putInt(base + COUNT, known);
        if (known < LEAST_KNOWN) {
            memory.putDouble(base + SCALE, memory.getDouble(base + SCALE) + x);
        } else if (known == LEAST_KNOWN) {
            memory.putDouble(base + SCALE,
                    MEANS_TO_SCALE * (memory.getDouble(base + SCALE) + x) / LEAST_KNOWN);
            review(memory, base, known);
        } else if (known >= MEMORY) {
            halve(memory, base);
        } else if (known % REVIEW == 0) {
            review(memory, base, known);
        }
    }

    /// Makes room above; what falls out below goes to the first bin, which begins at zero.
    private static void raise(ByteBuffer memory, int base, int bins) {
        int small = 0;
        for (int b = 0; b <= Math.min(bins, BINS - 1); b++) {
            small += count(memory, base, b);
        }
        memory.putShort(base, (short) small);
        for (int b = 1; b < BINS; b++) {
            memory.putShort(base + Short.BYTES * b, (short) (b + bins < BINS ? count(memory, base, b + bins) : 0));
        }
        memory.putShort(base + ANCHOR, (short) (memory.getShort(base + ANCHOR) + bins));
    }

    private static void halve(ByteBuffer memory, int base) {
        int known = 0;
        for (int b = 0; b < BINS; b++) {
            int half = count(memory, base, b) / 2;
            memory.putShort(base + Short.BYTES * b, (short) half);
            known += half;
        }
        memory.putInt(base + COUNT, known);
        memory.putDouble(base + SCALE, MEANS_TO_SCALE * mean(memory, base, known));
        review(memory, base, known);
    }

    private static double mean(ByteBuffer memory, int base, int known) {
        double sum = 0;
        for (int b = 0; b < BINS; b++) {
            sum += count(memory, base, b) * (edge(memory, base, b) + edge(memory, base, b + 1)) / 2;
        }
        return sum / known;
    }

    /// Finds the threshold that one number in twenty exceeds, and the mean of what exceeds it.
    private static void review(ByteBuffer memory, int base, int known) {
        double scale = memory.getDouble(base + SCALE);
        if (scale == 0) {
            if (memory.getShort(base + ANCHOR) == NOWHERE) {
                return;
            }
            scale = MEANS_TO_SCALE * mean(memory, base, known); // zeros at first, but no longer
            memory.putDouble(base + SCALE, scale);
        }
        double tail = Math.max(PRIOR_COUNT, TAIL * known);
        int bin = BINS - 1;
        int above = 0;
        while (bin > 0 && above + count(memory, base, bin) < tail) { // a damaged record's counts may not add up
            above += count(memory, base, bin--);
        }
        double low = StrictMath.log1p(edge(memory, base, bin) / scale);
        double high = StrictMath.log1p(edge(memory, base, bin + 1) / scale);
        double share = Math.min(1, (tail - above) / Math.max(1, count(memory, base, bin)));
        double threshold = high - share * (high - low);
        double excess = (tail - above) * (high - threshold) / 2 + PRIOR_COUNT * PRIOR_EXCESS;
        for (int b = bin + 1; b < BINS; b++) {
            if (count(memory, base, b) > 0) { // most are empty, and logarithms dear
                low = StrictMath.log1p(edge(memory, base, b) / scale);
                high = StrictMath.log1p(edge(memory, base, b + 1) / scale);
                excess += count(memory, base, b) * ((low + high) / 2 - threshold);
            }
        }
        memory.putDouble(base + THRESHOLD, threshold);
        memory.putDouble(base + EXCESS, excess / (tail + PRIOR_COUNT));
    }

    private static int count(ByteBuffer memory, int base, int bin) {
        return memory.getShort(base + Short.BYTES * bin) & 0xffff;
    }

    /// The first holds all that is too small, zeros too; the last all that is too large.
    private static int bin(ByteBuffer memory, int base, double x) {
        int anchor = memory.getShort(base + ANCHOR);
        return anchor == NOWHERE || x == 0
                ? 0
                : Math.clamp(quarterOctave(x) - (anchor - ANCHOR_OFFSET), 0, BINS - 1);
    }

    /// @return where a bin begins
    private static double edge(ByteBuffer memory, int base, int bin) {
        if (bin == 0) {
            return 0;
        }
        int quarter = memory.getShort(base + ANCHOR) - ANCHOR_OFFSET + bin;
        return Math.scalb(WITHIN_OCTAVE[Math.floorMod(quarter, OCTAVE)], Math.floorDiv(quarter, OCTAVE));
    }

    /// @return 4 log2 x, rounded down
    private static int quarterOctave(double x) {
        int octave = Math.getExponent(x);
        double within = Math.scalb(x, -octave);
        int quarter = OCTAVE - 1;
        while (quarter > 0 && within < WITHIN_OCTAVE[quarter]) {
            quarter--;
        }
        return OCTAVE * octave + quarter;
    }
}
