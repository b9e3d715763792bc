package io.gatecast.series.judge;

import java.nio.ByteBuffer;

/// Keeps the stated coverage true, whatever the network believes: adaptive conformal inference (Gibbs & Candès 2021,
/// arXiv:2106.00263) as the quantile tracker of Angelopoulos, Candès & Tibshirani (2023), arXiv:2307.16895. Each level
/// τ but the median has an offset θ, which is moved after each observation y of which q was forecast one step before:
///
///     θ += γ (τ - 1{y below q + θ})
///
/// However the series behaves, the share of observations below then differs from τ by at most (range of θ) / (γ T)
/// after T of them. A forecaster that is right already loses about γ / (8 spread) of its pinball loss to the offset's
/// unrest, so γ is [#RATE] times the spread, the mean absolute error of the median: less than 1 %.
///
/// Offsets are in units of the series' scale. From the median outward a quantile is
/// pushed back to its inner neighbour where an offset would carry it past: quantiles never cross and the median is
/// never touched. While one is held back so, its offset is not wound up further. The price: where the median itself
/// lies beyond a level's true place, that side covers more than stated.
///
/// Memory: for each channel one float32 a level but the median (θ), then the spread and the number of errors it rests
/// on, which stops at [#MEMORY]. A point forecast, the median alone, states no coverage: nothing is kept, learned or moved.
public final class Calibration implements Judge {
    private static final float RATE = 0.05f;
    private static final int MEMORY = 50;
    private static final float LEAST_SPREAD = 1e-3f;
    private static final float OUTLIER = 5; // spreads: an error beyond counts as one of this size

    private final int channels;
    private final float[] levels;
    private final int median;

    /// @param levels rising, the median 0.5 among them
    public Calibration(int channels, float[] levels) {
        this.channels = channels;
        this.levels = levels.clone();
        this.median = Levels.median(levels);
    }

    @Override
    public int bytes() {
        return channels * channelBytes();
    }

    private int channelBytes() {
        return isPoint() ? 0 : (levels.length - 1 + 2) * Float.BYTES;
    }

    private boolean isPoint() {
        return levels.length == 1;
    }

    /// Learns from an observation.
    ///
    /// @param channel  which one
    /// @param raw      `[Q]` from `from`: the network's own quantiles of this observation, made one step before
    /// @param observed in the same units, those of the series' scale; nothing is learned where it is not finite
    public void update(ByteBuffer memory, int base, int channel, float[] raw, int from, float observed) {
        float centre = raw[from + median];
        if (isPoint() || !Float.isFinite(observed) || !Float.isFinite(centre)) {
            return;
        }
        int offsets = base + channel * channelBytes();
        float step = RATE * learnSpread(memory, offsets + (levels.length - 1) * Float.BYTES, observed - centre);
        float inner = centre;
        for (int q = median - 1; q >= 0; q--) {
            inner = updateLower(memory, place(offsets, q), levels[q], raw[from + q], inner, observed, step);
        }
        inner = centre;
        for (int q = median + 1; q < levels.length; q++) {
            inner = updateUpper(memory, place(offsets, q), levels[q], raw[from + q], inner, observed, step);
        }
    }

    private static float updateLower(ByteBuffer memory, int at, float level, float raw, float inner, float observed,
            float step) {
        float offset = memory.getFloat(at);
        float moved = raw + offset;
        float quantile = Math.min(moved, inner);
        if (observed < quantile) {
            memory.putFloat(at, offset - step * (1 - level));
        } else if (moved <= inner) {
            memory.putFloat(at, offset + step * level);
        }
        return quantile;
    }

    private static float updateUpper(ByteBuffer memory, int at, float level, float raw, float inner, float observed,
            float step) {
        float offset = memory.getFloat(at);
        float moved = raw + offset;
        float quantile = Math.max(moved, inner);
        if (observed > quantile) {
            memory.putFloat(at, offset + step * level);
        } else if (moved >= inner) {
            memory.putFloat(at, offset - step * (1 - level));
        }
        return quantile;
    }

    /// A mean over the last errors, deaf to outliers: else one wild reading would throw the offsets about for as long
    /// as it is remembered.
    private static float learnSpread(ByteBuffer memory, int at, float error) {
        float spread = memory.getFloat(at);
        float count = Math.min(memory.getFloat(at + Float.BYTES) + 1, MEMORY);
        float size = Math.min(Math.abs(error), Math.max(OUTLIER * spread, 1));
        spread += (size - spread) / count;
        memory.putFloat(at, spread);
        memory.putFloat(at + Float.BYTES, count);
        return Math.max(spread, LEAST_SPREAD);
    }

    /// Moves a channel's quantiles by what was learned of it.
    ///
    /// @param quantiles `[Q][horizon]` from `from`, in units of the series' scale, in place
    public void apply(ByteBuffer memory, int base, int channel, float[] quantiles, int from, int horizon) {
        int offsets = base + channel * channelBytes();
        for (int q = median - 1; q >= 0; q--) {
            float offset = memory.getFloat(place(offsets, q));
            int row = from + q * horizon;
            for (int h = row; h < row + horizon; h++) {
                quantiles[h] = Math.min(quantiles[h] + offset, quantiles[h + horizon]);
            }
        }
        for (int q = median + 1; q < levels.length; q++) {
            float offset = memory.getFloat(place(offsets, q));
            int row = from + q * horizon;
            for (int h = row; h < row + horizon; h++) {
                quantiles[h] = Math.max(quantiles[h] + offset, quantiles[h - horizon]);
            }
        }
    }

    /// @param level index, not that of the median
    /// @return how far the first channel's quantile of that level is moved
    float offset(ByteBuffer memory, int base, int level) {
        return memory.getFloat(place(base, level));
    }

    private int place(int offsets, int level) {
        return offsets + (level < median ? level : level - 1) * Float.BYTES;
    }
}
