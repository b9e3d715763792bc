package io.gatecast.streams;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// What we set of Kafka's own keys where nobody else does.
final class KafkaDefaults {
    /// Kafka Streams waits 100 ms for a batch to fill, and a forecast with it; where there is much to send, batches fill before.
    private static final String LINGER_MILLIS = "5";
    private static final String BATCH_BYTES = "65536";
    /// A broker answers a connection's requests one after the other: a consumer that has come to the end of one topic waits
    /// so long before it can ask for the next, and one that was told of a partition more, before it can ask for that: Kafka's half second
    /// each time that an instance starts or takes over a task.
    private static final String FETCH_WAIT_MILLIS = "50";
    /// At first; clients double it up to a second. What is made at a start, changelogs and transactions, is there sooner than after
    /// Kafka's 100 ms.
    private static final String BACKOFF_MILLIS = "25";

    static final Map<String, String> ALL = Map.ofEntries(Map.entry(StreamsConfig.APPLICATION_ID_CONFIG, "gatecast"),
            Map.entry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2),
            Map.entry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "1000"),
            Map.entry(StreamsConfig.RETRY_BACKOFF_MS_CONFIG, BACKOFF_MILLIS),
            Map.entry(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4"),
            Map.entry(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MILLIS),
            Map.entry(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES),
            Map.entry(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                    Integer.toString(Stores.LARGEST_STATE)),
            Map.entry(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_WAIT_MILLIS),
            Map.entry(StreamsConfig.globalConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed"),
            Map.entry(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreOptions.class.getName()),
            Map.entry(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetters.class.getName()),
            Map.entry(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetters.class.getName()),
            Map.entry(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, "true"),
            Map.entry(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, Unsendable.class.getName()));

    private KafkaDefaults() {}
}
