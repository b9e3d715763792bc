package io.gatecast.series.judge;

import io.gatecast.series.Evaluation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// As [Skill], of forecasts farther ahead than the next step: those that went out are kept until they have come true. Of each
/// step ahead at most [#PENDING] are kept at a time, evenly spaced, so that what is kept does not grow with the horizon. They
/// count in the window in which they come true.
///
/// Memory: int32, which steps ahead these bytes are of; int32 0; then for each step ahead and channel [ErrorSums], float64
/// targets forecast while cold, and the forecasts: an int, when it was made, an int, 1 where the series was cold, float32 the
/// last value then, and one float32 a level.
public final class HorizonSkill implements Judge {
    private static final int PENDING = 8;
    private static final int HEADER = 2 * Integer.BYTES;
    private static final int COLD = ErrorSums.NUMBERS * Double.BYTES;
    private static final int SUMS = COLD + Double.BYTES;
    private static final int FORECAST_HEADER = 3 * Integer.BYTES;

    private final int channels;
    private final int levels;
    private final int[] ahead;
    private final int tag;
    private final int season;
    private final ErrorSums sums;
    private final float[] due;

    /// @param levels  rising, the median 0.5 among them
    /// @param ahead   which steps ahead, each more than 1
    /// @param horizon the model's; what lies beyond it is passed over
    /// @param season  length of the season, in steps; 0 = none. Farther ahead than that, the value a season before was not
    ///                known yet
    public HorizonSkill(int channels, float[] levels, List<Integer> ahead, int horizon, int season) {
        this.channels = channels;
        this.levels = levels.length;
        this.ahead = ahead.stream().filter(step -> step > 1 && step <= horizon).mapToInt(Integer::intValue).toArray();
        this.tag = Arrays.hashCode(this.ahead);
        this.season = season;
        this.sums = new ErrorSums(levels);
        this.due = new float[levels.length];
    }

    @Override
    public int bytes() {
        return ahead.length == 0 ? 0 : at(0, ahead.length, 0);
    }

    private int forecastBytes() {
        return FORECAST_HEADER + levels * Float.BYTES;
    }

    private int channelBytes(int i) {
        return SUMS + pending(i) * forecastBytes();
    }

    /// @return steps between two forecasts that are kept
    private int every(int i) {
        return Math.ceilDiv(ahead[i], PENDING);
    }

    private int pending(int i) {
        return Math.ceilDiv(ahead[i], every(i));
    }

    private int at(int base, int i, int channel) {
        int at = base + HEADER;
        for (int k = 0; k < i; k++) {
            at += channels * channelBytes(k);
        }
        return i == ahead.length ? at : at + channel * channelBytes(i);
    }

    /// @return where the forecast lies that was made at a step of time; -1 = none is kept
    private int forecastAt(int base, int i, int channel, int made) {
        if (Math.floorMod(made, every(i)) != 0) {
            return -1;
        }
        int slot = Math.floorMod(Math.floorDiv(made, every(i)), pending(i));
        return at(base, i, channel) + SUMS + slot * forecastBytes();
    }

    /// @return a number for a step of time that is not 0, as in a fresh memory
    private static int mark(int made) {
        return made ^ Integer.MIN_VALUE;
    }

    /// What was kept of other steps ahead means nothing here.
    private void claim(ByteBuffer memory, int base) {
        if (memory.getInt(base) != tag) {
            for (int at = base; at < base + bytes(); at += Integer.BYTES) {
                memory.putInt(at, 0);
            }
            memory.putInt(base, tag);
        }
    }

    /// Keeps what went out.
    ///
    /// @param now      step of the newest observation, counted from anywhere
    /// @param forecast `[horizon][channel][quantile]`, in the series' own units
    /// @param last     the channel's last value
    public void keep(ByteBuffer memory, int base, int channel, int now, float[] forecast, float last, boolean cold) {
        if (ahead.length == 0) {
            return;
        }
        claim(memory, base);
        for (int i = 0; i < ahead.length; i++) {
            int at = forecastAt(base, i, channel, now);
            if (at >= 0) {
                memory.putInt(at, mark(now));
                memory.putInt(at + Integer.BYTES, cold ? 1 : 0);
                memory.putFloat(at + 2 * Integer.BYTES, last);
                int from = ((ahead[i] - 1) * channels + channel) * levels;
                for (int q = 0; q < levels; q++) {
                    memory.putFloat(at + FORECAST_HEADER + q * Float.BYTES, forecast[from + q]);
                }
            }
        }
    }

    /// Holds one channel's observation against what was forecast of it, at all steps ahead.
    ///
    /// @param now          its step
    /// @param observed     in the channel's own units; NaN = missing
    /// @param seasonBefore the value a season before; NaN where there is none
    public void take(ByteBuffer memory, int base, int channel, int now, double observed, double seasonBefore) {
        if (ahead.length == 0 || Double.isNaN(observed)) {
            return;
        }
        claim(memory, base);
        for (int i = 0; i < ahead.length; i++) {
            int made = now - ahead[i];
            int at = forecastAt(base, i, channel, made);
            if (at >= 0 && memory.getInt(at) == mark(made)) {
                for (int q = 0; q < levels; q++) {
                    due[q] = memory.getFloat(at + FORECAST_HEADER + q * Float.BYTES);
                }
                int into = at(base, i, channel);
                sums.note(memory, into, due, observed, memory.getFloat(at + 2 * Integer.BYTES),
                        ahead[i] <= season ? seasonBefore : Double.NaN);
                memory.putDouble(into + COLD, memory.getDouble(into + COLD) + memory.getInt(at + Integer.BYTES));
            }
        }
    }

    /// What MASE is measured in.
    public interface UnitOf {
        double channel(int channel);
    }

    /// Ends a window.
    ///
    /// @return one for each step ahead of which anything came true
    public List<Evaluation> end(ByteBuffer memory, int base, long start, long end, UnitOf unit) {
        if (ahead.length == 0) {
            return List.of();
        }
        claim(memory, base);
        List<Evaluation> evaluations = new ArrayList<>();
        for (int i = 0; i < ahead.length; i++) {
            ErrorSums.Total total = sums.total();
            double cold = 0;
            for (int c = 0; c < channels; c++) {
                int at = at(base, i, c);
                total.add(memory, at, unit.channel(c));
                cold += memory.getDouble(at + COLD);
                ErrorSums.clear(memory, at);
                memory.putDouble(at + COLD, 0);
            }
            if (total.targets() > 0) {
                evaluations.add(total.evaluation(ahead[i], start, end, (int) Math.round(cold)));
            }
        }
        return List.copyOf(evaluations);
    }
}
