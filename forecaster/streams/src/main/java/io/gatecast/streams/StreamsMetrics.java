package io.gatecast.streams;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/// What is counted, through Kafka Streams' own metrics, so that JMX and every metrics reporter see it: group
/// `stream-gatecast-metrics`, a `-rate` (per second) and a `-total` of each [Meter], for each thread. After a crash the
/// observations since the last commit are counted again, though their effects are not there twice.
final class StreamsMetrics {
    private static final String SCOPE = "gatecast";
    private static final String GROUP = "stream-" + SCOPE + "-metrics";

    /// Each meter, its unit and meaning. Its name is the constant's in small letters, with hyphens.
    enum Meter {
        /// Observations that moved a state on; each gave one forecast.
        ACCEPTED,
        /// Observations whose step had one already; the first one counts.
        DUPLICATES,
        /// Observations older than the newest step of their series.
        LATE,
        /// Observations that could be read but not judged; each lies in the dead letter topic.
        REJECTED,
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
        /// Changes of a task's model that came after observations they should have counted for.
        LATE_MODELS;

        String operation() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Map<Meter, Sensor> sensors = new EnumMap<>(Meter.class);

    /// Counts for the thread that calls; all its tasks share the meters.
    StreamsMetrics(ProcessingContext context) {
        for (Meter meter : Meter.values()) {
            sensors.put(meter, context.metrics().addRateTotalSensor(SCOPE, context.applicationId(), meter.operation(),
                    Sensor.RecordingLevel.INFO));
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
        return sum(metrics, GROUP, meter.operation() + "-total");
    }

    /// @return records that Kafka Streams set aside, unreadable ones and [Meter#REJECTED] ones together
    static long dropped(Map<MetricName, ? extends Metric> metrics) {
        return sum(metrics, "stream-task-metrics", "dropped-records-total");
    }

    private static long sum(Map<MetricName, ? extends Metric> metrics, String group, String name) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(group) && entry.getKey().name().equals(name))
                .mapToLong(entry -> ((Number) entry.getValue().metricValue()).longValue()).sum();
    }
}
