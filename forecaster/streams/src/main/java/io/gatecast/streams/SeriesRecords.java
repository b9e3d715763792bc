package io.gatecast.streams;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Cause;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Scope;
import io.gatecast.avro.Severity;
import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// Observations as they travel to what a series takes; forecasts, anomalies and evaluations as a series makes them to what travels.
public final class SeriesRecords {
    private SeriesRecords() {}

    public static Observation toObservation(io.gatecast.avro.Observation record) {
        double[] values = new double[record.getValues().size()];
        for (int i = 0; i < values.length; i++) {
            Double value = record.getValues().get(i);
            values[i] = value == null ? Double.NaN : value;
        }
        double[] covariates = new double[record.getCovariates().size()];
        for (int i = 0; i < covariates.length; i++) {
            covariates[i] = record.getCovariates().get(i);
        }
        return new Observation(record.getTimestamp().toEpochMilli(), values, covariates);
    }

    public static Forecast toRecord(io.gatecast.series.Forecast forecast) {
        return new Forecast(Instant.ofEpochMilli(forecast.origin()), forecast.intervalMillis(), forecast.horizon(),
                forecast.channels(), new Floats(forecast.quantiles()), new Floats(forecast.values()),
                forecast.modelId(), forecast.modelVersion(), forecast.warm());
    }

    public static io.gatecast.series.Forecast toForecast(Forecast record) {
        return new io.gatecast.series.Forecast(record.getOrigin().toEpochMilli(), record.getIntervalMillis(),
                record.getHorizon(), record.getChannels(), toArray(record.getQuantiles()), toArray(record.getValues()),
                record.getModelId(), record.getModelVersion(), record.getWarm());
    }

    private static float[] toArray(List<Float> numbers) {
        float[] array = new float[numbers.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = numbers.get(i);
        }
        return array;
    }

    /// @param model that judged
    public static Anomaly toRecord(AnomalyEvent event, Model model) {
        return new Anomaly(event.episodeId(), Phase.valueOf(event.phase().name()),
                Instant.ofEpochMilli(event.timestamp()), event.channel(),
                Double.isNaN(event.observed()) ? null : event.observed(), event.expected(), event.lower(),
                event.upper(), event.score(), Severity.valueOf(event.severity().name()), model.id(), model.version(),
                Kind.valueOf(event.kind().name()), event.causes().stream()
                        .map(cause -> new Cause(cause.input(), cause.lag(), cause.share(), cause.effect())).toList());
    }

    /// @param model that forecast
    public static Evaluation toRecord(io.gatecast.series.Evaluation e, Model model) {
        return new Evaluation(Instant.ofEpochMilli(e.windowStart()), Instant.ofEpochMilli(e.windowEnd()), model.id(),
                model.version(), e.targets(), known(e.mase()), known(e.seasonalNaiveMase()), known(e.smape()),
                known(e.pinball()), known(e.coverage()), known(e.statedCoverage()), known(e.width()), e.coldTargets(),
                known(e.skillOverLastValue()), known(e.skillOverSeasonalNaive()), e.horizon(), Scope.SERIES, 1);
    }

    private static @Nullable Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /// Numbers as the list that Avro writes, without a copy.
    private static final class Floats extends AbstractList<Float> implements RandomAccess {
        private final float[] values;

        Floats(float[] values) {
            this.values = values;
        }

        @Override
        public Float get(int index) {
            return values[index];
        }

        @Override
        public int size() {
            return values.length;
        }
    }
}
