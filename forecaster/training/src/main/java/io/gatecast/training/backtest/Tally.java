package io.gatecast.training.backtest;

/// Adds up how far quantiles were from what came true.
final class Tally {
    final double[] levels;
    long targets;
    double absolute;
    double square;
    /// Of 200 |y - m| / (|y| + |m|), per cent.
    double symmetric;
    double size;
    /// `[Q]`, pinball loss, and how many values lay at or below.
    final double[] pinball;
    final long[] below;
    /// `[pair]`, outermost first: a level and its mirror image around the median.
    final long[] inside;
    final double[] width;
    /// Of width plus 2 / α times what lies outside: Gneiting & Raftery (2007), doi:10.1198/016214506000001437.
    final double[] intervalScore;

    /// @param levels rising, the median 0.5 among them
    Tally(double[] levels) {
        this.levels = levels;
        this.pinball = new double[levels.length];
        this.below = new long[levels.length];
        int pairs = pairs(levels);
        this.inside = new long[pairs];
        this.width = new double[pairs];
        this.intervalScore = new double[pairs];
    }

    /// @return intervals between levels that lie as far from 0 as from 1
    static int pairs(double[] levels) {
        int pairs = 0;
        while (pairs < levels.length / 2 && Math.abs(levels[pairs] + levels[levels.length - 1 - pairs] - 1) < 1e-6) {
            pairs++;
        }
        return pairs;
    }

    /// Takes note of one target.
    ///
    /// @param value     what came true
    /// @param quantiles `[Q]` from `from`
    /// @param unit      what the errors are measured in, but for the symmetric one
    void add(double value, double[] quantiles, int from, int median, double unit) {
        double error = value - quantiles[from + median];
        double sizes = Math.abs(value) + Math.abs(quantiles[from + median]);
        targets++;
        absolute += Math.abs(error) / unit;
        square += error * error / (unit * unit);
        symmetric += sizes == 0 ? 0 : 200 * Math.abs(error) / sizes;
        size += Math.abs(value) / unit;
        for (int q = 0; q < levels.length; q++) {
            double miss = value - quantiles[from + q];
            pinball[q] += Math.max(levels[q] * miss, (levels[q] - 1) * miss) / unit;
            below[q] += miss <= 0 ? 1 : 0;
        }
        for (int pair = 0; pair < inside.length; pair++) {
            double low = quantiles[from + pair], high = quantiles[from + levels.length - 1 - pair];
            double outside = Math.max(0, low - value) + Math.max(0, value - high);
            inside[pair] += outside == 0 ? 1 : 0;
            width[pair] += (high - low) / unit;
            intervalScore[pair] += (high - low + outside / levels[pair]) / unit;
        }
    }

    void add(Tally other) {
        targets += other.targets;
        absolute += other.absolute;
        square += other.square;
        symmetric += other.symmetric;
        size += other.size;
        for (int q = 0; q < pinball.length; q++) {
            pinball[q] += other.pinball[q];
            below[q] += other.below[q];
        }
        for (int pair = 0; pair < inside.length; pair++) {
            inside[pair] += other.inside[pair];
            width[pair] += other.width[pair];
            intervalScore[pair] += other.intervalScore[pair];
        }
    }
}
