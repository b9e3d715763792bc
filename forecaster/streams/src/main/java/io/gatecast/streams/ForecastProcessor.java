package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// State in, observe, state out, forward: one observation of one series meets the model that counts at its event time.
/// Every outcome is counted; what cannot be judged is thrown to [DeadLetters].
final class ForecastProcessor implements Processor<String, Arrival, String, SpecificRecord> {
    /// Bytes. A series id is written again with each forecast, anomaly and state; a longer one is no id.
    static final int LONGEST_KEY = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(ForecastProcessor.class);
    private static final long NOTHING_YET = -1;
    /// Stands where a decoder of UTF-8 found bytes that are none.
    private static final char UNDECODABLE = '\uFFFD';

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
    private boolean warnedOfUnreadable;

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
    public void process(Record<String, Arrival> record) {
        requireKey(record.key());
        switch (record.value()) {
            case null -> forget(record.key());
            case Arrival.Unreadable unreadable -> throw rejected(unreadable.reason(), unreadable.fault());
            case Arrival.Read read -> judge(record, readable(read.observation()));
        }
    }

    private void requireKey(@Nullable String key) {
        if (key == null) {
            throw rejected(Reason.NO_KEY, "key: expected the series' id, found none");
        }
        if (key.isEmpty()) {
            throw rejected(Reason.EMPTY_KEY, "key: expected the series' id, found an empty one");
        }
        if (key.length() > LONGEST_KEY || key.getBytes(UTF_8).length > LONGEST_KEY) {
            throw rejected(Reason.KEY_TOO_LONG, "key: expected at most " + LONGEST_KEY + " bytes, found "
                    + key.getBytes(UTF_8).length);
        }
        if (key.indexOf(UNDECODABLE) >= 0) {
            throw rejected(Reason.KEY_NOT_UTF8, "key: expected UTF-8, found bytes that are none");
        }
    }

    /// A tombstone: the series is gone, and if it comes again it begins afresh.
    private void forget(String seriesId) {
        states.delete(seriesId);
        metrics.count(Meter.TOMBSTONES);
    }

    private io.gatecast.series.Observation readable(Observation value) {
        if (value.getTimestamp().isBefore(Instant.EPOCH)) {
            throw rejected(Reason.BEFORE_1970, "timestamp: expected 1970 or later, found " + value.getTimestamp());
        }
        for (int c = 0; c < value.getValues().size(); c++) {
            Double reading = value.getValues().get(c);
            if (reading != null && Double.isNaN(reading)) {
                throw rejected(Reason.NOT_FINITE, "channel " + c + ": expected a finite value or null, found NaN");
            }
        }
        return SeriesRecords.toObservation(value);
    }

    private void judge(Record<String, Arrival> record, io.gatecast.series.Observation observation) {
        Model model = modelAt(observation.timestamp());
        if (model == null) {
            leaveUnjudged(observation);
            return;
        }
        newest = Math.max(newest, observation.timestamp());
        SeriesForecaster forecaster = forecasters.computeIfAbsent(model,
                each -> new SeriesForecaster(each, evaluationWindow));
        SeriesState state = open(forecaster, record.key());
        switch (forecaster.observe(state, observation)) {
            case Outcome.Forecasted forecasted -> accept(record, model, state, forecasted);
            case Outcome.Duplicate duplicate -> metrics.count(Meter.DUPLICATES);
            case Outcome.Late late -> metrics.count(Meter.LATE);
            case Outcome.Rejected rejected -> throw rejected(reasonOf(observation, model), rejected.reason());
        }
    }

    /// The series says it to a person; here it is said to a program.
    private static Reason reasonOf(io.gatecast.series.Observation observation, Model model) {
        if (observation.values().length != model.features().channels()) {
            return Reason.WRONG_CHANNELS;
        }
        boolean finite = true;
        for (double value : observation.values()) {
            finite &= !(Math.abs(value) > Float.MAX_VALUE);
        }
        return finite ? Reason.NOT_TAKEN : Reason.NOT_FINITE;
    }

    /// What cannot be read is no reason to stop all other series: this one begins afresh.
    private SeriesState open(SeriesForecaster forecaster, String seriesId) {
        try {
            return forecaster.open(seriesId, states.get(seriesId));
        } catch (IllegalArgumentException e) {
            metrics.count(Meter.UNREADABLE_STATES);
            if (!warnedOfUnreadable) {
                warnedOfUnreadable = true;
                LOG.warn("{}: series {}: {}; it begins afresh, and so does every other whose state cannot be read: they"
                        + " are counted as unreadable-states", Place.of(context), seriesId, e.getMessage());
            }
            return forecaster.open(seriesId, null);
        }
    }

    private void accept(Record<String, Arrival> record, Model model, SeriesState state,
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

    private BadObservation rejected(Reason reason, String fault) {
        metrics.reject(reason);
        return new BadObservation(reason, Place.of(context) + ": " + fault);
    }
}
