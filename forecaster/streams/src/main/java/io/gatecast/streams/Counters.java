package io.gatecast.streams;

import io.gatecast.streams.StreamsMetrics.Meter;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// What an instance has counted since it started, over all its threads.
///
/// @param accepted      observations that moved a state on; each gave one forecast
/// @param duplicates    observations whose step had one already
/// @param late          observations older than the newest step of their series
/// @param rejected      observations that could be read but not judged
/// @param deadLetters   observations sent to the dead letter topic, rejected or unreadable, by the tasks that run now
/// @param unjudged      observations before the event time from which the first model counts
/// @param filled        steps without an observation that were filled in
/// @param rewarmed      series that were replayed through another model
/// @param modelsRefused records of the models topic that could not be used
/// @param modelsApplied records of the models topic that were taken up
/// @param lateModels    changes of a task's model that came after observations they should have counted for
public record Counters(long accepted, long duplicates, long late, long rejected, long deadLetters, long unjudged,
        long filled, long rewarmed, long modelsRefused, long modelsApplied, long lateModels) {

    static Counters of(Map<MetricName, ? extends Metric> metrics) {
        return new Counters(StreamsMetrics.total(metrics, Meter.ACCEPTED),
                StreamsMetrics.total(metrics, Meter.DUPLICATES), StreamsMetrics.total(metrics, Meter.LATE),
                StreamsMetrics.total(metrics, Meter.REJECTED), StreamsMetrics.dropped(metrics),
                StreamsMetrics.total(metrics, Meter.UNJUDGED), StreamsMetrics.total(metrics, Meter.FILLED),
                StreamsMetrics.total(metrics, Meter.REWARMED), StreamsMetrics.total(metrics, Meter.MODELS_REFUSED),
                StreamsMetrics.total(metrics, Meter.MODELS_APPLIED),
                StreamsMetrics.total(metrics, Meter.LATE_MODELS));
    }
}
