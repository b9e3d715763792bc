package io.gatecast.streams;

import io.gatecast.series.AlarmBudget;
import io.gatecast.series.Model;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.arrival.Sequencer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The models that a task has in hand: taken up when the first observation asks for one, let go when their time is over or
/// nobody asks for them any more. What is in memory depends on the clock for that, and nothing that goes out.
final class Readers {
    /// A model that has judged nothing for so long is let go, and taken up again when it is asked for: by the clock, since a
    /// partition that is silent has no other.
    static final Duration LET_GO_AFTER = Duration.ofSeconds(10);
    private static final long NOTHING_YET = -1;

    private final ModelShelf shelf;
    private final EvaluationRules evaluation;
    private final EventTimeRules rules;
    private final AlarmBudget alarms;
    private final OpenSeries.Room room;
    private final StreamsMetrics metrics;
    private final Map<ModelVersion, Reader> readers = new HashMap<>();
    /// The newest event time that this task has come to.
    private long reached = NOTHING_YET;

    /// How one model takes observations: in which order, and what it makes of them.
    static final class Reader {
        private final ModelVersion version;
        private final Model model;
        private final Sequencer sequencer;
        private final SeriesForecaster forecaster;
        private final OpenSeries series;
        /// Since [#LET_GO_AFTER] was last over.
        private boolean used;

        private Reader(ModelVersion version, Model model, Sequencer sequencer, SeriesForecaster forecaster,
                OpenSeries series) {
            this.version = version;
            this.model = model;
            this.sequencer = sequencer;
            this.forecaster = forecaster;
            this.series = series;
        }

        ModelVersion version() {
            return version;
        }

        Model model() {
            return model;
        }

        Sequencer sequencer() {
            return sequencer;
        }

        SeriesForecaster forecaster() {
            return forecaster;
        }

        OpenSeries series() {
            return series;
        }
    }

    Readers(ModelShelf shelf, EvaluationRules evaluation, EventTimeRules rules, AlarmBudget alarms,
            OpenSeries.Room room, StreamsMetrics metrics) {
        this.shelf = shelf;
        this.evaluation = evaluation;
        this.rules = rules;
        this.alarms = alarms;
        this.room = room;
        this.metrics = metrics;
    }

    void comeTo(long timestamp) {
        reached = Math.max(reached, timestamp);
    }

    /// @param models of which the version is one
    Reader of(ModelVersion version, Models models) {
        Reader known = readers.get(version);
        Reader reader = known == null ? takeUp(version, models) : known;
        reader.used = true;
        return reader;
    }

    /// What this takes is how long a swap holds up the stream. Those that have had their time go.
    private Reader takeUp(ModelVersion version, Models models) {
        long start = System.nanoTime();
        Model model = shelf.compiled().take(version);
        SeriesForecaster forecaster = new SeriesForecaster(model, new SeriesForecaster.Settings(evaluation.window(),
                rules.gapMax(), evaluation.ahead(), alarms));
        Reader reader = new Reader(version, model,
                new Sequencer(model.features().resampling(), rules.grace().toMillis()), forecaster,
                new OpenSeries(forecaster, room));
        readers.put(version, reader);
        letGo(other -> other != reader && other.version.id().equals(version.id())
                && !models.counts(other.version, reached));
        shelf.reached(reached);
        metrics.swapTook(System.nanoTime() - start);
        return reader;
    }

    void letGoOfWhatIsNotIn(Models models) {
        letGo(reader -> !models.holds(reader.version));
    }

    void letGoOfUnused() {
        letGo(reader -> !reader.used);
        readers.values().forEach(reader -> reader.used = false);
        shelf.reached(reached);
    }

    void letGoOfAll() {
        letGo(reader -> true);
    }

    private void letGo(Predicate<Reader> which) {
        List<Reader> gone = readers.values().stream().filter(which).toList();
        for (Reader reader : gone) {
            readers.remove(reader.version);
            reader.series.close();
            shelf.compiled().release(reader.version);
        }
    }
}
