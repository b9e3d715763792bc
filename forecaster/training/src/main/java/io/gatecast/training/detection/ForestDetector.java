package io.gatecast.training.detection;

import com.amazon.randomcutforest.config.Precision;
import com.amazon.randomcutforest.config.TransformMethod;
import com.amazon.randomcutforest.parkservices.AnomalyDescriptor;
import com.amazon.randomcutforest.parkservices.ThresholdedRandomCutForest;
import io.gatecast.training.data.Series;

/// AWS' thresholded random cut forest, set up as its own examples do, with a shingle of eight: an alarm is what it grades as an
/// anomaly, and as sure as its score is high. It takes no missing value: the one before it is repeated.
///
/// @param seed fixes its trees
public record ForestDetector(long seed) implements Detector {
    private static final int SHINGLE = 8;
    private static final int TREES = 50;
    private static final int SAMPLES = 256;
    private static final int SECOND = 1000;

    @Override
    public double[] alarms(Series series) {
        ThresholdedRandomCutForest forest = ThresholdedRandomCutForest.builder()
                .dimensions(SHINGLE * series.channels()).shingleSize(SHINGLE).numberOfTrees(TREES).sampleSize(SAMPLES)
                .precision(Precision.FLOAT_32).transformMethod(TransformMethod.NORMALIZE)
                .internalShinglingEnabled(true).randomSeed(seed).build();
        double[] alarms = new double[series.length()];
        double[] last = new double[series.channels()];
        for (int i = 0; i < alarms.length; i++) {
            for (int c = 0; c < last.length; c++) {
                double value = series.values()[c][i];
                last[c] = Double.isNaN(value) ? last[c] : value;
            }
            AnomalyDescriptor described = forest.process(last.clone(), series.timestamps()[i] / SECOND);
            alarms[i] = described.getAnomalyGrade() > 0 ? described.getRCFScore() : 0;
        }
        return alarms;
    }
}
