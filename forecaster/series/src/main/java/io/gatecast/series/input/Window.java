package io.gatecast.series.input;

import java.util.Arrays;

/// The last values of a series, oldest first, so that the newest of a channel always lies at one index and a replay is
/// a walk through the array. Moving them all by one costs less than the arithmetic around a ring would.
public final class Window {
    private final int channels;
    private final int context;
    private final int words;
    /// `[channel][context]`, in the series' own units; NaN = before the first value
    public final float[] values;
    /// `[channel][words]`, which of them were filled in; bit 0 of word 0 is the newest
    public final long[] missing;

    public Window(int channels, int context) {
        this.channels = channels;
        this.context = context;
        this.words = wordsFor(context);
        this.values = new float[channels * context];
        this.missing = new long[channels * words];
        clear();
    }

    /// @return words of [#missing] for one channel
    public static int wordsFor(int context) {
        return (context + Long.SIZE - 1) / Long.SIZE;
    }

    public int channels() {
        return channels;
    }

    public int context() {
        return context;
    }

    /// Forgets everything.
    public void clear() {
        Arrays.fill(values, Float.NaN);
        Arrays.fill(missing, 0);
    }

    /// Moves a channel on by one value.
    ///
    /// @param filledIn whether the value was not observed
    public void push(int channel, float value, boolean filledIn) {
        int from = channel * context;
        System.arraycopy(values, from + 1, values, from, context - 1);
        values[from + context - 1] = value;
        long carry = filledIn ? 1 : 0;
        for (int w = channel * words; w < (channel + 1) * words; w++) {
            long out = missing[w] >>> (Long.SIZE - 1);
            missing[w] = missing[w] << 1 | carry;
            carry = out;
        }
    }

    /// @param age steps before the newest
    /// @return where in [#values] it lies
    public int at(int channel, int age) {
        return (channel + 1) * context - 1 - age;
    }

    /// @return whether the value of that age was filled in
    public boolean isMissing(int channel, int age) {
        return (missing[channel * words + age / Long.SIZE] >>> (age % Long.SIZE) & 1) != 0;
    }

    /// @return how many of the `steps` values that end at that age were filled in
    public int missing(int channel, int age, int steps) {
        int count = 0;
        int end = Math.min(context, age + steps);
        for (int from = age; from < end;) {
            int bit = from % Long.SIZE;
            int take = Math.min(Long.SIZE - bit, end - from);
            long bits = missing[channel * words + from / Long.SIZE] >>> bit;
            count += Long.bitCount(take == Long.SIZE ? bits : bits & ((1L << take) - 1));
            from += take;
        }
        return count;
    }

    /// Takes over the newest values of another window of the same channels, as many as there is room for.
    public void copyFrom(Window other) {
        clear();
        int kept = Math.min(context, other.context);
        for (int c = 0; c < channels; c++) {
            System.arraycopy(other.values, other.at(c, kept - 1), values, at(c, kept - 1), kept);
            System.arraycopy(other.missing, c * other.words, missing, c * words, Math.min(words, other.words));
        }
    }
}
