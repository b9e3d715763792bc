package io.gatecast.training;

import io.gatecast.series.FeatureSpec;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Grid;
import io.gatecast.series.input.KnownFeatures;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts recorded series on the grid by the rules of serving: the first of a bucket counts, what comes late does not,
/// a short gap is missing values and a long silence begins a new track.
final class Tracks {
    private final FeatureSpec spec;
    private final Grid grid;
    private final KnownFeatures known;
    private final int covariates;
    private final Categories.@Nullable Index categories;

    Tracks(FeatureSpec spec) {
        this.spec = spec;
        this.grid = Grid.of(spec);
        this.known = new KnownFeatures(spec.known());
        this.covariates = spec.known().covariates().size();
        this.categories = spec.known().categories() == null ? null : spec.known().categories().index();
    }

    /// An unbroken run of steps.
    ///
    /// @param seriesId   of which series
    /// @param start      of the first step, milliseconds since the epoch
    /// @param values     `[channel][step]`, NaN = missing
    /// @param covariates `[step][covariate]`, NaN = unknown
    /// @param category   of the series, from 1; 0 = unknown, or the model takes none
    /// @param known      writes what the network is told beside the values; one for all runs
    record Run(String seriesId, long start, float[][] values, float[] covariates, int category, KnownFeatures known) {
        int length() {
            return values[0].length;
        }
    }

    /// @return each unbroken run, oldest first; none where no value is known
    /// @throws IllegalArgumentException if the series has another number of channels or covariates than the model is to
    ///                                  have
    List<Run> of(Series series) {
        if (series.channels() != spec.channels()) {
            throw new IllegalArgumentException("series " + series.id() + ": expected " + spec.channels()
                    + " channels, as the first series has, found " + series.channels());
        }
        if (covariates > 0 && series.covariates().length != covariates) {
            throw new IllegalArgumentException("series " + series.id() + ": expected covariates "
                    + String.join(", ", spec.known().covariateNames()) + ", found " + series.covariates().length);
        }
        List<Run> runs = new ArrayList<>();
        List<float[]> run = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (int i = 0; i < series.length(); i++) {
            long bucket = grid.bucketOf(series.timestamps()[i]);
            if (!run.isEmpty() && bucket <= last) {
                continue;
            }
            if (!run.isEmpty() && grid.isBroken(last, bucket)) {
                runs.add(turned(series.id(), last, run));
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
            runs.add(turned(series.id(), last, run));
        }
        return runs;
    }

    private static boolean anyKnown(Series series, int i) {
        return Arrays.stream(series.values()).anyMatch(channel -> !Double.isNaN(channel[i]));
    }

    private float[] missing() {
        float[] step = new float[spec.channels() + covariates];
        Arrays.fill(step, Float.NaN);
        return step;
    }

    /// @return the channels, then the covariates
    private float[] values(Series series, int i) {
        float[] step = missing();
        for (int c = 0; c < spec.channels(); c++) {
            step[c] = finite(series, i, "channel " + c, series.values()[c][i]);
        }
        for (int u = 0; u < covariates; u++) {
            step[spec.channels() + u] = finite(series, i, "covariate " + spec.known().covariates().get(u).name(),
                    series.covariates()[u][i]);
        }
        return step;
    }

    private static float finite(Series series, int i, String what, double value) {
        if (Math.abs(value) > Float.MAX_VALUE) {
            throw new IllegalArgumentException("series " + series.id() + ", observation " + (i + 1) + ", " + what
                    + ": expected a finite value of at most 3.4e38, found " + value);
        }
        return (float) value;
    }

    private Run turned(String seriesId, long last, List<float[]> steps) {
        float[][] channels = new float[spec.channels()][steps.size()];
        float[] besides = new float[Math.multiplyExact(steps.size(), covariates)];
        for (int t = 0; t < steps.size(); t++) {
            for (int c = 0; c < channels.length; c++) {
                channels[c][t] = steps.get(t)[c];
            }
            System.arraycopy(steps.get(t), channels.length, besides, t * covariates, covariates);
        }
        return new Run(seriesId, last - (steps.size() - 1) * spec.intervalMillis(), channels, besides,
                categories == null ? 0 : categories.of(seriesId), known);
    }
}
