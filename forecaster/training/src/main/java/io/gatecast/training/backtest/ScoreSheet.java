package io.gatecast.training.backtest;

import io.gatecast.series.Forecast;
import io.gatecast.series.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps forecasts until what they speak of comes true, step by step, and adds up how far off they were, by series and
/// by model version. Fed in the order of the events: an observation, then the forecast made of it.
public final class ScoreSheet {
    private final long intervalMillis;
    private final int horizon;
    private final int season;
    private final Map<String, List<Channel>> series = new HashMap<>();

    /// @param intervalMillis length of a step
    /// @param horizon        steps ahead
    /// @param season         of the seasonal naive forecast, in steps; 1 = the last value
    public ScoreSheet(long intervalMillis, int horizon, int season) {
        this.intervalMillis = intervalMillis;
        this.horizon = horizon;
        this.season = season;
    }

    /// Takes note of what came true.
    public void observed(String seriesId, Observation observation) {
        double[] values = observation.values();
        List<Channel> channels = series.computeIfAbsent(seriesId, id -> channels(values.length));
        long step = Math.floorDiv(observation.timestamp(), intervalMillis);
        for (int c = 0; c < channels.size(); c++) {
            channels.get(c).observed(step, values[c]);
        }
    }

    private List<Channel> channels(int count) {
        List<Channel> channels = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            channels.add(new Channel(c, horizon, season));
        }
        return channels;
    }

    /// Takes note of a forecast of a series that was observed before.
    public void forecast(String seriesId, Forecast forecast) {
        long origin = Math.floorDiv(forecast.origin(), intervalMillis);
        series.getOrDefault(seriesId, List.of()).forEach(channel -> channel.forecast(origin, forecast));
    }

    /// @return over everything that has come true
    public Score total() {
        return score(series.values(), version -> true);
    }

    /// @return over the forecasts of one model version
    public Score ofVersion(int version) {
        return score(series.values(), each -> each == version);
    }

    /// @return over one series
    public Score ofSeries(String seriesId) {
        return score(List.of(series.getOrDefault(seriesId, List.of())), version -> true);
    }

    private static Score score(Collection<List<Channel>> series, Predicate<Integer> versions) {
        double mase = 0;
        double naive = 0;
        int judged = 0;
        Sums all = new Sums();
        for (List<Channel> channels : series) {
            for (Channel channel : channels) {
                Sums sums = channel.sums(versions);
                double unit = channel.unit();
                if (sums.targets > 0 && unit > 0) {
                    mase += sums.error / sums.targets / unit;
                    naive += sums.naiveError / sums.targets / unit;
                    judged++;
                    all.add(sums);
                }
            }
        }
        return new Score(mase / judged, naive / judged, all.inside / (double) all.targets, all.targets);
    }

    private static final class Sums {
        double error;
        double naiveError;
        long inside;
        long targets;

        void add(Sums other) {
            error += other.error;
            naiveError += other.naiveError;
            inside += other.inside;
            targets += other.targets;
        }
    }

    /// One channel of one series: what is needed to judge a forecast once its target comes.
    private static final class Channel {
        private final int channel;
        private final int horizon;
        private final int season;
        private final @Nullable Forecast[] pending;
        private final long[] origins;
        private final double[] values;
        private final long[] steps;
        private final Map<Integer, Sums> byVersion = new HashMap<>();
        private double seasonalDifference;
        private long pairs;

        Channel(int channel, int horizon, int season) {
            this.channel = channel;
            this.horizon = horizon;
            this.season = season;
            this.pending = new @Nullable Forecast[horizon];
            this.origins = new long[horizon];
            this.values = new double[season + horizon];
            this.steps = new long[season + horizon];
            Arrays.fill(values, Double.NaN);
        }

        void observed(long step, double value) {
            double before = valueAt(step - season);
            if (!Double.isNaN(value - before)) {
                seasonalDifference += Math.abs(value - before);
                pairs++;
            }
            for (int h = 1; h <= horizon; h++) {
                int place = place(step - h, horizon);
                Forecast forecast = pending[place];
                if (forecast != null && origins[place] == step - h) {
                    judge(forecast, h, value, valueAt(step - (long) season * Math.ceilDiv(h, season)));
                }
            }
            int place = place(step, values.length);
            values[place] = value;
            steps[place] = step;
        }

        /// @return the value of a step, if it is still known; else NaN
        private double valueAt(long step) {
            int place = place(step, values.length);
            return steps[place] == step ? values[place] : Double.NaN;
        }

        private static int place(long step, int places) {
            return (int) Math.floorMod(step, (long) places);
        }

        private void judge(Forecast forecast, int step, double value, double naive) {
            float[] levels = forecast.quantiles();
            double median = forecast.at(step, channel, Arrays.binarySearch(levels, 0.5f));
            if (Double.isNaN(value + naive + median)) {
                return;
            }
            Sums sums = byVersion.computeIfAbsent(forecast.modelVersion(), version -> new Sums());
            sums.error += Math.abs(value - median);
            sums.naiveError += Math.abs(value - naive);
            boolean inside = value >= forecast.at(step, channel, 0)
                    && value <= forecast.at(step, channel, levels.length - 1);
            sums.inside += inside ? 1 : 0;
            sums.targets++;
        }

        void forecast(long origin, Forecast forecast) {
            int place = place(origin, horizon);
            pending[place] = forecast;
            origins[place] = origin;
        }

        double unit() {
            return seasonalDifference / pairs;
        }

        Sums sums(Predicate<Integer> versions) {
            Sums sums = new Sums();
            byVersion.forEach((version, some) -> {
                if (versions.test(version)) {
                    sums.add(some);
                }
            });
            return sums;
        }
    }
}
