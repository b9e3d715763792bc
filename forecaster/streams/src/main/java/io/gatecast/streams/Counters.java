package io.gatecast.streams;

import io.gatecast.streams.StreamsMetrics.Meter;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// What an instance has counted since it started, over all its threads.
///
/// @param accepted      observations that moved a state on; each gave one forecast
/// @param duplicates    observations whose step had one already
/// @param late          observations older than the newest step of their series
/// @param deadLetters   observations sent to the dead letter topic, for whatever reason
/// @param reasons       the same by [Reason#text]; those that did not occur are left out
/// @param tombstones    records without a value, which deleted a series' state
/// @param unjudged      observations before the event time from which the first model counts
/// @param filled        steps without an observation that were filled in
/// @param rewarmed      series that were replayed through another model
/// @param unreadableStates stored states that could not be read; their series began afresh
/// @param modelsRefused records of the models topic that could not be used
/// @param modelsApplied records of the models topic that were taken up
/// @param modelEvents   events in the life of models that are followed
/// @param shadowed      observations that a shadow judged, too
/// @param lateModels    changes of a task's model that came after observations they should have counted for
/// @param swaps         models that tasks have taken up
/// @param swapMillis    for how long that held up the stream, in sum
/// @param longestSwapMillis the longest of them
public record Counters(long accepted, long duplicates, long late, long deadLetters, Map<String, Long> reasons,
        long tombstones, long unjudged, long filled, long rewarmed, long unreadableStates, long modelsRefused,
        long modelsApplied, long modelEvents, long shadowed, long lateModels, long swaps, double swapMillis,
        double longestSwapMillis) {

    public Counters {
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
    }

    static Counters of(Map<MetricName, ? extends Metric> metrics) {
        Map<String, Long> reasons = new TreeMap<>();
        StreamsMetrics.rejected(metrics).forEach((reason, count) -> reasons.put(reason.text(), count));
        return new Counters(StreamsMetrics.total(metrics, Meter.ACCEPTED),
                StreamsMetrics.total(metrics, Meter.DUPLICATES), StreamsMetrics.total(metrics, Meter.LATE),
                StreamsMetrics.total(metrics, Meter.REJECTED), reasons,
                StreamsMetrics.total(metrics, Meter.TOMBSTONES), StreamsMetrics.total(metrics, Meter.UNJUDGED),
                StreamsMetrics.total(metrics, Meter.FILLED), StreamsMetrics.total(metrics, Meter.REWARMED),
                StreamsMetrics.total(metrics, Meter.UNREADABLE_STATES),
                StreamsMetrics.total(metrics, Meter.MODELS_REFUSED),
                StreamsMetrics.total(metrics, Meter.MODELS_APPLIED),
                StreamsMetrics.total(metrics, Meter.MODEL_EVENTS), StreamsMetrics.total(metrics, Meter.SHADOWED),
                StreamsMetrics.total(metrics, Meter.LATE_MODELS), StreamsMetrics.swaps(metrics),
                StreamsMetrics.swapMillis(metrics), StreamsMetrics.longestSwapMillis(metrics));
    }
}
