package io.gatecast.series.judge;

import io.gatecast.series.Evaluation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Adds up how far the forecasts of the next step were off, and how far the last value and the value a season before
/// would have been in the same steps, so that a model that only repeats what it saw is seen to. What was forecast while
/// the series was cold counts, too: it went out. Steps without an observation count for nothing.
///
/// Memory: int64 beginning of the first step in the window; int32 steps in it, targets noted since the last [#end],
/// targets while cold, 0; then for each channel float64, in its own units:
///
///     0 to 9  sums, see [ErrorSums]
///     10      sum of seasonal differences, of all windows
///     11      their number
///     12      last value observed
///     13      1 where there is one
public final class Skill implements Judge {
    private static final int START = 0;
    private static final int STEPS = 8;
    private static final int NOTED = 12;
    private static final int COLD = 16;
    private static final int SERIES_BYTES = 24;

    private static final int SUMS = 0; // as ErrorSums has them; they begin anew with each window
    private static final int DIFFERENCE = 10;
    private static final int DIFFERENCES = 11;
    private static final int LAST = 12;
    private static final int KNOWN = 13;
    private static final int NUMBERS = 14;

    private final int channels;
    private final int median;
    private final boolean seasonal;
    private final int window;
    private final ErrorSums sums;

    /// @param levels   rising, the median 0.5 among them
    /// @param seasonal whether there is a season; without one MASE's unit is the mean distance from the last value
    /// @param window   steps that came true to an evaluation
    public Skill(int channels, float[] levels, boolean seasonal, int window) {
        this.channels = channels;
        this.median = Levels.median(levels);
        this.seasonal = seasonal;
        this.window = window;
        this.sums = new ErrorSums(levels);
    }

    @Override
    public int bytes() {
        return SERIES_BYTES + channels * NUMBERS * Double.BYTES;
    }

    /// Holds one channel's observation against what was forecast of it.
    ///
    /// @param quantiles `[Q]`, forecast one step before, in the channel's own units; NaN where nothing was
    /// @param observed  likewise; NaN = missing
    /// @param season    the value a season before; NaN where there is none
    /// @param cold      whether the series was cold when it was forecast
    public void take(ByteBuffer memory, int base, int channel, float[] quantiles, double observed, double season,
            boolean cold) {
        if (Double.isNaN(observed)) {
            return;
        }
        int at = channelAt(base, channel);
        boolean known = get(memory, at, KNOWN) != 0;
        double before = seasonal ? season : known ? get(memory, at, LAST) : Double.NaN;
        if (!Double.isNaN(before)) {
            add(memory, at, DIFFERENCE, Math.abs(observed - before));
            add(memory, at, DIFFERENCES, 1);
        }
        if (known && !Float.isNaN(quantiles[median])) {
            sums.note(memory, at + SUMS, quantiles, observed, get(memory, at, LAST), season);
            memory.putInt(base + NOTED, memory.getInt(base + NOTED) + 1);
            memory.putInt(base + COLD, memory.getInt(base + COLD) + (cold ? 1 : 0));
        }
        put(memory, at, LAST, observed);
        put(memory, at, KNOWN, 1);
    }

    /// Ends a step, after its channels were taken.
    ///
    /// @param bucket   its beginning, milliseconds since the epoch
    /// @param interval its length, milliseconds
    /// @return the evaluation of the window that it completes; null where it does not
    public @Nullable Evaluation end(ByteBuffer memory, int base, long bucket, long interval) {
        if (memory.getInt(base + NOTED) == 0) {
            return null;
        }
        int steps = memory.getInt(base + STEPS) + 1;
        if (steps == 1) {
            memory.putLong(base + START, bucket);
        }
        memory.putInt(base + STEPS, steps);
        memory.putInt(base + NOTED, 0);
        if (steps < window) {
            return null;
        }
        Evaluation evaluation = evaluation(memory, base, bucket + interval);
        forgetWindow(memory, base);
        return evaluation;
    }

    private void forgetWindow(ByteBuffer memory, int base) {
        memory.putInt(base + STEPS, 0);
        memory.putInt(base + COLD, 0);
        for (int c = 0; c < channels; c++) {
            ErrorSums.clear(memory, channelAt(base, c) + SUMS);
        }
    }

    private static int channelAt(int base, int channel) {
        return base + SERIES_BYTES + channel * NUMBERS * Double.BYTES;
    }

    private Evaluation evaluation(ByteBuffer memory, int base, long end) {
        ErrorSums.Total total = sums.total();
        for (int c = 0; c < channels; c++) {
            total.add(memory, channelAt(base, c) + SUMS, unit(memory, base, c));
        }
        return total.evaluation(1, memory.getLong(base + START), end, memory.getInt(base + COLD));
    }

    /// @return mean seasonal difference since the model took the series up, MASE's unit
    public static double unit(ByteBuffer memory, int base, int channel) {
        int at = channelAt(base, channel);
        return get(memory, at, DIFFERENCE) / get(memory, at, DIFFERENCES);
    }

    private static double get(ByteBuffer memory, int at, int number) {
        return memory.getDouble(at + number * Double.BYTES);
    }

    private static void put(ByteBuffer memory, int at, int number, double value) {
        memory.putDouble(at + number * Double.BYTES, value);
    }

    private static void add(ByteBuffer memory, int at, int number, double value) {
        put(memory, at, number, get(memory, at, number) + value);
    }
}
