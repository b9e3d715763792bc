package io.gatecast.streams;

import io.gatecast.streams.StreamsSettings.Source;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// What does not go together with `group.protocol=streams`. Kafka would log it and go on without, or fail later in words of its own.
final class GroupProtocol {
    private GroupProtocol() {}

    /// @throws IllegalArgumentException with one sentence that names the key
    static void requireCompatible(Map<String, String> kafka, Source source) {
        if (!"streams".equalsIgnoreCase(kafka.get(StreamsConfig.GROUP_PROTOCOL_CONFIG))) {
            return;
        }
        for (String key : kafka.keySet()) {
            if (key.endsWith(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)) {
                throw source.refused(key, "group.protocol=streams knows no static members: remove it, or take"
                        + " group.protocol=classic");
            }
        }
        refuseBrokersOwn(kafka, source, StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, "streams.num.standby.replicas");
        refuseBrokersOwn(kafka, source, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "streams.session.timeout.ms");
        refuseBrokersOwn(kafka, source, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                "streams.heartbeat.interval.ms");
    }

    private static void refuseBrokersOwn(Map<String, String> kafka, Source source, String key, String brokers) {
        for (String prefix : List.of("", StreamsConfig.CONSUMER_PREFIX, StreamsConfig.MAIN_CONSUMER_PREFIX)) {
            if (kafka.containsKey(prefix + key)) {
                throw source.refused(prefix + key, "with group.protocol=streams the broker says it: remove it, and set"
                        + " the group's " + brokers + " with kafka-configs, or take group.protocol=classic");
            }
        }
    }
}
