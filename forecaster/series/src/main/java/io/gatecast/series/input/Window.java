package io.gatecast.series.input;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
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
    private static int wordsFor(int context) {
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
        missing[(channel + 1) * words - 1] &= ones(0, context - (words - 1) * Long.SIZE); // what has left leaves no trace
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

    /// @return bytes that [#give] writes; in a long, so that damaged sizes cannot overflow
    public static long bytes(long channels, long count) {
        return channels * (Float.BYTES * count + Long.BYTES * ((count + Long.SIZE - 1) / Long.SIZE));
    }

    /// Writes the newest of each channel: float32 values `[channel][count]`, oldest first, then as uint64
    /// `[channel][wordsFor(count)]` which of them were filled in, bit 0 of word 0 the newest.
    public void give(ByteBuffer out, int count) {
        FloatBuffer floats = out.asFloatBuffer();
        for (int c = 0; c < channels; c++) {
            floats.put(values, at(c, count) + 1, count);
        }
        LongBuffer bits = out.position(out.position() + channels * count * Float.BYTES).asLongBuffer();
        int given = wordsFor(count);
        for (int c = 0; c < channels; c++) {
            bits.put(missing, c * words, given);
        }
        out.position(out.position() + channels * given * Long.BYTES);
    }

    /// Takes over what [#give] wrote, as much as there is room for; all else is left as it is.
    ///
    /// @param count of each channel
    /// @param age   of their newest here; below 0 where it is newer than this window: so many are passed over then
    public void take(ByteBuffer in, int count, int age) {
        int first = Math.max(0, age), passedOver = first - age;
        int taken = Math.min(count - passedOver, context - first);
        if (taken <= 0) {
            in.position(in.position() + (int) bytes(channels, count));
            return;
        }
        FloatBuffer floats = in.asFloatBuffer();
        for (int c = 0; c < channels; c++) {
            floats.get((c + 1) * count - passedOver - taken, values, at(c, first + taken) + 1, taken);
        }
        LongBuffer bits = in.position(in.position() + channels * count * Float.BYTES).asLongBuffer();
        long[] row = new long[wordsFor(count)];
        for (int c = 0; c < channels; c++) {
            bits.get(row);
            for (int w = first / Long.SIZE; w < wordsFor(first + taken); w++) {
                long here = ones(first - w * Long.SIZE, first + taken - w * Long.SIZE);
                int at = c * words + w;
                missing[at] = missing[at] & ~here | from(row, w * Long.SIZE - age) & here;
            }
        }
        in.position(in.position() + channels * row.length * Long.BYTES);
    }

    /// @return 64 bits of a long row from one of them on; 0 outside
    private static long from(long[] row, int bit) {
        int word = Math.floorDiv(bit, Long.SIZE), within = Math.floorMod(bit, Long.SIZE);
        long low = word >= 0 && word < row.length ? row[word] >>> within : 0;
        boolean spans = within > 0 && word + 1 >= 0 && word + 1 < row.length;
        return spans ? low | row[word + 1] << (Long.SIZE - within) : low;
    }

    /// @return ones from a bit to before another; what lies outside 0 to 64 is cut off
    private static long ones(int from, int to) {
        long low = from <= 0 ? -1L : -1L << from;
        return to >= Long.SIZE ? low : low & ~(-1L << to);
    }
}
