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
/// at a steady pace. Before, as many as the load has to warm up go through as fast as they can, and then some at that pace, whose
/// small batches take other ways through broker and clients, until these, too, are compiled. Neither count.
final class Latency {
    private static final Duration POLL = Duration.ofMillis(1);
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int LEAD_SECONDS = 30;

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
        int warm = Math.max(1, plan.load().warm());
        int counted = warm + (int) (eventsPerSecond * LEAD_SECONDS);
        int events = counted + (int) (eventsPerSecond * seconds);
        AtomicLongArray sent = new AtomicLongArray(events), came = new AtomicLongArray(events);
        producing.put("linger.ms", "1");
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(consuming(job), new StringDeserializer(),
                new ByteArrayDeserializer());
                KafkaProducer<String, Observation> producer = new KafkaProducer<>(producing, new StringSerializer(),
                        serdes.observations().serializer())) {
            consumer.subscribe(List.of(job.output()));
            for (int i = 0; i < warm; i++) {
                producer.send(records.of(i));
            }
            await(plan, consumer, came, warm);
            Thread sender = Thread.ofPlatform().name("sender").start(() -> send(producer, records, sent, warm,
                    eventsPerSecond));
            await(plan, consumer, came, events - warm);
            sender.interrupt();
        }
        long[] nanos = new long[events - counted];
        int count = 0;
        for (int i = counted; i < events; i++) {
            if (came.get(i) != 0) {
                nanos[count++] = came.get(i) - sent.get(i);
            }
        }
        Arrays.sort(nanos, 0, count);
        return count == 0
                ? new Times(Double.NaN, Double.NaN)
                : new Times(nanos[count / 2] / 1e6, nanos[(int) (0.99 * count)] / 1e6);
    }

    static Properties consuming(Job job) {
        Properties consuming = new Properties();
        consuming.put("bootstrap.servers", job.bootstrap());
        consuming.put("group.id", job.application() + "-watch");
        consuming.put("auto.offset.reset", "earliest");
        consuming.put("enable.auto.commit", "false");
        consuming.put("isolation.level", "read_committed");
        consuming.put("fetch.max.wait.ms", "5");
        return consuming;
    }

    /// Waits for so many more, or until none has come for a long time.
    private static void await(PipelinePlan plan, KafkaConsumer<String, byte[]> consumer, AtomicLongArray came,
            int count) {
        int known = 0;
        long patience = System.nanoTime() + PATIENCE_NANOS;
        while (known < count && System.nanoTime() < patience) {
            int more = take(plan, consumer, came);
            known += more;
            patience = more > 0 ? System.nanoTime() + PATIENCE_NANOS : patience;
        }
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
            AtomicLongArray sent, int first, double eventsPerSecond) {
        long start = System.nanoTime();
        for (int i = first; i < sent.length() && !Thread.currentThread().isInterrupted(); i++) {
            long due = start + (long) ((i - first) / eventsPerSecond * 1e9);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sent.set(i, System.nanoTime());
            producer.send(records.of(i));
        }
    }
}
