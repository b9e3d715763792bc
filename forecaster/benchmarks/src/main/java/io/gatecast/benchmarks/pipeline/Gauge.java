package io.gatecast.benchmarks.pipeline;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// Watches a way at work from within its process: clock, processor time and what its producers have sent, when the first
/// measured event has been taken and when the last one has.
final class Gauge {
    private static final long LOOK_NANOS = 2_000_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Job job;
    private final LongSupplier taken;
    private final Supplier<Map<MetricName, ? extends Metric>> metrics;
    private final long started = System.nanoTime();

    /// @param taken   events so far
    /// @param metrics of Kafka's clients
    Gauge(Job job, LongSupplier taken, Supplier<Map<MetricName, ? extends Metric>> metrics) {
        this.job = job;
        this.taken = taken;
        this.metrics = metrics;
    }

    private record Look(long events, long nanos, long cpu, long brokerCpu, long allocated, Sent changelog,
            Sent output) {}

    /// What went to some topics.
    private record Sent(double bytes, double records, double uncompressed) {}

    Reading read() {
        await(1);
        long first = System.nanoTime();
        await(job.load().warm());
        Look from = look();
        long since = System.currentTimeMillis();
        await((long) job.load().warm() + job.load().events());
        Look to = look();
        double events = to.events - from.events;
        double records = to.changelog.records - from.changelog.records;
        return new Reading((to.nanos - from.nanos) / 1e9 * job.load().events() / events,
                (to.cpu - from.cpu) / 1e3 / events, (to.brokerCpu - from.brokerCpu) / 1e3 / events,
                (to.allocated - from.allocated) / events, (to.changelog.bytes - from.changelog.bytes) / events,
                records / events,
                records == 0 ? 0 : (to.changelog.uncompressed - from.changelog.uncompressed) / records,
                (to.output.bytes - from.output.bytes) / events, (first - started) / 1e9, 0, since);
    }

    private void await(long events) {
        long seen = 0, since = System.nanoTime();
        for (long now = taken.getAsLong(); now < events; now = taken.getAsLong()) {
            if (now != seen) {
                seen = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                throw new IllegalStateException("nothing has moved for a minute after " + now + " events");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private Look look() {
        return new Look(taken.getAsLong(), System.nanoTime(), PROCESS.getProcessCpuTime(),
                ProcessHandle.of(job.brokerProcess()).flatMap(broker -> broker.info().totalCpuDuration())
                        .map(Duration::toNanos).orElse(0L),
                THREADS.getTotalThreadAllocatedBytes(), sent("-changelog"), sent(job.output()));
    }

    /// @param ending of the topics' names
    private Sent sent(String ending) {
        double bytes = 0, records = 0, uncompressed = 0;
        Map<MetricName, ? extends Metric> all = metrics.get();
        for (Map.Entry<MetricName, ? extends Metric> metric : all.entrySet()) {
            MetricName name = metric.getKey();
            String topic = name.tags().getOrDefault("topic", "");
            if (!name.group().equals("producer-topic-metrics") || !topic.endsWith(ending)) {
                continue;
            }
            double value = ((Number) metric.getValue().metricValue()).doubleValue();
            if (name.name().equals("record-send-total")) {
                records += value;
            } else if (name.name().equals("byte-total")) {
                bytes += value;
                Metric rate = all.get(new MetricName("compression-rate", name.group(), "", name.tags()));
                double share = rate == null ? Double.NaN : ((Number) rate.metricValue()).doubleValue();
                uncompressed += share > 0 ? value / share : value;
            }
        }
        return new Sent(bytes, records, uncompressed);
    }
}
