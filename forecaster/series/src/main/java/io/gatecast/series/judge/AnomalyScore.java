package io.gatecast.series.judge;

import java.nio.ByteBuffer;

/// How improbable an observation is, by three witnesses.
///
/// 1. **The forecast.** How far in the tail of what was forecast for it one step before ([Surprise]).
/// 2. **The season.** How far from all that was seen at about this time of the last seasons ([SeasonPrecedent]).
/// 3. **The shape.** How unlike anything before the last values are ([ShapePrecedent]).
///
/// What each says is held against what it usually says of this series ([Rarity]): a series of wild noise surprises its
/// forecaster all the time and should not cry wolf. Before enough is known of a series, the forecast is taken at its word
/// and the others keep quiet, as they do where the model's window is too short to remember a season or a shape. Together
/// they make one p ([Witnesses]). A sensor that is stuck contradicts none of them, so that is asked beside
/// ([StuckPrecedent]); the graver of the two counts. Over the channels the least counts, times the number of channels observed (Bonferroni).
///
/// With L = -log10 p the score is L / (L + 4): 0.5 is one observation in ten thousand, 0.6 one in a million; it
/// approaches 1 slowly, so that two extremes can be told apart.
///
/// Memory: for each channel three of [Rarity]. Holds scratch memory for one thread, and remembers which channel drove the
/// last score.
public final class AnomalyScore implements Judge {
    private static final double HALF = 4;
    private static final double LN10 = StrictMath.log(10);
    private static final int WITNESSES = 3;

    private final int channels;
    private final int levels;
    private final Surprise surprise;
    private final ShapePrecedent shape = new ShapePrecedent();
    private final Rarity rarity = new Rarity();
    private int channel = -1;

    /// @param levels rising, the median 0.5 among them
    public AnomalyScore(int channels, float[] levels) {
        this.channels = channels;
        this.levels = levels.length;
        this.surprise = new Surprise(levels);
    }

    @Override
    public int bytes() {
        return channels * WITNESSES * rarity.bytes();
    }

    /// Judges an observation and learns from it.
    ///
    /// @param quantiles `[channel][Q]` from `from`: what was forecast for it one step before, calibrated
    /// @param observed  `[channel]`, in the same units, those of the series' scale; NaN = missing
    /// @param values    `[channel]`, the same in the channels' own units
    /// @return the score, 0 to 1; NaN where no channel was both forecast and observed, and for a point forecast
    public double score(ByteBuffer memory, int base, float[] quantiles, int from, float[] observed, double[] values,
            Past past) {
        channel = -1;
        double greatest = 0;
        int seen = 0;
        for (int c = 0; c < channels; c++) {
            double surprised = surprise.of(quantiles, from + c * levels, observed[c]);
            if (!Double.isNaN(surprised)) {
                double digits = together(memory, base + c * WITNESSES * rarity.bytes(), surprised, c,
                        (float) values[c], past);
                if (channel < 0 || digits > greatest) {
                    greatest = digits;
                    channel = c;
                }
                seen++;
            }
        }
        return seen == 0 ? Double.NaN : score(greatest - StrictMath.log10(seen));
    }

    private double together(ByteBuffer memory, int at, double surprised, int c, float value, Past past) {
        double usual = rarity.of(memory, at, surprised);
        double forecast = Double.isNaN(usual) ? surprised / LN10 : usual;
        float[] values = past.values();
        double season = past.season() == 0
                ? Double.NaN
                : SeasonPrecedent.distance(values, past.first(c), past.newest(c), past.season(), value);
        double alike = shape.distance(values, past.first(c), past.newest(c), value);
        double unusual = Witnesses.together(forecast, rare(memory, at + rarity.bytes(), season),
                rare(memory, at + 2 * rarity.bytes(), alike));
        return Math.max(unusual, StuckPrecedent.digits(values, past.first(c), past.newest(c), value));
    }

    private double rare(ByteBuffer memory, int at, double distance) {
        return Double.isNaN(distance) ? Double.NaN : rarity.of(memory, at, distance);
    }

    /// @return the channel that drove the last score; -1 where it was NaN
    public int channel() {
        return channel;
    }

    /// @param digits `-log10 p`
    static double score(double digits) {
        return 1 - HALF / (Math.max(0, digits) + HALF); // digits / (digits + HALF), in a form that rounding keeps monotone
    }

    /// @param score 0 to below 1
    static double digits(double score) {
        return HALF * score / (1 - score);
    }
}
