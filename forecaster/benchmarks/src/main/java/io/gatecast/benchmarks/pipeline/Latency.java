package io.gatecast.benchmarks.pipeline;

import io.gatecast.avro.Observation;
import io.gatecast.streams.TopicSerdes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// From the moment an observation is handed to a producer until a consumer that reads what is committed has what came of it,
/// at a steady pace. The first part of the time is for warming up and does not count.
final class Latency {
    private static final double WARM = 0.4;
    private static final Duration POLL = Duration.ofMillis(1);
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private Latency() {}

    /// @param p50 milliseconds
    /// @param p99 milliseconds
    record Times(double p50, double p99) {}

    /// Makes the record of an observation.
    interface Records {
        ProducerRecord<String, Observation> of(int index);
    }

    static Times measure(PipelinePlan plan, Job job, Properties producing, TopicSerdes serdes, Records records,
            double eventsPerSecond, int seconds) {
        int events = (int) (eventsPerSecond * seconds);
        AtomicLongArray sent = new AtomicLongArray(events), came = new AtomicLongArray(events);
        producing.put("linger.ms", "1");
        Properties consuming = new Properties();
        consuming.put("bootstrap.servers", job.bootstrap());
        consuming.put("group.id", job.application() + "-watch");
        consuming.put("auto.offset.reset", "earliest");
        consuming.put("isolation.level", "read_committed");
        consuming.put("fetch.max.wait.ms", "5");
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(consuming, new StringDeserializer(),
                new ByteArrayDeserializer());
                KafkaProducer<String, Observation> producer = new KafkaProducer<>(producing, new StringSerializer(),
                        serdes.observations().serializer())) {
            consumer.subscribe(List.of(job.output()));
            producer.send(records.of(0)); // wakes everybody
            sent.set(0, System.nanoTime());
            int known = 0;
            long patience = System.nanoTime() + PATIENCE_NANOS;
            while (known == 0 && System.nanoTime() < patience) {
                known += take(plan, consumer, came);
            }
            Thread sender = Thread.ofPlatform().name("sender").start(() -> send(producer, records, sent,
                    eventsPerSecond));
            patience = System.nanoTime() + seconds * 1_000_000_000L + PATIENCE_NANOS;
            while (known < events && System.nanoTime() < patience) {
                known += take(plan, consumer, came);
            }
            sender.interrupt();
        }
        long[] nanos = new long[events];
        int count = 0;
        for (int i = (int) (WARM * events); i < events; i++) {
            if (came.get(i) != 0) {
                nanos[count++] = came.get(i) - sent.get(i);
            }
        }
        Arrays.sort(nanos, 0, count);
        return count == 0
                ? new Times(Double.NaN, Double.NaN)
                : new Times(nanos[count / 2] / 1e6, nanos[(int) (0.99 * count)] / 1e6);
    }

    private static int take(PipelinePlan plan, KafkaConsumer<String, byte[]> consumer, AtomicLongArray came) {
        int known = 0;
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            int series = Integer.parseInt(record.key().substring(record.key().indexOf('-') + 1)) - 1_000_000;
            int index = (Load.stepAt(record.timestamp()) - Load.BEHIND) * plan.load().keys() + series;
            if (index < came.length()) {
                came.set(index, System.nanoTime());
                known++;
            }
        }
        return known;
    }

    private static void send(KafkaProducer<String, Observation> producer, Records records,
            AtomicLongArray sent, double eventsPerSecond) {
        long start = System.nanoTime();
        for (int i = 1; i < sent.length() && !Thread.currentThread().isInterrupted(); i++) {
            long due = start + (long) (i / eventsPerSecond * 1e9);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sent.set(i, System.nanoTime());
            producer.send(records.of(i));
        }
    }
}
