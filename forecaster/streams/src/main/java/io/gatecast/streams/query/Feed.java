package io.gatecast.streams.query;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.series.Forecast;
import io.gatecast.streams.SeriesRecords;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.StreamsSettings.TopicNames;
import io.gatecast.streams.TopicSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what all instances write, as any other consumer would: from a little before the topics' ends, and then as it comes.
/// Runs a thread of its own until it is closed.
public final class Feed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final Duration POLL = Duration.ofMillis(250);
    /// Records a partition that are read again at the start.
    private static final long BACK = 5_000;

    private final TopicNames topics;
    private final TopicSerdes serdes;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Listener listener;
    private final Thread thread;
    private final Map<TopicPartition, Long> startEnds = new HashMap<>();
    private volatile boolean closing;

    /// Who is told, in the feed's thread.
    public interface Listener {

        /// @param writtenAt when its record says it was, milliseconds since the epoch: the observation's event time
        /// @param past      whether it was there before the feed began
        void forecast(String seriesId, Forecast forecast, long writtenAt, boolean past);

        /// @param past whether it was there before the feed began
        void anomaly(String seriesId, Anomaly anomaly, boolean past);

        void evaluation(String seriesId, Evaluation evaluation);
    }

    private Feed(TopicNames topics, TopicSerdes serdes, KafkaConsumer<String, byte[]> consumer, Listener listener) {
        this.topics = topics;
        this.serdes = serdes;
        this.consumer = consumer;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("feed").unstarted(this::run);
    }

    /// Begins to read the topics that go out, which must be there.
    public static Feed start(StreamsSettings settings, TopicSerdes serdes, Listener listener) {
        Map<String, Object> properties = settings.consumerProperties();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        Feed feed = new Feed(settings.topics(), serdes, consumer, listener);
        feed.thread.start();
        return feed;
    }

    private void run() {
        try (consumer) {
            begin();
            while (!closing) {
                consumer.poll(POLL).forEach(this::take);
            }
        } catch (WakeupException | InterruptException e) {
            LOG.debug("the feed is closed", e);
        } catch (KafkaException e) {
            LOG.error("The feed has stopped, so that anomalies and events are no longer told over HTTP: {}",
                    e.getMessage());
        }
    }

    private void begin() {
        List<TopicPartition> partitions = Stream.of(topics.forecasts(), topics.anomalies(), topics.evaluations())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        startEnds.putAll(consumer.endOffsets(partitions));
        startEnds.forEach((partition, end) -> consumer.seek(partition,
                Math.max(beginnings.getOrDefault(partition, 0L), end - BACK)));
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        boolean past = record.offset() < startEnds
                .getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
        try {
            take(record, past);
        } catch (KafkaException | AvroRuntimeException e) { // nobody's but this reader's loss
            LOG.warn("{}-{}@{} cannot be read and is not told over HTTP: {}", record.topic(), record.partition(),
                    record.offset(), e.getMessage());
        }
    }

    private void take(ConsumerRecord<String, byte[]> record, boolean past) {
        String topic = record.topic();
        if (topic.equals(topics.forecasts())) {
            Forecast forecast = SeriesRecords
                    .toForecast(serdes.forecasts().deserializer().deserialize(topic, record.value()));
            listener.forecast(record.key(), forecast, record.timestamp(), past);
        } else if (topic.equals(topics.anomalies())) {
            listener.anomaly(record.key(), serdes.anomalies().deserializer().deserialize(topic, record.value()), past);
        } else {
            listener.evaluation(record.key(), serdes.evaluations().deserializer().deserialize(topic, record.value()));
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
