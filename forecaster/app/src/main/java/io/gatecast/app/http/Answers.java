package io.gatecast.app.http;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.ModelEvent;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.SeriesView;
import io.gatecast.streams.ModelStanding;
import io.gatecast.streams.query.Holdings.Peer;
import io.gatecast.streams.query.Lately;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is told over HTTP, as it is told; `openapi.json` describes it. Times are milliseconds since the epoch, values in
/// the series' own units, null = not known.
final class Answers {
    private Answers() {}

    /// A page of series.
    ///
    /// @param next what to send as `after` for the next page; null = this is the last
    record SeriesPage(List<Row> series, @Nullable String next) {}

    /// A series in a list.
    ///
    /// @param chart only where it was asked for, and its holder could be asked
    record Row(String id, @Nullable Long time, @Nullable Integer modelVersion, @Nullable Episode episode,
            @Nullable Score score, @Nullable Chart chart) {}

    /// What a small chart of the first channel takes.
    record Chart(Observations observations, ForecastAnswer forecast) {}

    /// What came.
    ///
    /// @param values   `[channel][step]`
    /// @param filledIn `[channel][step]`
    record Observations(long[] times, float[][] values, boolean[][] filledIn) {}

    /// @param values `[channel][quantile][step]`
    record ForecastAnswer(long origin, long interval, int horizon, float[] quantiles, long[] times, float[][][] values,
            String modelId, int modelVersion, boolean warm) {

        static ForecastAnswer of(Forecast forecast) {
            long[] times = new long[forecast.horizon()];
            float[][][] values = new float[forecast.channels()][forecast.quantiles().length][forecast.horizon()];
            for (int h = 1; h <= forecast.horizon(); h++) {
                times[h - 1] = forecast.timeOf(h);
                for (int c = 0; c < forecast.channels(); c++) {
                    for (int q = 0; q < forecast.quantiles().length; q++) {
                        values[c][q][h - 1] = forecast.at(h, c, q);
                    }
                }
            }
            return new ForecastAnswer(forecast.origin(), forecast.intervalMillis(), forecast.horizon(),
                    forecast.quantiles(), times, values, forecast.modelId(), forecast.modelVersion(), forecast.warm());
        }
    }

    static Chart chart(SeriesView view) {
        return new Chart(observations(view), ForecastAnswer.of(view.forecast()));
    }

    private static Observations observations(SeriesView view) {
        return new Observations(view.times(), view.values(), view.filledIn());
    }

    /// An open episode, by its newest turn.
    record Episode(String id, String phase, String kind, String severity, double score, long time) {
        static @Nullable Episode of(@Nullable Anomaly anomaly) {
            return anomaly == null
                    ? null
                    : new Episode(anomaly.getEpisodeId(), small(anomaly.getPhase()), small(anomaly.getKind()),
                            small(anomaly.getSeverity()), anomaly.getScore(), anomaly.getTimestamp().toEpochMilli());
        }
    }

    /// How the last window of a series was forecast.
    record Score(long windowEnd, @Nullable Double mase, @Nullable Double coverage, @Nullable Double statedCoverage,
            @Nullable Double skillOverLastValue) {
        static @Nullable Score of(@Nullable Evaluation e) {
            return e == null
                    ? null
                    : new Score(e.getWindowEnd().toEpochMilli(), e.getMase(), e.getCoverage(), e.getStatedCoverage(),
                            e.getSkillOverLastValue());
        }
    }

    /// A turn of an episode.
    record Turn(String series, String episode, String phase, String kind, String severity, long time, int channel,
            @Nullable Double observed, double expected, double lower, double upper, double score, String modelId,
            int modelVersion, List<Cause> causes) {
        static Turn of(String seriesId, Anomaly a) {
            return new Turn(seriesId, a.getEpisodeId(), small(a.getPhase()), small(a.getKind()),
                    small(a.getSeverity()), a.getTimestamp().toEpochMilli(), a.getChannel(), a.getObserved(),
                    a.getExpected(), a.getLower(), a.getUpper(), a.getScore(), a.getModelId(), a.getModelVersion(),
                    a.getCauses().stream().map(Cause::of).toList());
        }
    }

    /// What moved the observation that opened an episode.
    record Cause(String input, int lag, double share, double effect) {
        static Cause of(io.gatecast.avro.Cause cause) {
            return new Cause(cause.getInput(), cause.getLag(), cause.getShare(), cause.getEffect());
        }
    }

    record Turns(List<Turn> anomalies) {}

