package io.gatecast.series;

import java.util.stream.IntStream;

/// Keeps the intervals of a young series honest. Of a key that has just begun the scale is a guess from a few values that
/// lie close together, and the network has seen few beginnings; so while a series is younger than all that its inputs
/// look at, its quantiles are moved away from their median by a factor that was learned:
///
///     q' = median + f (q - median),  f = near + (far - near) ln h / ln H
///
/// near and far are those of the next step and of the farthest, at a few ages ([#ages]), between which they are
/// interpolated along the logarithm. They are what would have covered as often as stated over many beginnings in the
/// training data: split conformal prediction with the interval's own width as the unit (Romano, Patterson & Candès 2019,
/// arXiv:1905.03222), hence true on average over new keys that are like those. A model without factors, as one that was
/// imported, is not widened.
public final class ColdWidening {
    private final int horizon;
    private final int quantiles;
    private final int median;
    private final int[] ages;
    private final float[] factors;
    private final double[] along;

    /// @param median index of the median among the quantiles
    ColdWidening(FeatureSpec spec, int quantiles, int median) {
        this.horizon = spec.horizon();
        this.quantiles = quantiles;
        this.median = median;
        this.ages = spec.coldWidening().isEmpty() ? new int[0] : ages(spec);
        this.factors = new float[spec.coldWidening().size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = spec.coldWidening().get(i);
        }
        this.along = new double[horizon];
        for (int h = 1; h < horizon; h++) {
            along[h] = StrictMath.log(h + 1) / StrictMath.log(horizon);
        }
    }

    /// @return the ages, in steps, at which factors are learned: up to 8 each, then each a quarter above the one before, to
    ///         the first that looks back on everything
    public static int[] ages(FeatureSpec spec) {
        int last = Math.max(spec.warmUp(), spec.lookBack());
        IntStream.Builder ages = IntStream.builder();
        int age = 1;
        for (; age < last; age += Math.max(1, age / 4)) {
            ages.add(age);
        }
        return ages.add(age).build().toArray();
    }

    /// @param age    steps since the series began, the newest included
    /// @param answer `[channel][quantile][horizon]`, in place
    void apply(int age, float[] answer) {
        if (ages.length == 0 || age > ages[ages.length - 1]) {
            return;
        }
        int after = 0;
        while (ages[after] < age) {
            after++;
        }
        int before = Math.max(0, after - 1);
        double share = after == before
                ? 0
                : StrictMath.log(age / (double) ages[before])
                        / StrictMath.log(ages[after] / (double) ages[before]);
        double near = factors[2 * before] + share * (factors[2 * after] - factors[2 * before]);
        double far = factors[2 * before + 1] + share * (factors[2 * after + 1] - factors[2 * before + 1]);
        for (int from = 0; from < answer.length; from += quantiles * horizon) {
            widen(near, far, answer, from);
        }
    }

    private void widen(double near, double far, float[] answer, int from) {
        for (int q = 0; q < quantiles; q++) {
            for (int h = 0; q != median && h < horizon; h++) {
                float centre = answer[from + median * horizon + h];
                int at = from + q * horizon + h;
                answer[at] = (float) (centre + (near + (far - near) * along[h]) * (answer[at] - centre));
            }
        }
    }
}
