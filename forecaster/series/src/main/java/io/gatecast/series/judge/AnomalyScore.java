package io.gatecast.series.judge;

import java.nio.ByteBuffer;

/// How improbable an observation is, given what was forecast for it one step before.
///
/// 1. **Under the forecast.** The quantiles, joined by straight lines, are a distribution; beyond the outer ones it
///    falls off exponentially, through the two outermost on either side. Twice the smaller tail at the observation is
///    p, and `-ln p` its surprise: for a forecast that is right, exponentially distributed with mean 1.
/// 2. **Under the series' own habits.** A series of wild noise surprises its forecaster all the time and should not cry
///    wolf. So the threshold t that one surprise in fifty exceeds is tracked, and the mean β of what exceeds it, as in
///    peaks over threshold (Siffer et al. 2017, doi:10.1145/3097983.3098144) with an exponential tail:
///    p = exp(-(s - t) / β) / 50. Neither may fall below what a right forecast gives (t = ln 50, β = 1): habit excuses,
///    it does not accuse. An excess is never taken for more than 3 β, and β forgets, so that an episode does not deafen
///    the series for long.
/// 3. **Over the channels.** The least p counts, times the number of channels observed (Bonferroni).
/// 4. **As a score.** With L = -log10 p the score is L / (L + 4): 0.5 is one observation in ten thousand, 0.6 one in a
///    million, 0.75 one in 10¹²; it approaches 1 slowly, so that two extremes can be told apart.
///
/// Memory: for each channel two float64, how far t and β lie above their least. Remembers which channel drove the last
/// score, so each thread makes its own.
public final class AnomalyScore implements Judge {
    private static final int CHANNEL_BYTES = 2 * Double.BYTES;
    private static final double HALF = 4;
    private static final double RARE = 0.02;
    private static final double LEAST_THRESHOLD = -StrictMath.log(RARE);
    private static final double THRESHOLD_RATE = 0.05;
    private static final double MEAN_RATE = 0.02;
    private static final double FORGETTING = 5e-5;
    private static final double OUTLIER = 3;
    private static final double LEAST_WIDTH = 1e-3; // in units of the series' scale: a flat line still has a tail

    private final int channels;
    private final double[] levels;
    private int channel = -1;

    /// @param levels rising, the median 0.5 among them
    public AnomalyScore(int channels, float[] levels) {
        Levels.median(levels);
        this.channels = channels;
        this.levels = new double[levels.length];
        for (int q = 0; q < levels.length; q++) {
            this.levels[q] = levels[q];
        }
    }

    @Override
    public int bytes() {
        return channels * CHANNEL_BYTES;
    }

    /// Judges an observation and learns from it.
    ///
    /// @param quantiles `[channel][Q]` from `from`: what was forecast for it one step before, calibrated
    /// @param observed  `[channel]`, in the same units, those of the series' scale; NaN = missing
    /// @return the score, 0 to 1; NaN where no channel was both forecast and observed, and for a point forecast: the
    ///         median alone does not say how far astray is improbable
    public double score(ByteBuffer memory, int base, float[] quantiles, int from, float[] observed) {
        channel = -1;
        double greatest = 0;
        int seen = 0;
        for (int c = 0; c < channels; c++) {
            double surprise = surprise(quantiles, from + c * levels.length, observed[c]);
            if (!Double.isNaN(surprise)) {
                double excused = excuse(memory, base + c * CHANNEL_BYTES, surprise);
                if (channel < 0 || excused > greatest) {
                    greatest = excused;
                    channel = c;
                }
                seen++;
            }
        }
        return seen == 0 ? Double.NaN : squash(greatest - StrictMath.log(seen));
    }

    /// @return the channel that drove the last score; -1 where it was NaN
    public int channel() {
        return channel;
    }

    private static double squash(double surprise) {
        double digits = Math.max(0, surprise) / StrictMath.log(10);
        return 1 - HALF / (digits + HALF); // digits / (digits + HALF), in a form that rounding keeps monotone
    }

    /// -ln of the two-sided tail; kept as a logarithm throughout, so that the far tail does not underflow.
    private double surprise(float[] quantiles, int from, float observed) {
        if (levels.length == 1 || !Float.isFinite(observed) || !allFinite(quantiles, from)) {
            return Double.NaN;
        }
        int last = levels.length - 1;
        double below = observed < quantiles[from]
                ? tail(levels[0], levels[1], quantiles[from] - (double) observed,
                        quantiles[from + 1] - (double) quantiles[from])
                : -StrictMath.log(shareBelow(quantiles, from, observed));
        double above = observed > quantiles[from + last]
                ? tail(1 - levels[last], 1 - levels[last - 1], observed - (double) quantiles[from + last],
                        quantiles[from + last] - (double) quantiles[from + last - 1])
                : -StrictMath.log(1 - shareStrictlyBelow(quantiles, from, observed));
        return Math.max(0, Math.max(below, above) - StrictMath.log(2));
    }

    /// -ln of an exponential tail that holds `outer` at the outermost quantile and `inner` at its neighbour.
    private static double tail(double outer, double inner, double beyond, double width) {
        double decay = inner > outer ? Math.max(width, LEAST_WIDTH) / StrictMath.log(inner / outer) : LEAST_WIDTH;
        return beyond / decay - StrictMath.log(outer);
    }

    /// P(Y <= y) for y not below the lowest quantile; where quantiles coincide, the highest of their levels.
    private double shareBelow(float[] quantiles, int from, float y) {
        int q = levels.length - 1;
        while (quantiles[from + q] > y) {
            q--;
        }
        return q == levels.length - 1 ? 1 : between(quantiles, from, q, y);
    }

    /// P(Y < y) for y not above the highest quantile; where quantiles coincide, the lowest of their levels.
    private double shareStrictlyBelow(float[] quantiles, int from, float y) {
        int q = 0;
        while (quantiles[from + q] < y) {
            q++;
        }
        return q == 0 ? 0 : between(quantiles, from, q - 1, y);
    }

    private double between(float[] quantiles, int from, int q, float y) {
        double low = quantiles[from + q];
        double high = quantiles[from + q + 1];
        return levels[q] + (levels[q + 1] - levels[q]) * ((y - low) / (high - low));
    }

    private boolean allFinite(float[] quantiles, int from) {
        for (int q = from; q < from + levels.length; q++) {
            if (!Float.isFinite(quantiles[q])) {
                return false;
            }
        }
        return true;
    }

    /// What is left of a surprise by the series' own habits, which then take note of it.
    private static double excuse(ByteBuffer memory, int at, double surprise) {
        double threshold = LEAST_THRESHOLD + memory.getDouble(at);
        double mean = 1 + memory.getDouble(at + Double.BYTES);
        double excess = surprise - threshold;
        double step = THRESHOLD_RATE * mean * (excess > 0 ? 1 - RARE : -RARE);
        double learned = excess > 0
                ? MEAN_RATE * (Math.min(excess, OUTLIER * mean) - mean)
                : FORGETTING * (1 - mean);
        memory.putDouble(at, Math.max(0, threshold + step - LEAST_THRESHOLD));
        memory.putDouble(at + Double.BYTES, Math.max(0, mean + learned - 1));
        return excess > 0
                ? LEAST_THRESHOLD + excess / mean
                : surprise * (LEAST_THRESHOLD / threshold);
    }
}
