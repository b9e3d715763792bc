package io.gatecast.training;

import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.training.backtest.Score;
import io.gatecast.training.backtest.ScoreSheet;
import io.gatecast.training.data.Series;
import java.util.List;

/// How a model does on the last horizon of each series, which it has not learned from: one forecast of each, made just
/// before it, through [SeriesForecaster] as in serving.
final class Validation {

    private Validation() {}

    static Score of(Model model, List<Series> series) {
        ScoreSheet sheet = new ScoreSheet(model.features().intervalMillis(), model.features().horizon(),
                model.features().scalingLag());
        SeriesForecaster forecaster = new SeriesForecaster(model);
        for (Series each : series) {
            judge(model, each, forecaster, sheet);
        }
        return sheet.total();
    }

    private static void judge(Model model, Series series, SeriesForecaster forecaster, ScoreSheet sheet) {
        long newest = series.timestamps()[series.length() - 1];
        long origin = newest - model.features().horizon() * model.features().intervalMillis();
        long begin = origin - 2L * model.features().context() * model.features().intervalMillis();
        SeriesState state = forecaster.open(series.id(), null);
        Outcome.Forecasted last = null;
        for (int i = 0; i < series.length(); i++) {
            Observation observation = series.observation(i);
            if (last != null && observation.timestamp() > origin) {
                sheet.forecast(series.id(), last.forecast());
                last = null;
            }
            sheet.observed(series.id(), observation);
            boolean watched = observation.timestamp() > begin && observation.timestamp() <= origin;
            if (watched && forecaster.observe(state, observation) instanceof Outcome.Forecasted forecasted) {
                last = forecasted;
            }
        }
    }
}
