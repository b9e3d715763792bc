package io.gatecast.app.demo;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Scope;
import io.gatecast.series.Forecast;
import io.gatecast.series.Observation;
import io.gatecast.streams.SeriesRecords;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import io.gatecast.training.backtest.Score;
import io.gatecast.training.backtest.ScoreSheet;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads what the topology writes, as any other consumer would, and holds each forecast against what came true. Runs a
/// thread of its own until it is closed.
final class Watch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final TopicSerdes serdes;
    private final String forecasts;
    private final String evaluations;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private final long judgedFrom;
    private final ScoreSheet sheet;
    private final Map<String, Known> known = new HashMap<>();
    private final Map<String, Sight> sights = new HashMap<>();
    private final Map<String, Skill> skills = new HashMap<>();
    private final Skill skill = new Skill();
    private final TreeSet<Integer> versions = new TreeSet<>();
    private long received;
    private long episodes;
    private volatile boolean closing;
    private volatile @Nullable RuntimeException failure;

    /// What is to be seen of one series.
    ///
    /// @param observed the newest value of its first channel
    /// @param forecast what was forecast of it
    record Sight(double observed, Forecast forecast) {}

    /// A series, and how far the forecasts have come in it.
    private static final class Known {
        final Series series;
        int next;

        Known(Series series) {
            this.series = series;
        }

        /// @return the observation that a forecast was made of
        Observation at(Forecast forecast) {
            while (Math.floorDiv(series.timestamps()[next], forecast.intervalMillis())
                    * forecast.intervalMillis() < forecast.origin()) {
                next++;
            }
            return series.observation(next);
        }
    }

    private Watch(DemoPlan plan, TopicSerdes serdes, StreamsSettings settings,
            KafkaConsumer<String, byte[]> consumer) {
        this.serdes = serdes;
        this.forecasts = settings.topics().forecasts();
        this.evaluations = settings.topics().evaluations();
        this.consumer = consumer;
        this.judgedFrom = plan.split();
        this.sheet = new ScoreSheet(plan.data().interval().toMillis(), plan.data().horizon(),
                plan.features().scalingLag());
        plan.all().forEach(series -> known.put(series.id(), new Known(series)));
        this.thread = Thread.ofPlatform().name("demo-watch").unstarted(this::run);
    }

    /// Begins to read the topics that go out, which must be there.
    static Watch start(DemoPlan plan, TopicSerdes serdes, StreamsSettings settings) {
        Map<String, Object> properties = settings.consumerProperties();
        properties.put("isolation.level", "read_committed");
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream
                .of(settings.topics().forecasts(), settings.topics().anomalies(), settings.topics().evaluations())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Watch watch = new Watch(plan, serdes, settings, consumer);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (consumer) {
            while (!closing) {
                consumer.poll(POLL).forEach(this::take);
            }
        } catch (RuntimeException e) {
            failure = e; // told by whoever asks next
        }
    }

    private synchronized void take(ConsumerRecord<String, byte[]> record) {
        if (record.topic().equals(forecasts)) {
            take(record.key(), SeriesRecords
                    .toForecast(serdes.forecasts().deserializer().deserialize(record.topic(), record.value())));
        } else if (record.topic().equals(evaluations)) {
            take(record.key(), serdes.evaluations().deserializer().deserialize(record.topic(), record.value()));
        } else {
            Anomaly anomaly = serdes.anomalies().deserializer().deserialize(record.topic(), record.value());
            episodes += anomaly.getPhase() == Phase.OPENED ? 1 : 0;
        }
    }

    private void take(String seriesId, Forecast forecast) {
        Known series = known.get(seriesId);
        if (series == null) {
            throw new IllegalStateException("topic " + forecasts + ": a forecast of " + seriesId
                    + ", which the demo does not replay");
        }
        Observation observation = series.at(forecast);
        sheet.observed(seriesId, observation);
        if (forecast.origin() >= judgedFrom) {
            sheet.forecast(seriesId, forecast);
        }
        sights.put(seriesId, new Sight(observation.values()[0], forecast));
        versions.add(forecast.modelVersion());
        received++;
    }

    private void take(String seriesId, Evaluation evaluation) {
        if (evaluation.getScope() == Scope.SERIES && evaluation.getWindowStart().toEpochMilli() >= judgedFrom) {
            skills.computeIfAbsent(seriesId, id -> new Skill()).add(evaluation);
            skill.add(evaluation);
        }
    }

    /// @return how much better than the simplest forecasts a series was forecast, in words
    synchronized String skillOf(String seriesId) {
        return skills.getOrDefault(seriesId, new Skill()).toString();
    }

    /// @return over all series
    synchronized Skill skill() {
        return skill;
    }

    /// @return forecasts that have come
    synchronized long received() {
        check();
        return received;
    }

    /// @return episodes that were opened
    synchronized long episodes() {
        return episodes;
    }

    /// @return changes of model that were seen in the forecasts
    synchronized int swaps() {
        return Math.max(0, versions.size() - 1);
    }

    /// @return what is to be seen of a series now; null before its first forecast
    synchronized @Nullable Sight sight(String seriesId) {
        return sights.get(seriesId);
    }

    synchronized Score ofSeries(String seriesId) {
        return sheet.ofSeries(seriesId);
    }

    synchronized Score ofVersion(int version) {
        return sheet.ofVersion(version);
    }

    synchronized Score total() {
        return sheet.total();
    }

    private void check() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
