package io.gatecast.training;

import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Observation;
import io.gatecast.series.input.Features;
import io.gatecast.series.input.Scaling;
import io.gatecast.series.input.Spikes;
import io.gatecast.training.Tracks.Run;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One unbroken series on the grid, ready to be cut into stretches: what a state would have seen, for every step at
/// once. Inputs come from the same [Features] as in serving, so the two agree to the bit. What is missing is filled in with
/// what the season's profile expects until there is a model to ask ([Imputation]). What is absurd is set aside by the same
/// [Spikes] as in serving; what is learned and judged is what was measured.
final class Track {
    /// A run of steps.
    ///
    /// @param from the first
    /// @param to   after the last
    record Steps(int from, int to) {
        static final Steps NONE = new Steps(0, 0);

        boolean contains(int t) {
            return t >= from && t < to;
        }

        int count() {
            return to - from;
        }
    }

    private final FeatureSpec spec;
    private final Features features;
    private final Run run;
    private final int length;
    private final int known;
    private final int padding;
    /// `[channel][padding + length]`, unknown before the first step
    private final float[][] history;
    /// `[channel][step]`, as measured
    private final float[][] measured;
    /// `[channel][length + 1]`, how many of the values before a step were filled in
    private final int[][] missingBefore;
    private final Scaling[][] scalings;
    private final ErrorCost[] costs;

    /// @param heldOut     last steps that are not learned from
    /// @param levelWeight see [TrainingPlan#levelWeight]
    Track(FeatureSpec spec, Run run, int heldOut, double levelWeight) {
        float[][] values = run.values();
        this.spec = spec;
        this.features = new Features(spec);
        this.run = run;
        this.length = run.length();
        this.known = length - heldOut;
        this.padding = spec.context() - 1;
        int channels = spec.channels();
        this.measured = values;
        this.history = new float[channels][];
        this.missingBefore = new int[channels][];
        this.scalings = new Scaling[channels][length];
        this.costs = new ErrorCost[channels];
        for (int c = 0; c < channels; c++) {
            history[c] = padded(values[c]);
            missingBefore[c] = settle(history[c], scalings[c], null);
            costs[c] = new ErrorCost(settled(c), known, spec.scalingLag(), spec.horizon(), levelWeight);
        }
    }

    private float[] padded(float[] values) {
        float[] padded = new float[padding + length];
        Arrays.fill(padded, 0, padding, Float.NaN);
        System.arraycopy(values, 0, padded, padding, length);
        return padded;
    }

    /// Fills in what is missing, sets aside what is absurd, measures the scale, step by step.
    ///
    /// @param expected `[step]`, what stands in where a value is missing; null = what the season's profile expects
    private int[] settle(float[] padded, Scaling[] scalings, float @Nullable [] expected) {
        Spikes spikes = new Spikes(spec);
        int[] before = new int[length + 1];
        int impatience = 0;
        for (int t = 0; t < length; t++) {
            int newest = padding + t - 1;
            boolean missing = Float.isNaN(padded[padding + t]);
            before[t + 1] = before[t] + (missing ? 1 : 0);
            impatience = spikes.recovered(impatience);
            boolean spike = !missing && t > 0
                    && spikes.isSpike(padded, newest, scalings[t - 1], impatience, padded[padding + t]);
            if (missing && expected != null) {
                padded[padding + t] = expected[t];
            } else if (t > 0 && (missing || spike)) {
                padded[padding + t] = spikes.standIn(padded, newest);
            }
            impatience = spike ? spikes.spent(impatience) : impatience;
            scalings[t] = Scaling.of(padded, padding + t, spec);
        }
        return before;
    }

    /// @return how many values are missing
    int missing() {
        return Arrays.stream(missingBefore).mapToInt(before -> before[length]).sum();
    }

    /// Fills in anew what is missing. What an error costs stays as it was, so that losses before and after can be compared.
    ///
    /// @param expected `[channel][step]`, read where a value is missing
    void fillIn(float[][] expected) {
        for (int c = 0; c < history.length; c++) {
            history[c] = padded(measured[c]);
            missingBefore[c] = settle(history[c], scalings[c], expected[c]);
        }
    }

