package io.gatecast.streams;

import io.gatecast.avro.Observation;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.streams.DeadLetters.BadObservation;
import io.gatecast.streams.ModelShelf.Models;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// State in, observe, state out, forward: one observation of one series meets the model that counts at its event time.
/// Every outcome is counted; what cannot be judged is thrown to [DeadLetters].
final class ForecastProcessor implements Processor<String, Observation, String, SpecificRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(ForecastProcessor.class);
    private static final long NOTHING_YET = -1;

    private final ModelShelf shelf;
    private final OptionalInt evaluationWindow;
    private final Map<Model, SeriesForecaster> forecasters = new HashMap<>();
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    private ProcessorContext<String, SpecificRecord> context;
    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, byte[]> states;
    @SuppressWarnings("NullAway.Init")
    private StreamsMetrics metrics;
    private Models models;
    /// The newest event time that this task has judged since it started.
    private long newest = NOTHING_YET;
    private boolean warnedOfUnjudged;

    /// @param evaluationWindow steps to an evaluation; empty = as the forecaster says
    ForecastProcessor(ModelShelf shelf, OptionalInt evaluationWindow) {
        this.shelf = shelf;
        this.evaluationWindow = evaluationWindow;
        this.models = shelf.models();
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        this.states = context.getStateStore(Stores.SERIES);
        this.metrics = new StreamsMetrics(context);
    }

    @Override
    public void process(Record<String, Observation> record) {
        io.gatecast.series.Observation observation = readable(record);
        Model model = modelAt(observation.timestamp());
        if (model == null) {
            leaveUnjudged(observation);
            return;
        }
        newest = Math.max(newest, observation.timestamp());
        judge(record, observation, model);
    }

    private io.gatecast.series.Observation readable(Record<String, Observation> record) {
        @Nullable
        Observation value = record.value();
        if (record.key() == null) {
            throw rejected("key: expected the series' id, found none");
        }
        if (value == null) {
            throw rejected("value: expected an observation, found none");
        }
        if (value.getTimestamp().isBefore(Instant.EPOCH)) {
            throw rejected("timestamp: expected 1970 or later, found " + value.getTimestamp());
        }
        return SeriesRecords.toObservation(value);
    }

    private void judge(Record<String, Observation> record, io.gatecast.series.Observation observation, Model model) {
        SeriesForecaster forecaster = forecasters.computeIfAbsent(model,
                each -> new SeriesForecaster(each, evaluationWindow));
        SeriesState state = open(forecaster, record.key());
        switch (forecaster.observe(state, observation)) {
            case Outcome.Forecasted forecasted -> accept(record, model, state, forecasted);
            case Outcome.Duplicate duplicate -> metrics.count(Meter.DUPLICATES);
            case Outcome.Late late -> metrics.count(Meter.LATE);
            case Outcome.Rejected rejected -> throw rejected(rejected.reason());
        }
    }

    private SeriesState open(SeriesForecaster forecaster, String seriesId) {
        try {
            return forecaster.open(seriesId, states.get(seriesId));
        } catch (IllegalArgumentException e) {
            throw new StreamsException(Place.of(context) + ": series " + seriesId + ": " + e.getMessage()
                    + "; the store holds something that this version did not write: reset the application's state with"
                    + " kafka-streams-application-reset, or give it another application.id", e);
        }
    }

    private void accept(Record<String, Observation> record, Model model, SeriesState state,
            Outcome.Forecasted outcome) {
        states.put(record.key(), state.bytes());
        context.forward(record.withValue(SeriesRecords.toRecord(outcome.forecast())), ForecastTopology.FORECASTS);
        if (outcome.anomaly() != null) {
            context.forward(record.withValue(SeriesRecords.toRecord(outcome.anomaly(), model)),
                    ForecastTopology.ANOMALIES);
        }
        if (outcome.evaluation() != null) {
            context.forward(record.withValue(SeriesRecords.toRecord(outcome.evaluation(), model)),
                    ForecastTopology.EVALUATIONS);
        }
        metrics.count(Meter.ACCEPTED);
        metrics.count(Meter.FILLED, outcome.filled());
        metrics.count(Meter.REWARMED, outcome.rewarmed() ? 1 : 0);
    }

    /// @return the newest version that counts at an event time, by what the shelf holds now; null where there is none
    private @Nullable Model modelAt(long timestamp) {
        Models now = shelf.models();
        if (now != models) {
            noticeLateChange(models, now);
            models = now;
            forecasters.keySet().removeIf(model -> !now.holds(model));
        }
        return now.at(timestamp);
    }

    /// A change that should have counted for what is judged already counts from now on, and is outside the promise that
    /// the same input gives the same forecasts.
    private void noticeLateChange(Models before, Models now) {
        Model was = before.at(newest), should = now.at(newest);
        if (newest != NOTHING_YET && was != should) {
            LOG.warn("{}: a change of model came late: from {} to {} at event time {}, which is judged already; it"
                    + " counts from the next observation on", context.taskId(), nameOf(was), nameOf(should),
                    Instant.ofEpochMilli(newest));
            metrics.count(Meter.LATE_MODELS);
        }
    }

    private static String nameOf(@Nullable Model model) {
        return model == null ? "none" : model.id() + "/" + model.version();
    }

    private void leaveUnjudged(io.gatecast.series.Observation observation) {
        metrics.count(Meter.UNJUDGED);
        if (!warnedOfUnjudged) {
            warnedOfUnjudged = true;
            LOG.warn("{}: no model counts at event time {}: such observations are passed over and counted as unjudged;"
                    + " publish a model with an earlier effectiveFrom", Place.of(context),
                    Instant.ofEpochMilli(observation.timestamp()));
        }
    }

    private BadObservation rejected(String reason) {
        metrics.count(Meter.REJECTED);
        return new BadObservation(Place.of(context) + ": " + reason);
    }
}
