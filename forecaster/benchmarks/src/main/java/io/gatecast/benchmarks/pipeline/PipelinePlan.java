package io.gatecast.benchmarks.pipeline;

import java.util.Map;

/// What is measured.
///
/// @param load         the observations and the model
/// @param threads      of the application
/// @param guarantee    Kafka's `processing.guarantee`
/// @param commitMillis Kafka's `commit.interval.ms`
/// @param more         further settings of an instance
record PipelinePlan(Load load, int threads, String guarantee, long commitMillis, Map<String, String> more) {
    PipelinePlan {
        more = Map.copyOf(more);
    }

    PipelinePlan with(Load other) {
        return new PipelinePlan(other, threads, guarantee, commitMillis, more);
    }

    String describe() {
        return "%,d events over %,d keys, LSTM %s%d, horizon 24 x 3 quantiles, %d thread%s, %s, commit every %d ms%s"
                .formatted(load.events(), load.keys(), load.layers() == 1 ? "" : load.layers() + " x ", load.hidden(),
                        threads, threads == 1 ? "" : "s",
                        guarantee.equals("exactly_once_v2") ? "exactly once" : "at least once", commitMillis,
                        more.isEmpty() ? "" : ", " + more);
    }
}
