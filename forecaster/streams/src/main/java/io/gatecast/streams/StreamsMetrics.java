package io.gatecast.streams;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/// What is counted, through Kafka Streams' own metrics, so that JMX and every metrics reporter see it: group
/// `stream-gatecast-metrics`, a `-rate` (per second) and a `-total` of each [Meter], for each thread. After a crash the
/// observations since the last commit are counted again, though their effects are not there twice. How often a task took up a
/// model, and how long that took, are `swaps-total`, `swap-time-ms-total` and `swap-time-ms-max`.
final class StreamsMetrics {
    private static final String SCOPE = "gatecast";
    private static final String GROUP = "stream-" + SCOPE + "-metrics";

    /// Each meter, its unit and meaning. Its name is the constant's in small letters, with hyphens.
    enum Meter {
        /// Observations that moved a state on; each gave one forecast.
        ACCEPTED,
        /// Observations whose step had one already; the first one counts.
        DUPLICATES,
        /// Observations older than the newest step of their series, or than its grace; in the topic for late ones, if that is
        /// asked for.
        LATE,
        /// Observations that were put in their place or wait for others of their step.
        WAITED,
        /// Silences of series that gave an anomaly or made one graver.
        SILENT,
        /// Observations that were set aside; each lies in the dead letter topic. Tag `reason` says why, see [Reason].
        REJECTED,
        /// Tombstones: records without a value, each of which deleted the state of its series.
        TOMBSTONES,
        /// Stored states that could not be read, whole or in part; their series began afresh, or with what was left.
        UNREADABLE_STATES,
        /// Observations before the event time from which the first model counts: not judged.
        UNJUDGED,
        /// Steps without an observation that were filled in.
        FILLED,
        /// Series that were replayed through another model.
        REWARMED,
        /// Records of the models topic that could not be used; the models in force stayed.
        MODELS_REFUSED,
        /// Records of the models topic that were taken up.
        MODELS_APPLIED,
        /// Events in the life of models that are followed.
        MODEL_EVENTS,
        /// Observations that a shadow judged beside the model whose forecast went out.
        SHADOWED,
        /// Changes of a task's model that came after observations they should have counted for.
        LATE_MODELS;

        String operation() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// What is timed, wall time of the thread that does it, in nanoseconds: a `-latency-avg` and a `-latency-max` over the
    /// last samples of Kafka's metrics (`metrics.sample.window.ms`). It goes nowhere but into metrics.
    enum Timing {
        /// One observation through the network: state read, step, forecast, judgement; without the store.
        STEP,
        /// The same where the series had to be replayed through another model first.
        REWARM;

        String operation() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String REASON = "reason";
    private static final String SWAPS = "swaps-total";
    private static final String SWAP_MILLIS = "swap-time-ms-total";
    private static final String LONGEST_SWAP_MILLIS = "swap-time-ms-max";

    private final Map<Meter, Sensor> sensors = new EnumMap<>(Meter.class);
    private final Map<Timing, Sensor> timings = new EnumMap<>(Timing.class);
    private final Map<Reason, Sensor> rejections = new EnumMap<>(Reason.class);
    private final Sensor swaps;

    /// Counts for the thread that calls; all its tasks share the meters.
    StreamsMetrics(ProcessingContext context) {
        for (Meter meter : Meter.values()) {
            if (meter != Meter.REJECTED) {
                sensors.put(meter, context.metrics().addRateTotalSensor(SCOPE, context.applicationId(),
                        meter.operation(), Sensor.RecordingLevel.INFO));
            }
        }
        for (Timing timing : Timing.values()) {
            timings.put(timing, context.metrics().addLatencyRateTotalSensor(SCOPE, context.applicationId(),
                    timing.operation(), Sensor.RecordingLevel.INFO));
        }
        for (Reason reason : Reason.values()) { // a sensor is known by its names alone, so the second one differs, too
            rejections.put(reason, context.metrics().addRateTotalSensor(SCOPE,
                    context.applicationId() + "." + reason.text(), Meter.REJECTED.operation(),
                    Sensor.RecordingLevel.INFO, REASON, reason.text()));
        }
        swaps = swaps(context);
    }

