package io.gatecast.training;

import io.gatecast.series.ColdWidening;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What [ColdWidening] has to know: how much wider the intervals of a series that has just begun would have had to be to
/// cover as often as stated. Series are made to begin at many places of what is learned from, and are forecast as in
/// serving.
final class ColdStarts {
    private static final int MOST = 384;
    private static final int MOST_STEPS = 60_000; // a second or two
    private static final int MOST_WINDOWS = 6_000; // steps of a network that runs over its window anew at each
    private static final int LEAST = 20; // misses of an interval that a factor rests on are then a few at least
    /// A new key may be unlike those that were learned from, so cold intervals err on the wide side: they are to miss this
    /// share of what is stated. Warm ones are not, since calibration takes them over as they are.
    private static final double CAUTION = 0.7;
    private static final float WIDEST = 1000;

    private final Model model;
    private final FeatureSpec spec;
    private final int[] ages;
    /// `[age][near, far]`, how many of its half-widths a value lay from the median
    private final List<List<Float>> distances = new ArrayList<>();

    private ColdStarts(Model model) {
        this.model = model;
        this.spec = model.features();
        this.ages = ColdWidening.ages(spec);
        for (int i = 0; i < 2 * ages.length; i++) {
            distances.add(new ArrayList<>());
        }
    }

    /// @param tracks what was learned from
    /// @return the features with factors; as they were where there are too few beginnings to learn from, or a point is all
    ///         that is forecast
    static FeatureSpec learned(Model model, List<Track> tracks) {
        List<Double> levels = model.network().architecture().head().quantiles();
        ColdStarts starts = new ColdStarts(model);
        if (levels.size() > 1) {
            starts.watch(tracks);
        }
        return model.features().withColdWidening(starts.factors(levels.getLast() - levels.getFirst()));
    }

    private void watch(List<Track> tracks) {
        int length = ages[ages.length - 1] + spec.horizon();
        int steps = model.network().architecture().streams() ? MOST_STEPS : MOST_WINDOWS;
        int most = Math.clamp(steps / length, LEAST, MOST);
        long places = tracks.stream().mapToLong(track -> Math.max(1, track.known().count() - length)).sum();
        double every = Math.max(1, (double) places / most);
        SeriesForecaster forecaster = new SeriesForecaster(model);
        double next = 0;
        long passed = 0;
        for (Track track : tracks) {
            long here = Math.max(1, track.known().count() - length);
            for (; next < passed + here; next += every) {
                watch(track, (int) (next - passed), length, forecaster);
            }
            passed += here;
        }
    }

    private void watch(Track track, int start, int length, SeriesForecaster forecaster) {
        SeriesState state = forecaster.open(track.seriesId(), null);
        int age = 0;
        int end = Math.min(start + length, track.known().to());
        for (int t = start; t < end - 1 && age <= ages[ages.length - 1]; t++) {
            if (forecaster.observe(state, track.observation(t)) instanceof Forecasted forecasted) {
                age++;
                note(age, forecasted.forecast(), track, t, end);
            }
        }
    }

    private void note(int age, Forecast forecast, Track track, int t, int end) {
        int group = nearest(age);
        for (int h = 1; h <= spec.horizon() && t + h < end; h++) {
            if (h == 1 || h > spec.horizon() / 2) {
                double[] values = track.measured(t + h);
                for (int c = 0; c < values.length; c++) {
                    note(distances.get(2 * group + (h == 1 ? 0 : 1)), forecast, h, c, values[c]);
                }
            }
        }
    }

    private void note(List<Float> distances, Forecast forecast, int step, int channel, double value) {
        float[] levels = forecast.quantiles();
        double median = forecast.at(step, channel, Arrays.binarySearch(levels, 0.5f));
        double width = value < median
                ? median - forecast.at(step, channel, 0)
                : forecast.at(step, channel, levels.length - 1) - median;
        if (!Double.isNaN(value - width)) {
            distances.add(value == median ? 0 : (float) (Math.abs(value - median) / width));
        }
    }

    private int nearest(int age) {
        int group = 0;
        while (group + 1 < ages.length && (long) age * age > (long) ages[group] * ages[group + 1]) {
            group++;
        }
        return group;
    }

    private List<Float> factors(double coverage) {
        List<Float> factors = new ArrayList<>();
        for (int i = 0; i < distances.size(); i++) {
            List<Float> some = distances.get(i);
            double missed = (1 - coverage) * (ages[i / 2] < spec.warmUp() ? CAUTION : 1);
            if (some.size() < LEAST) {
                return List.of();
            }
            some.sort(null);
            int rank = (int) Math.ceil((some.size() + 1) * (1 - missed));
            factors.add(Math.clamp(some.get(Math.min(rank, some.size()) - 1), 1, WIDEST));
        }
        return factors;
    }
}
