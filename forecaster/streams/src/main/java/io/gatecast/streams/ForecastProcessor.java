package io.gatecast.streams;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Observation;
import io.gatecast.avro.Phase;
import io.gatecast.series.AlarmBudget;
import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import io.gatecast.series.arrival.Sequencer;
import io.gatecast.series.arrival.Sequencer.Taken;
import io.gatecast.series.arrival.Waiting;
import io.gatecast.streams.Admission.Fault;
import io.gatecast.streams.DeadLetters.BadObservation;
import io.gatecast.streams.Readers.Reader;
import io.gatecast.streams.StreamsMetrics.Meter;
import io.gatecast.streams.StreamsMetrics.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
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
    private static final Logger LOG = LoggerFactory.getLogger(ForecastProcessor.class);
    private static final long NOTHING_YET = -1;
    /// Field of the log.
    private static final String SERIES = "series";

    private final ModelShelf shelf;
    private final EvaluationRules evaluation;
    private final AlarmBudget alarms;
    private final LabelShelf labels;
    private final EventTimeRules rules;
    private final EarlyCommits.Pace pace;
    private final OpenSeries.Room room;
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    private ProcessorContext<String, SpecificRecord> context;
    @SuppressWarnings("NullAway.Init")
    private SeriesStore states;
    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, byte[]> waiting;
    @SuppressWarnings("NullAway.Init")
    private SeriesStore shadows;
    private @Nullable Silences silences;
    private @Nullable FleetErrors fleet;
    @SuppressWarnings("NullAway.Init")
    private StreamsMetrics metrics;
    @SuppressWarnings("NullAway.Init")
    private EarlyCommits commits;
    @SuppressWarnings("NullAway.Init")
    private Readers readers;
    private Models models;
    /// The newest event time that this task has judged since it started.
    private long newest = NOTHING_YET;
    /// Whether any series may have observations that wait: for most there is nothing to look up.
    private boolean anyWaits;
    /// Whether any series may have a state under a shadow.
    private boolean anyShadows;
    private boolean warnedOfUnjudged;
    private boolean warnedOfUnreadable;

    ForecastProcessor(ModelShelf shelf, EvaluationRules evaluation, EventTimeRules rules, AlarmBudget alarms,
            LabelShelf labels, EarlyCommits.Pace pace, OpenSeries.Room room) {
        this.labels = labels;
        this.pace = pace;
        this.room = room;
        this.shelf = shelf;
        this.alarms = alarms;
        this.evaluation = evaluation;
        this.rules = rules;
        this.models = shelf.models();
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        this.states = new SeriesStore(context.getStateStore(Stores.SERIES));
        this.waiting = context.getStateStore(Stores.WAITING);
        KeyValueStore<String, byte[]> beside = context.getStateStore(Stores.SHADOWS);
        this.shadows = new SeriesStore(beside);
        this.fleet = evaluation.fleet().map(window -> new FleetErrors(context.getStateStore(Stores.FLEET), window))
                .orElse(null);
        this.silences = rules.silence().map(silence -> new Silences(context.getStateStore(Stores.SILENCES),
                silence.toMillis())).orElse(null);
        this.metrics = new StreamsMetrics(context);
        this.commits = new EarlyCommits(context, pace);
        this.readers = new Readers(shelf, evaluation, rules, alarms, room, metrics);
        this.anyWaits = waiting.approximateNumEntries() > 0;
        this.anyShadows = beside.approximateNumEntries() > 0;
        context.schedule(Readers.LET_GO_AFTER, PunctuationType.WALL_CLOCK_TIME, now -> readers.letGoOfUnused());
    }

    @Override
    public void close() {
        readers.letGoOfAll();
    }

    @Override
    public void process(Record<String, Arrival> record) {
        refuse(Admission.ofKey(record.key()));
        switch (record.value()) {
            case null -> forget(record.key());
            case Arrival.Unreadable unreadable -> throw rejected(unreadable.reason(), unreadable.fault());
            case Arrival.Read read -> {
                refuse(Admission.of(read.observation(), record.timestamp(), rules));
                arrive(record, read.observation(), SeriesRecords.toObservation(read.observation()));
            }
        }
        commits.ask();
    }

    /// A tombstone: the series is gone, and if it comes again it begins afresh.
    private void forget(String seriesId) {
        states.delete(seriesId);
        waiting.delete(seriesId);
        shadows.delete(seriesId);
        metrics.count(Meter.TOMBSTONES);
    }

    private void refuse(@Nullable Fault fault) {
        if (fault != null) {
            throw rejected(fault.reason(), fault.sentence());
        }
    }

    /// Judges an observation at once, or when its step is closed, and then those of earlier steps first.
    private void arrive(Record<String, Arrival> record, Observation sent, io.gatecast.series.Observation observation) {
        Reader reader = readerAt(record.key(), observation.timestamp());
        if (reader == null) {
            leaveUnjudged(observation);
            return;
        }
        anyWaits |= reader.sequencer().waits();
        Outcome outcome = reader.sequencer().waits() || anyWaits && waiting.get(record.key()) != null
                ? await(record, observation, reader)
                : judge(record, observation, reader);
        if (outcome instanceof Outcome.Late) {
            metrics.count(Meter.LATE);
            if (rules.lateTopic()) {
                context.forward(record.withValue(sent), ForecastTopology.LATE);
            }
        } else if (outcome instanceof Outcome.Duplicate) {
            metrics.count(Meter.DUPLICATES);
        } else if (outcome instanceof Outcome.Rejected rejected) {
            throw rejected(Admission.reasonOf(observation, reader.model()), rejected.reason());
        }
        if (silences != null) {
            silences.advance(observation.timestamp());
            noticeSilences(record, silences);
        }
    }

    /// @return what became of the observation itself; null where it waits, or was judged with those it released
    private @Nullable Outcome await(Record<String, Arrival> record, io.gatecast.series.Observation observation,
            Reader reader) {
        String fault = reader.forecaster().faultOf(observation);
        if (fault != null) {
            return new Outcome.Rejected(fault);
        }
        Waiting here = waiting(record.key());
        List<io.gatecast.series.Observation> released = new ArrayList<>();
        Taken taken = reader.sequencer().take(here, observation, reader.model().features().intervalMillis(),
                released::add);
        switch (taken) {
            case LATE -> {
                return new Outcome.Late(observation.timestamp(), observation.timestamp());
            }
            case DUPLICATE -> {
                return new Outcome.Duplicate(observation.timestamp());
            }
            case CROWDED -> {
                return new Outcome.Rejected("expected at most " + Sequencer.MOST_WAITING
                        + " observations of a series to wait; lower " + EventTimeRules.GRACE);
            }
            case TAKEN -> {
                metrics.count(Meter.WAITED);
                waiting.put(record.key(), here.bytes());
                released.forEach(each -> judgeReleased(record, each));
            }
        }
        return null;
    }

    /// Each by the model of its own time. What was taken in is at fault no longer: it is counted.
    private void judgeReleased(Record<String, Arrival> record, io.gatecast.series.Observation observation) {
        Reader reader = readerAt(record.key(), observation.timestamp());
        Outcome outcome = reader == null ? null : judge(record, observation, reader);
        switch (outcome) {
            case Outcome.Forecasted accepted -> {
            }
            case Outcome.Late late -> metrics.count(Meter.LATE);
            case Outcome.Duplicate duplicate -> metrics.count(Meter.DUPLICATES);
            case Outcome.Rejected rejected -> leaveUnjudged(observation);
            case null -> leaveUnjudged(observation);
        }
    }

    private Outcome judge(Record<String, Arrival> record, io.gatecast.series.Observation observation, Reader reader) {
        newest = Math.max(newest, observation.timestamp());
        ModelVersion shadow = models.shadow(reader.version(), observation.timestamp());
        StoredSeries before = shadow == null || shadows.holds(record.key()) ? null : states.get(record.key());
        SeriesState state = open(reader, states, record.key());
        boolean unwatched = silences != null
                && (state.isFresh() || silences.isTooLong(observation.timestamp() - state.end()));
        long began = System.nanoTime(); // for metrics alone
        Outcome outcome = reader.forecaster().observe(state, observation);
        if (outcome instanceof Outcome.Forecasted forecasted) {
            metrics.time(forecasted.rewarmed() ? Timing.REWARM : Timing.STEP, began);
            Record<String, Arrival> then = record.withTimestamp(observation.timestamp());
            accept(then, reader, state, forecasted);
            judgeBeside(then, observation, shadow, before);
            if (silences != null && unwatched) {
                silences.watch(record.key(), state.end());
            }
        }
        return outcome;
    }

    /// A shadow begins with the values that the judge has seen so far, as a new champion would.
    ///
    /// @param judged what a shadow that is new to the series begins with; null where it has begun, or there is none
    private void judgeBeside(Record<String, Arrival> record, io.gatecast.series.Observation observation,
            @Nullable ModelVersion shadow, @Nullable StoredSeries judged) {
        if (shadow == null) {
            if (anyShadows && shadows.holds(record.key())) {
                shadows.delete(record.key());
            }
            return;
        }
        anyShadows = true;
        Reader reader = readers.of(shadow, models);
        if (judged != null) {
            shadows.put(record.key(), judged);
        }
        SeriesState state = open(reader, shadows, record.key());
        if (reader.forecaster().observe(state, observation) instanceof Outcome.Forecasted forecasted) {
            reader.series().put(shadows, record.key(), state);
            evaluate(record, reader.model(), forecasted);
            metrics.count(Meter.SHADOWED);
        }
    }

    /// Observations that cannot be read any more are lost, as is a state; the series goes on.
    private Waiting waiting(String seriesId) {
        try {
            return Waiting.of(waiting.get(seriesId));
        } catch (IllegalArgumentException e) {
            warnOfUnreadable(seriesId, e.getMessage());
            return Waiting.of(null);
        }
    }

    /// Looks at every series with an appointment that has come. One that has spoken since gets another.
    private void noticeSilences(Record<String, Arrival> record, Silences silences) {
        for (Silences.Due due : silences.due()) {
            Reader reader = states.holds(due.seriesId()) ? readerAt(due.seriesId(), due.due()) : null;
            if (reader == null) {
                continue; // deleted since, or judged by nobody
            }
            SeriesState state = open(reader, states, due.seriesId());
            long end = state.isFresh() ? due.due() : state.end();
            long when = end + rules.silence().orElseThrow().toMillis();
            if (!silences.isDue(when)) {
                silences.watch(due.seriesId(), end);
                continue;
            }
            AnomalyEvent anomaly = reader.forecaster().fallSilent(state, when);
            reader.series().put(states, due.seriesId(), state);
            if (anomaly != null) {
                metrics.count(Meter.SILENT);
                Anomaly told = SeriesRecords.toRecord(anomaly, reader.model());
                context.forward(record.withKey(due.seriesId()).withTimestamp(when).withValue(told),
                        ForecastTopology.ANOMALIES);
                tell(due.seriesId(), told);
            }
        }
    }

    /// What cannot be read is no reason to stop all other series: this one begins afresh, or with the values that are left of it.
    private SeriesState open(Reader reader, SeriesStore store, String seriesId) {
        try {
            SeriesState state = reader.series().open(store, seriesId, labels.of(seriesId));
            if (state.hasLostItsWindow()) {
                warnOfUnreadable(seriesId, "the window that it was stored with is missing or of another time");
            }
            return state;
        } catch (IllegalArgumentException e) {
            warnOfUnreadable(seriesId, e.getMessage());
            return reader.forecaster().open(seriesId, null, labels.of(seriesId));
        }
    }

    private void warnOfUnreadable(String seriesId, @Nullable String fault) {
        metrics.count(Meter.UNREADABLE_STATES);
        if (!warnedOfUnreadable) {
            warnedOfUnreadable = true;
            LOG.atWarn().addKeyValue(SERIES, seriesId)
                    .log("{}: a state cannot be read: {}; its series begins afresh, or with what is left of it, and so does"
                            + " every other: they are counted as unreadable-states", Place.of(context), fault);
        }
    }

    private void accept(Record<String, Arrival> record, Reader reader, SeriesState state,
            Outcome.Forecasted outcome) {
        Model model = reader.model();
        reader.series().put(states, record.key(), state);
        context.forward(record.withValue(SeriesRecords.toRecord(outcome.forecast())), ForecastTopology.FORECASTS);
        if (outcome.anomaly() != null) {
            Anomaly anomaly = SeriesRecords.toRecord(outcome.anomaly(), model);
            context.forward(record.withValue(anomaly), ForecastTopology.ANOMALIES);
            tell(record.key(), anomaly);
        }
        evaluate(record, model, outcome);
        commits.wantFirst();
        metrics.count(Meter.ACCEPTED);
        metrics.count(Meter.FILLED, outcome.filled());
        metrics.count(Meter.REWARMED, outcome.rewarmed() ? 1 : 0);
    }

    /// Not each turn of an episode, only that it began or is over, and that is not to wait for the next commit.
    private void tell(String seriesId, Anomaly anomaly) {
        if (anomaly.getPhase() != Phase.UPDATED) {
            commits.want();
            LOG.atInfo().addKeyValue(SERIES, seriesId).addKeyValue("episode", anomaly.getEpisodeId())
                    .addKeyValue("severity", anomaly.getSeverity()).addKeyValue("kind", anomaly.getKind())
                    .log("Episode {}, event time {}", anomaly.getPhase(), anomaly.getTimestamp());
        }
    }

    private void evaluate(Record<String, Arrival> record, Model model, Outcome.Forecasted outcome) {
        if (outcome.evaluation() != null) {
            evaluate(record, model, outcome.evaluation());
            outcome.evaluation().further().forEach(each -> evaluate(record, model, each));
        }
    }

    private void evaluate(Record<String, Arrival> record, Model model, io.gatecast.series.Evaluation made) {
        Evaluation value = SeriesRecords.toRecord(made, model);
        context.forward(record.withValue(value), ForecastTopology.EVALUATIONS);
        Evaluation ended = fleet == null ? null : fleet.add(value);
        if (ended != null) {
            context.forward(record.withKey(model.id() + "/" + model.version() + "@" + context.taskId().partition())
                    .withValue(ended), ForecastTopology.EVALUATIONS);
        }
    }

    /// @return who judges a series at an event time, by what the shelf holds now; null where nobody does
    private @Nullable Reader readerAt(String seriesId, long timestamp) {
        readers.comeTo(timestamp);
        Models now = shelf.models();
        if (now != models) {
            noticeLateChange(models, now);
            models = now;
            readers.letGoOfWhatIsNotIn(now);
        }
        ModelVersion judge = now.judge(seriesId, timestamp);
        return judge == null ? null : readers.of(judge, now);
    }

    /// A change that should have counted for what is judged already counts from now on, and is outside the promise that
    /// the same input gives the same forecasts.
    private void noticeLateChange(Models before, Models now) {
        String was = before.describe(newest), should = now.describe(newest);
        if (newest != NOTHING_YET && !was.equals(should)) {
            LOG.warn("{}: a change of model came late: from {} to {} at event time {}, which is judged already; it"
                    + " counts from the next observation on", context.taskId(), was, should,
                    Instant.ofEpochMilli(newest));
            metrics.count(Meter.LATE_MODELS);
        }
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