    /// @return `[channel][step]`, what every step holds: measured, filled in, or put in the place of what is absurd
    float[][] held() {
        return Arrays.stream(history).map(values -> Arrays.copyOfRange(values, padding, padding + length))
                .toArray(float[][]::new);
    }

    /// @return the values as they were measured, or what stands in where one is absurd; NaN = missing
    private float[] settled(int channel) {
        float[] settled = Arrays.copyOfRange(history[channel], padding, padding + length);
        for (int t = 0; t < length; t++) {
            settled[t] = missingBefore[channel][t + 1] == missingBefore[channel][t] ? settled[t] : Float.NaN;
        }
        return settled;
    }

    /// @return the value as it was measured; NaN = missing, or outside the series
    private float observed(int channel, int t) {
        return t >= 0 && t < length ? measured[channel][t] : Float.NaN;
    }

    /// @return what was measured at a step, one value a channel; NaN = missing
    double[] measured(int t) {
        double[] values = new double[measured.length];
        for (int c = 0; c < values.length; c++) {
            values[c] = measured[c][t];
        }
        return values;
    }

    /// @return what was observed at a step
    Observation observation(int t) {
        double[] covariates = new double[spec.known().covariates().size()];
        for (int u = 0; u < covariates.length; u++) {
            covariates[u] = run.covariates()[t * covariates.length + u];
        }
        return new Observation(timeOf(t), measured(t), covariates);
    }

    private long timeOf(int t) {
        return run.start() + t * spec.intervalMillis();
    }

    /// @return of the series, from 1; 0 = unknown, or the model takes none
    int category() {
        return run.category();
    }

    /// @return whose it is
    String seriesId() {
        return run.seriesId();
    }

    /// @return steps
    int length() {
        return length;
    }

    /// @return the steps that are learned from
    Steps known() {
        return new Steps(0, known);
    }

    /// @return the steps after them, by which the learning is judged
    Steps heldOut() {
        return new Steps(known, length);
    }

    /// @param x `[channel][column]`, then what is known besides, on return the inputs of step `t`
    void inputs(int t, float[] x, int to) {
        for (int c = 0; c < history.length; c++) {
            int lookedAt = Math.max(0, t + 1 - spec.lookBack());
            float share = (float) (missingBefore[c][t + 1] - missingBefore[c][lookedAt]) / spec.lookBack();
            boolean missing = missingBefore[c][t + 1] != missingBefore[c][t];
            features.write(history[c], padding + t, scalings[c][t], missing, share, x, to + c * features.columns());
        }
        run.known().write(timeOf(t), run.covariates(), t * spec.known().covariates().size(), x,
                to + history.length * features.columns());
    }

    /// @param bases `[channel][base][horizon]`, on return the simple forecasts made at step `t`
    void bases(int t, float[] bases, int to) {
        for (int c = 0; c < history.length; c++) {
            features.writeBases(history[c], padding + t, scalings[c][t], bases,
                    to + c * spec.bases() * spec.horizon());
        }
    }

    /// @param judged  the steps whose values count
    /// @param targets `[channel][horizon]`, on return what came after step `t`; NaN = missing or not judged
    void targets(int t, Steps judged, float[] targets, int to) {
        for (int c = 0; c < history.length; c++) {
            for (int h = 1; h <= spec.horizon(); h++) {
                float value = judged.contains(t + h) ? observed(c, t + h) : Float.NaN;
                targets[to + c * spec.horizon() + h - 1] = scalings[c][t].toUnits(value);
            }
        }
    }

    /// @param weights `[channel][horizon]`, on return what an error of one scale costs in what is forecast at step `t`
    void weights(int t, float[] weights, int to) {
        int horizon = spec.horizon();
        for (int c = 0; c < history.length; c++) {
            for (int h = 1; h <= horizon; h++) {
                weights[to + c * horizon + h - 1] = (float) (costs[c].at(t + h) * scalings[c][t].scale());
            }
        }
    }
}
