package io.gatecast.benchmarks.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The least there is: a consumer, a producer, commits, and nothing between.
final class PlainLoop implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Job job;
    private final byte[][] values;
    private final LongAdder taken = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    private volatile boolean stopping;

    private PlainLoop(Job job, byte[][] values) {
        this.job = job;
        this.values = values;
    }

    static PlainLoop start(Job job) {
        PlainLoop loop = new PlainLoop(job, Topologies.values(job));
        for (int i = 0; i < job.threads(); i++) {
            KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(loop.producer(i), new ByteArraySerializer(),
                    new ByteArraySerializer());
            loop.producers.add(producer);
            loop.threads.add(Thread.ofPlatform().name("loop-" + i).start(() -> loop.run(producer)));
        }
        return loop;
    }

    private Properties producer(int thread) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", job.bootstrap());
        properties.put("compression.type", "lz4");
        properties.put("linger.ms", "100"); // as Kafka Streams sets it
        if (job.exactlyOnce()) {
            properties.put("transactional.id", job.application() + "-" + thread);
        }
        return properties;
    }

    private void run(KafkaProducer<byte[], byte[]> producer) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", job.bootstrap());
        properties.put("group.id", job.application());
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        properties.put("isolation.level", job.exactlyOnce() ? "read_committed" : "read_uncommitted");
        properties.put("max.poll.records", "1000"); // as Kafka Streams sets it
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(job.input()));
            if (job.exactlyOnce()) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            long committed = System.nanoTime();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            int count = 0;
            while (!stopping) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    producer.send(new ProducerRecord<>(job.output(), record.partition(), record.timestamp(),
                            record.key(), values[count++ % values.length]));
                    offsets.put(new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                    taken.increment();
                }
                if (System.nanoTime() - committed > job.commitMillis() * 1_000_000 && !offsets.isEmpty()) {
                    commit(consumer, producer, offsets);
                    committed = System.nanoTime();
                }
            }
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (job.exactlyOnce()) {
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            producer.commitTransaction();
            producer.beginTransaction();
        } else {
            producer.flush();
            consumer.commitSync(offsets);
        }
        offsets.clear();
    }

    long taken() {
        return taken.sum();
    }

    Map<MetricName, Metric> metrics() {
        Map<MetricName, Metric> all = new HashMap<>();
        producers.forEach(producer -> all.putAll(producer.metrics()));
        return all;
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
