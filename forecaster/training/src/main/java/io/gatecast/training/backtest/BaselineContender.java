package io.gatecast.training.backtest;

import io.gatecast.training.baseline.Baseline;
import io.gatecast.training.baseline.BaselineForecaster;
import java.util.ArrayList;
import java.util.List;

/// A simple forecaster, one for each channel.
final class BaselineContender implements Contender {
    private final List<BaselineForecaster> channels = new ArrayList<>();
    private final double[] levels;
    private final int horizon;
    private int next;

    BaselineContender(Baseline baseline, int channels, int season, int horizon, double[] levels, long seed) {
        this.levels = levels;
        this.horizon = horizon;
        for (int c = 0; c < channels; c++) {
            this.channels.add(baseline.follow(season, horizon, seed));
        }
    }

    @Override
    public void observe(int step, double[] values) {
        for (int c = 0; c < values.length; c++) {
            for (int missed = next; missed < step; missed++) {
                channels.get(c).observe(Double.NaN);
            }
            channels.get(c).observe(values[c]);
        }
        next = step + 1;
    }

    @Override
    public boolean forecast(double[] quantiles) {
        boolean all = true;
        for (int c = 0; c < channels.size(); c++) {
            double[] forecast = channels.get(c).forecast(horizon, levels);
            System.arraycopy(forecast, 0, quantiles, c * forecast.length, forecast.length);
            for (double value : forecast) {
                all &= Double.isFinite(value);
            }
        }
        return all;
    }
}
