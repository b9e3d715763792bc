package io.gatecast.app.command;

import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.training.data.Series;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The last forecast of each of many recorded series, by the forecaster that serves streams.
final class SeriesForecasts {
    private SeriesForecasts() {}

    /// What came of one series.
    ///
    /// @param id       the series
    /// @param forecast after its last accepted observation; null if there was none
    /// @param accepted observations that moved the state on
    /// @param skipped  duplicates, late and rejected ones
    /// @param reason   why the first rejected one was; null if none was
    record Result(String id, @Nullable Forecast forecast, int accepted, int skipped, @Nullable String reason) {}

    /// @param done called after each series, from several threads
    /// @return one result a series, in their order
    static List<Result> of(Model model, List<Series> series, Runnable done) {
        return IntStream.range(0, series.size()).parallel().mapToObj(i -> {
            Result result = last(model, series.get(i));
            done.run();
            return result;
        }).toList();
    }

    private static Result last(Model model, Series recorded) {
        Series series = recorded.resampled(model.features().resampling(), model.features().intervalMillis());
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open(series.id(), null);
        Forecast forecast = null;
        String reason = null;
        int accepted = 0;
        for (int i = 0; i < series.length(); i++) {
            switch (forecaster.observe(state, series.observation(i))) {
                case Outcome.Forecasted forecasted -> {
                    forecast = forecasted.forecast();
                    accepted++;
                }
                case Outcome.Rejected rejected -> reason = reason == null ? rejected.reason() : reason;
                case Outcome.Duplicate duplicate -> {
                }
                case Outcome.Late late -> {
                }
            }
        }
        return new Result(series.id(), forecast, accepted, series.length() - accepted, reason);
    }
}
