package io.gatecast.training;

import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.training.data.Series;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a model does on the last horizon of each series, from one forecast made just before it: mean absolute scaled
/// error (Hyndman & Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001), scaled by the in-sample error of the seasonal
/// naive forecast, averaged over the series. Through [SeriesForecaster], as in serving.
///
/// @param mase              of the model's medians; NaN where no series was long enough
/// @param seasonalNaiveMase of the values one season before, on the same targets
/// @param coverage          share of the targets between the lowest and the highest quantile
/// @param series            series that were long enough to be judged
public record Validation(double mase, double seasonalNaiveMase, double coverage, int series) {

    static Validation of(Model model, List<Series> series) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        Sums sums = new Sums();
        for (Series each : series) {
            sums.add(model, each, forecaster);
        }
        return new Validation(sums.mase / sums.series, sums.naive / sums.series, sums.inside / (double) sums.targets,
                sums.series);
    }

    private static final class Sums {
        double mase;
        double naive;
        int series;
        long inside;
        long targets;

        void add(Model model, Series each, SeriesForecaster forecaster) {
            int horizon = model.features().horizon();
            int origin = each.length() - horizon - 1;
            int begin = Math.max(0, origin + 1 - 2 * model.features().context());
            Forecast forecast = lastForecast(forecaster, each, begin, origin);
            if (forecast == null) {
                return;
            }
            double modelError = 0;
            double naiveError = 0;
            int judged = 0;
            int season = model.features().scalingLag();
            for (int channel = 0; channel < each.channels(); channel++) {
                double[] values = each.values()[channel];
                double unit = seasonalDifference(values, origin, season);
                for (int h = 1; h <= horizon; h++) {
                    double target = values[origin + h];
                    double naive = values[Math.max(0, origin + h - season * Math.ceilDiv(h, season))];
                    double median = forecast.at(h, channel, model.network().architecture().head().median());
                    if (unit > 0 && Double.isFinite(target - naive) && Double.isFinite(median)) {
                        modelError += Math.abs(target - median) / unit;
                        naiveError += Math.abs(target - naive) / unit;
                        judged++;
                        inside += target >= forecast.at(h, channel, 0)
                                && target <= forecast.at(h, channel, forecast.quantiles().length - 1) ? 1 : 0;
                    }
                }
            }
            if (judged > 0) {
                mase += modelError / judged;
                naive += naiveError / judged;
                targets += judged;
                series++;
            }
        }
    }

    private static @Nullable Forecast lastForecast(SeriesForecaster forecaster, Series series, int begin, int origin) {
        SeriesState state = forecaster.open(series.id(), null);
        Forecast last = null;
        for (int i = begin; i <= origin; i++) {
            if (forecaster.observe(state, series.observation(i)) instanceof Outcome.Forecasted forecasted) {
                last = forecasted.forecast();
            }
        }
        return last;
    }

    private static double seasonalDifference(double[] values, int to, int season) {
        double sum = 0;
        int pairs = 0;
        for (int t = season; t <= to; t++) {
            double difference = Math.abs(values[t] - values[t - season]);
            if (!Double.isNaN(difference)) {
                sum += difference;
                pairs++;
            }
        }
        return sum / pairs;
    }
}
