package io.gatecast.streams;

import io.gatecast.streams.StreamsMetrics.Timing;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// How long things took of late, each of the thread that takes longest; NaN where nothing was timed.
///
/// @param step   one observation through the network
/// @param rewarm the same with the replay of its series through another model
public record Timings(Span step, Span rewarm) {

    /// Seconds.
    public record Span(double mean, double max) {}

    static Timings of(Map<MetricName, ? extends Metric> metrics) {
        return new Timings(span(metrics, Timing.STEP), span(metrics, Timing.REWARM));
    }

    private static Span span(Map<MetricName, ? extends Metric> metrics, Timing timing) {
        return new Span(StreamsMetrics.latency(metrics, timing, "avg") / 1e9,
                StreamsMetrics.latency(metrics, timing, "max") / 1e9);
    }
}