    /// One series in full.
    ///
    /// @param past what was forecast of the last steps' first channel, one step before, as this instance has seen it go out
    record Detail(String id, int steps, long time, boolean rewarmed, Observations observations, ForecastAnswer forecast,
            Past past, @Nullable Episode episode, @Nullable Score score, List<Turn> anomalies) {}

    /// @param values  `[step][quantile]`
    record Past(long[] times, float[][] values, int[] versions) {
        static Past of(List<Lately.Said> said) {
            long[] times = new long[said.size()];
            float[][] values = new float[said.size()][];
            int[] versions = new int[said.size()];
            for (int i = 0; i < times.length; i++) {
                times[i] = said.get(i).time();
                values[i] = said.get(i).values();
                versions[i] = said.get(i).version();
            }
            return new Past(times, values, versions);
        }
    }

    static Detail detail(String id, SeriesView view, Lately lately) {
        Lately.Standing standing = lately.standing(id);
        return new Detail(id, view.steps(), view.lastTime(), view.rewarmed(), observations(view),
                ForecastAnswer.of(view.forecast()), Past.of(lately.pastOf(id)),
                Episode.of(standing == null ? null : standing.episode()),
                Score.of(standing == null ? null : standing.evaluation()),
                lately.anomaliesOf(id).stream().map(turn -> Turn.of(id, turn.anomaly())).toList());
    }

    /// A forecast of one moment.
    ///
    /// @param step   ahead, from 1
    /// @param values `[channel][quantile]`
    record Moment(long time, int step, float[] quantiles, float[][] values, String modelId, int modelVersion,
            boolean warm) {
        static Moment of(Forecast forecast, int step) {
            float[][] values = new float[forecast.channels()][forecast.quantiles().length];
            for (int c = 0; c < values.length; c++) {
                for (int q = 0; q < values[c].length; q++) {
                    values[c][q] = forecast.at(step, c, q);
                }
            }
            return new Moment(forecast.timeOf(step), step, forecast.quantiles(), values, forecast.modelId(),
                    forecast.modelVersion(), forecast.warm());
        }
    }

    /// @param inForce   the newest version that this instance holds; null = none
    /// @param versions  how each version did, of late, by `modelId/version`
    /// @param standings of every version that this instance holds
    /// @param administered whether anybody may promote and take back
    /// @param admin     whether whoever asks may
    record Models(@Nullable InForce inForce, Map<String, List<Lately.Window>> versions,
            Map<Integer, Integer> seriesByVersion, List<Standing> standings, boolean administered, boolean admin) {}

    /// @param role what it does, by the last word on it; none: a candidate, a former champion, or retired
    record Standing(String id, int version, String role, long effectiveFrom) {
        static Standing of(ModelStanding standing) {
            return new Standing(standing.id(), standing.version(), small(standing.role()), standing.effectiveFrom());
        }
    }

    /// What was decided.
    record Changes(List<Change> events) {
        static Changes of(List<ModelEvent> events) {
            return new Changes(events.stream().map(Change::of).toList());
        }
    }

    /// @param state         in which the version is from then on
    /// @param effectiveFrom event time, milliseconds since the epoch; 0 = from the beginning
    record Change(long sequence, String id, @Nullable Integer version, @Nullable String state, long effectiveFrom,
            String by, String why) {
        static Change of(ModelEvent event) {
            return new Change(event.getSequence(), event.getModelId(), event.getVersion(),
                    event.getState() == null ? null : small(event.getState()),
                    event.getEffectiveFrom().toEpochMilli(), event.getBy(), event.getWhy());
        }
    }

    record InForce(String id, int version, long effectiveFrom, long interval, int channels, int horizon,
            List<Integer> seasons, List<Double> quantiles) {
        static @Nullable InForce of(@Nullable Model model) {
            return model == null
                    ? null
                    : new InForce(model.id(), model.version(), model.effectiveFrom(),
                            model.features().intervalMillis(), model.features().channels(), model.features().horizon(),
                            model.features().seasons(), model.network().architecture().head().quantiles());
        }
    }

    /// @param series that were seen to be forecast
    record FleetAnswer(int series, long forecasts, long episodes, Map<String, Integer> open,
            @Nullable Double mase, @Nullable Double coverage, @Nullable Double statedCoverage,
            Map<Integer, Integer> seriesByVersion, String state, List<Peer> instances) {}

    /// @param status as in ready
    record Health(String status) {}

    private static String small(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
