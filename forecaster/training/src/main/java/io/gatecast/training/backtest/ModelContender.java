package io.gatecast.training.backtest;

import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import org.jspecify.annotations.Nullable;

/// The model, through the forecaster that serves streams.
final class ModelContender implements Contender {
    private final SeriesForecaster forecaster;
    private final SeriesState state;
    private final Truth truth;
    private @Nullable Forecast newest;

    ModelContender(Model model, String seriesId, Truth truth) {
        this.forecaster = new SeriesForecaster(model);
        this.state = forecaster.open(seriesId, null);
        this.truth = truth;
    }

    @Override
    public void observe(int step, double[] values) {
        Outcome outcome = forecaster.observe(state,
                new Observation(truth.timeOf(step), values, truth.covariatesAt(step)));
        newest = outcome instanceof Outcome.Forecasted forecasted ? forecasted.forecast() : null;
    }

    @Override
    public boolean forecast(double[] quantiles) {
        Forecast forecast = newest;
        if (forecast == null) {
            return false;
        }
        int levels = forecast.quantiles().length, i = 0;
        for (int c = 0; c < forecast.channels(); c++) {
            for (int h = 1; h <= forecast.horizon(); h++) {
                for (int q = 0; q < levels; q++) {
                    quantiles[i++] = forecast.at(h, c, q);
                }
            }
        }
        return true;
    }
}