    /// By Kafka's own means, for the longest of them must not be forgotten after a minute, as their maximum is.
    private static Sensor swaps(ProcessingContext context) {
        Map<String, String> tags = Map.of("thread-id", Thread.currentThread().getName());
        Sensor sensor = context.metrics().addSensor(SCOPE + ".swaps." + Thread.currentThread().getName(),
                Sensor.RecordingLevel.INFO);
        sensor.add(new MetricName(SWAPS, GROUP, "Models that tasks have taken up", tags), new CumulativeCount());
        sensor.add(new MetricName(SWAP_MILLIS, GROUP, "Milliseconds for which that held up the stream", tags),
                new CumulativeSum());
        sensor.add(new MetricName(LONGEST_SWAP_MILLIS, GROUP, "Milliseconds of the longest", tags), new Longest());
        return sensor;
    }

    private static final class Longest implements MeasurableStat {
        private double most;

        @Override
        public void record(MetricConfig config, double value, long now) {
            most = Math.max(most, value);
        }

        @Override
        public double measure(MetricConfig config, long now) {
            return most;
        }
    }

    /// Counts a model that a task has taken up.
    void swapTook(long nanos) {
        swaps.record(nanos / 1e6);
    }

    /// Counts what is set aside.
    void reject(Reason reason) {
        Sensor sensor = rejections.get(reason);
        if (sensor != null) {
            sensor.record();
        }
    }

    /// @param since of System.nanoTime()
    void time(Timing timing, long since) {
        Sensor sensor = timings.get(timing);
        if (sensor != null) {
            sensor.record(System.nanoTime() - since);
        }
    }

    void count(Meter meter) {
        count(meter, 1);
    }

    /// A total counts calls, so several at once are several calls.
    void count(Meter meter, int times) {
        Sensor sensor = sensors.get(meter);
        for (int i = 0; i < times && sensor != null; i++) {
            sensor.record();
        }
    }

    /// @return what all threads have counted together
    static long total(Map<MetricName, ? extends Metric> metrics, Meter meter) {
        return sum(metrics, name -> isTotalOf(name, meter));
    }

    /// @param statistic avg or max
    /// @return nanoseconds, of the thread that takes longest; NaN where nothing was timed
    static double latency(Map<MetricName, ? extends Metric> metrics, Timing timing, String statistic) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(GROUP)
                        && entry.getKey().name().equals(timing.operation() + "-latency-" + statistic))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .filter(value -> !Double.isNaN(value)).max().orElse(Double.NaN);
    }

    /// @return what all threads have set aside together, by reason; reasons that did not occur are left out
    static Map<Reason, Long> rejected(Map<MetricName, ? extends Metric> metrics) {
        Map<Reason, Long> rejected = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            long count = sum(metrics, name -> isTotalOf(name, Meter.REJECTED)
                    && reason.text().equals(name.tags().get(REASON)));
            if (count > 0) {
                rejected.put(reason, count);
            }
        }
        return rejected;
    }

    /// @return models that tasks have taken up
    static long swaps(Map<MetricName, ? extends Metric> metrics) {
        return (long) swapFigures(metrics, SWAPS).sum();
    }

    /// @return for how long that held up a task, in sum, milliseconds
    static double swapMillis(Map<MetricName, ? extends Metric> metrics) {
        return swapFigures(metrics, SWAP_MILLIS).sum();
    }

    /// @return the longest of them
    static double longestSwapMillis(Map<MetricName, ? extends Metric> metrics) {
        return swapFigures(metrics, LONGEST_SWAP_MILLIS).max().orElse(0);
    }

    private static DoubleStream swapFigures(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(GROUP) && entry.getKey().name().equals(name))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue());
    }

    private static boolean isTotalOf(MetricName name, Meter meter) {
        return name.group().equals(GROUP) && name.name().equals(meter.operation() + "-total");
    }

    private static long sum(Map<MetricName, ? extends Metric> metrics, Predicate<MetricName> wanted) {
        return metrics.entrySet().stream().filter(entry -> wanted.test(entry.getKey()))
                .mapToLong(entry -> ((Number) entry.getValue().metricValue()).longValue()).sum();
    }
}
