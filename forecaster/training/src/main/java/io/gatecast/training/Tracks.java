package io.gatecast.training;

import io.gatecast.series.FeatureSpec;
import io.gatecast.series.input.Grid;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Puts recorded series on the grid by the rules of serving: the first of a bucket counts, what comes late does not,
/// a short gap is missing values and a long silence begins a new track.
final class Tracks {
    private final FeatureSpec spec;
    private final Grid grid;

    Tracks(FeatureSpec spec) {
        this.spec = spec;
        this.grid = Grid.of(spec);
    }

    /// @return `[channel][step]` of each unbroken run, oldest first, NaN = missing; empty where no value is known
    /// @throws IllegalArgumentException if the series has another number of channels than the model is to have
    List<float[][]> of(Series series) {
        if (series.channels() != spec.channels()) {
            throw new IllegalArgumentException("series " + series.id() + ": expected " + spec.channels()
                    + " channels, as the first series has, found " + series.channels());
        }
        List<float[][]> runs = new ArrayList<>();
        List<float[]> run = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (int i = 0; i < series.length(); i++) {
            long bucket = grid.bucketOf(series.timestamps()[i]);
            if (!run.isEmpty() && bucket <= last) {
                continue;
            }
            if (!run.isEmpty() && grid.isBroken(last, bucket)) {
                runs.add(turned(run));
                run.clear();
            }
            if (run.isEmpty() && !anyKnown(series, i)) {
                continue;
            }
            for (long gap = run.isEmpty() ? 0 : grid.missingBetween(last, bucket); gap > 0; gap--) {
                run.add(missing());
            }
            run.add(values(series, i));
            last = bucket;
        }
        if (!run.isEmpty()) {
            runs.add(turned(run));
        }
        return runs;
    }

    private static boolean anyKnown(Series series, int i) {
        return Arrays.stream(series.values()).anyMatch(channel -> !Double.isNaN(channel[i]));
    }

    private float[] missing() {
        float[] values = new float[spec.channels()];
        Arrays.fill(values, Float.NaN);
        return values;
    }

    private float[] values(Series series, int i) {
        float[] values = new float[spec.channels()];
        for (int c = 0; c < values.length; c++) {
            double value = series.values()[c][i];
            if (Math.abs(value) > Float.MAX_VALUE) {
                throw new IllegalArgumentException("series " + series.id() + ", observation " + (i + 1) + ", channel "
                        + c + ": expected a finite value of at most 3.4e38, found " + value);
            }
            values[c] = (float) value;
        }
        return values;
    }

    private float[][] turned(List<float[]> steps) {
        float[][] channels = new float[spec.channels()][steps.size()];
        for (int t = 0; t < steps.size(); t++) {
            for (int c = 0; c < channels.length; c++) {
                channels[c][t] = steps.get(t)[c];
            }
        }
        return channels;
    }
}
