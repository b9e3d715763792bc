package io.gatecast.benchmarks.pipeline;

import java.util.HashMap;
import java.util.Map;

/// What a worker is told, as JSON.
///
/// @param way            what becomes of an observation
/// @param load           the observations
/// @param bootstrap      the broker's address
/// @param brokerProcess  its process id
/// @param application    id of the application, new each time
/// @param input          topic of observations
/// @param output         topic of what goes out
/// @param stateFolder    for RocksDB
/// @param threads        that take observations
/// @param guarantee      Kafka's `processing.guarantee`
/// @param commitMillis   Kafka's `commit.interval.ms`
/// @param more           further settings
record Job(Way way, Load load, String bootstrap, long brokerProcess, String application, String input, String output,
        String stateFolder, int threads, String guarantee, long commitMillis, Map<String, String> more) {
    static final String REGISTRY = "mock://gatecast-bench";

    boolean exactlyOnce() {
        return guarantee.equals("exactly_once_v2");
    }

    /// @return settings of an instance, as a user would write them
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrap);
        settings.put("schema.registry.url", REGISTRY);
        settings.put("application.id", application);
        settings.put("state.dir", stateFolder);
        settings.put("num.stream.threads", Integer.toString(threads));
        settings.put("processing.guarantee", guarantee);
        settings.put("commit.interval.ms", Long.toString(commitMillis));
        settings.put("gatecast.model.id", Load.MODEL);
        settings.put("gatecast.topic.observations", input);
        settings.put("gatecast.topic.forecasts", output);
        return settings;
    }

    String changelog() {
        return application + "-series-changelog";
    }
}
