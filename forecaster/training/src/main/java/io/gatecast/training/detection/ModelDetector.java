package io.gatecast.training.detection;

import io.gatecast.series.AlarmBudget;
import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.training.data.Series;

/// The engine that serves the stream: an alarm is the opening of an episode.
///
/// @param budget how many alarms are wanted
public record ModelDetector(Model model, AlarmBudget budget) implements Detector {
    @Override
    public double[] alarms(Series series) {
        SeriesForecaster forecaster = new SeriesForecaster(model,
                SeriesForecaster.Settings.DEFAULT.withAlarms(budget));
        SeriesState state = forecaster.open(series.id(), null);
        double[] alarms = new double[series.length()];
        for (int i = 0; i < alarms.length; i++) {
            if (forecaster.observe(state, series.observation(i)) instanceof Forecasted forecasted) {
                AnomalyEvent turn = forecasted.anomaly();
                alarms[i] = turn != null && turn.phase() == Phase.OPENED ? turn.score() : 0;
            }
        }
        return alarms;
    }
}
