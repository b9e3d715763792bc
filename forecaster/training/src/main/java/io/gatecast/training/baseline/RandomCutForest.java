package io.gatecast.training.baseline;

import com.amazon.randomcutforest.config.ForestMode;
import com.amazon.randomcutforest.config.Precision;
import com.amazon.randomcutforest.config.TransformMethod;
import com.amazon.randomcutforest.parkservices.ForecastDescriptor;
import com.amazon.randomcutforest.parkservices.RCFCaster;
import com.amazon.randomcutforest.returntypes.RangeVector;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/// RCFCaster, the streaming forecaster of AWS' random cut forests (Guha et al. 2016, "Robust random cut forest based
/// anomaly detection on streams"), set up as its own example does, with a shingle of one season. Between and beyond the
/// interval that it calibrates, each half is taken for normal. It takes no missing value: the one before it is repeated.
final class RandomCutForest implements BaselineForecaster {
    private static final int TREES = 50;
    private static final int SAMPLES = 256;
    private static final int SHINGLE_WITHOUT_SEASON = 8;
    private static final int LONGEST_SHINGLE = 48;
    private static final int SILENT = 32;
    private static final double TAIL = 0.1;
    private static final double TAIL_DEVIATIONS = NormalDistribution.of(0, 1).inverseSurvivalProbability(TAIL);

    private final RCFCaster caster;
    private final int shingle;
    private double last = Double.NaN;
    private long steps;
    private @Nullable RangeVector newest;

    RandomCutForest(int season, int horizon, long seed) {
        this.shingle = season == 1 ? SHINGLE_WITHOUT_SEASON : Math.min(season, LONGEST_SHINGLE);
        this.caster = RCFCaster.builder().dimensions(shingle).shingleSize(shingle).numberOfTrees(TREES)
                .sampleSize(SAMPLES).internalShinglingEnabled(true).precision(Precision.FLOAT_32)
                .forestMode(ForestMode.STANDARD).transformMethod(TransformMethod.NORMALIZE)
                .percentile(TAIL).forecastHorizon(horizon).outputAfter(SILENT + shingle)
                .initialAcceptFraction(0.125).randomSeed(seed).build();
    }

    @Override
    public void observe(double value) {
        last = Double.isNaN(value) ? last : value;
        if (!Double.isNaN(last)) {
            ForecastDescriptor described = caster.process(new double[]{last}, steps++);
            newest = steps > SILENT + shingle ? described.getTimedForecast().rangeVector : null;
        }
    }

    @Override
    public double[] forecast(int horizon, double[] levels) {
        double[] quantiles = new double[horizon * levels.length];
        RangeVector range = newest;
        if (range == null) {
            Arrays.fill(quantiles, Double.NaN);
            return quantiles;
        }
        for (int q = 0; q < levels.length; q++) {
            double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(levels[q]) / TAIL_DEVIATIONS;
            for (int h = 0; h < horizon; h++) {
                double reach = z < 0 ? range.values[h] - range.lower[h] : range.upper[h] - range.values[h];
                quantiles[h * levels.length + q] = range.values[h] + z * Math.max(0, reach);
            }
        }
        return quantiles;
    }
}
