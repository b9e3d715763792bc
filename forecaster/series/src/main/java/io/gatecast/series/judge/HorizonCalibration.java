package io.gatecast.series.judge;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/// Keeps the stated coverage true at every step ahead: a [Calibration] for each of the steps 1, 2, 4, 8, ... and the
/// farthest, between which offsets are interpolated along the logarithm of the step. A forecast of a far step is kept
/// until it has come true. There are at most [#PENDING] of them at a time, evenly spaced, so that what is kept does not
/// grow with the horizon. They are kept in the series' own units, since its scale moves in the meantime.
///
/// Memory: for each channel the calibrations, then for each far step its forecasts: an int, when it was made, and one
/// float32 a level.
public final class HorizonCalibration implements Judge {
    private static final int PENDING = 4;

    private final int channels;
    private final int levels;
    private final int median;
    private final int horizon;
    private final Calibration calibration;
    /// Steps ahead that are learned, rising from 1.
    private final int[] ahead;
    /// Of each learned step: steps between two of its forecasts that are kept, how many are, and where they begin among a
    /// channel's bytes.
    private final int[] every;
    private final int[] pending;
    private final int[] pendingFrom;
    private final int channelBytes;
    /// `[learned step]`, how far a level is moved there.
    private final float[] offsets;
    /// `[horizon]`, the learned step at or before each, and how far it lies on the way to the next one.
    private final int[] before;
    private final float[] share;
    private final float[] due;

    /// @param levels rising, the median 0.5 among them
    public HorizonCalibration(int channels, float[] levels, int horizon) {
        this.channels = channels;
        this.levels = levels.length;
        this.median = Levels.median(levels);
        this.horizon = horizon;
        this.calibration = new Calibration(1, levels);
        this.ahead = learned(horizon);
        this.offsets = new float[ahead.length];
        this.every = new int[ahead.length];
        this.pending = new int[ahead.length];
        this.pendingFrom = new int[ahead.length];
        int end = ahead.length * calibration.bytes();
        for (int i = 1; i < ahead.length; i++) {
            every[i] = Math.ceilDiv(ahead[i], PENDING);
            pending[i] = Math.ceilDiv(ahead[i], every[i]);
            pendingFrom[i] = end;
            end += pending[i] * pendingBytes();
        }
        this.channelBytes = isPoint() ? 0 : end;
        this.before = new int[horizon];
        this.share = new float[horizon];
        this.due = new float[levels.length];
        for (int h = 1; h <= horizon; h++) {
            int i = before[h - 1] = h == 1 ? 0 : before[h - 2] + (isReached(before[h - 2] + 1, h) ? 1 : 0);
            share[h - 1] = i + 1 == ahead.length
                    ? 0
                    : (float) (StrictMath.log(h / (double) ahead[i])
                            / StrictMath.log(ahead[i + 1] / (double) ahead[i]));
        }
    }

    private boolean isReached(int i, int h) {
        return i < ahead.length && h >= ahead[i];
    }

    private static int[] learned(int horizon) {
        IntStream powers = IntStream.iterate(1, step -> step < horizon, step -> 2 * step);
        return IntStream.concat(powers, IntStream.of(horizon)).toArray();
    }

    @Override
    public int bytes() {
        return channels * channelBytes;
    }

    private boolean isPoint() {
        return levels == 1;
    }

    private int pendingBytes() {
        return Integer.BYTES + levels * Float.BYTES;
    }

    private int calibrationAt(int base, int channel, int i) {
        return base + channel * channelBytes + i * calibration.bytes();
    }

    /// @return where the forecast of a learned step lies that was made at that step of time; -1 = none is kept
    private int pendingAt(int base, int channel, int i, int made) {
        if (Math.floorMod(made, every[i]) != 0) {
            return -1;
        }
        int slot = Math.floorMod(Math.floorDiv(made, every[i]), pending[i]);
        return base + channel * channelBytes + pendingFrom[i] + slot * pendingBytes();
    }

    /// @return a number for a step of time that is not 0, as in a fresh memory
    private static int mark(int made) {
        return made ^ Integer.MIN_VALUE;
    }

    /// Learns from an observation.
    ///
    /// @param now      its step on the grid of time, counted from anywhere
    /// @param next     `[Q]` from `from`: what the network said of it one step before, in units of the scale
    /// @param observed in units of the scale; nothing is learned where it is not finite
    public void update(ByteBuffer memory, int base, int channel, int now, float[] next, int from, float observed,
            Units units) {
        if (isPoint()) {
            return;
        }
        calibration.update(memory, calibrationAt(base, channel, 0), 0, next, from, observed);
        for (int i = 1; i < ahead.length; i++) {
            int made = now - ahead[i];
            int at = pendingAt(base, channel, i, made);
            if (at >= 0 && memory.getInt(at) == mark(made)) {
                for (int q = 0; q < levels; q++) {
                    due[q] = units.toUnits(channel, memory.getFloat(at + Integer.BYTES + q * Float.BYTES));
                }
                calibration.update(memory, calibrationAt(base, channel, i), 0, due, 0, observed);
            }
        }
    }

    /// Keeps what the network says of the steps that are learned, until it has come true.
    ///
    /// @param now    step of the newest observation
    /// @param answer `[Q][horizon]` from `from`, the network's own, in units of the scale
    public void keep(ByteBuffer memory, int base, int channel, int now, float[] answer, int from,
            Units units) {
        for (int i = 1; !isPoint() && i < ahead.length; i++) {
            int at = pendingAt(base, channel, i, now);
            if (at >= 0) {
                memory.putInt(at, mark(now));
                for (int q = 0; q < levels; q++) {
                    float value = units.toValue(channel, answer[from + q * horizon + ahead[i] - 1]);
                    memory.putFloat(at + Integer.BYTES + q * Float.BYTES, value);
                }
            }
        }
    }

    /// Moves the quantiles of the first `steps` steps ahead by what was learned.
    ///
    /// @param quantiles `[Q][steps]` from `from`, in units of the series' scale, in place
    public void apply(ByteBuffer memory, int base, int channel, float[] quantiles, int from, int steps) {
        for (int q = median - 1; q >= 0; q--) {
            readOffsets(memory, base, channel, q, steps);
            int row = from + q * steps;
            for (int h = 0; h < steps; h++) {
                quantiles[row + h] = Math.min(quantiles[row + h] + offset(h), quantiles[row + h + steps]);
            }
        }
        for (int q = median + 1; q < levels; q++) {
            readOffsets(memory, base, channel, q, steps);
            int row = from + q * steps;
            for (int h = 0; h < steps; h++) {
                quantiles[row + h] = Math.max(quantiles[row + h] + offset(h), quantiles[row + h - steps]);
            }
        }
    }

    /// Those that the first `steps` steps need.
    private void readOffsets(ByteBuffer memory, int base, int channel, int level, int steps) {
        int last = Math.min(before[steps - 1] + 1, ahead.length - 1);
        for (int i = 0; i <= last; i++) {
            offsets[i] = calibration.offset(memory, calibrationAt(base, channel, i), level);
        }
    }

    private float offset(int h) {
        float here = offsets[before[h]];
        return share[h] == 0 ? here : Math.fma(share[h], offsets[before[h] + 1] - here, here);
    }
}
