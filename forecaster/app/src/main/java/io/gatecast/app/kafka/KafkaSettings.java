package io.gatecast.app.kafka;

import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Kafka's own keys for the clients that a command makes beside the topology, from the same file.
///
/// @param origin   where they come from, for messages
/// @param kafka    key to value, `bootstrap.servers` among them
/// @param registry the schema registry's keys
public record KafkaSettings(String origin, Map<String, String> kafka, Map<String, String> registry) {

    public KafkaSettings {
        kafka = Map.copyOf(kafka);
        registry = Map.copyOf(registry);
    }

    /// @throws IllegalArgumentException with one sentence that names file, line and key
    public static KafkaSettings load(Path file) throws IOException {
        return of(file.toString(), StreamsSettings.load(file));
    }

    /// @param origin where the settings come from, for messages
    public static KafkaSettings of(String origin, StreamsSettings settings) {
        return new KafkaSettings(origin, settings.kafka(), settings.registry());
    }

    public String bootstrapServers() {
        return kafka.getOrDefault("bootstrap.servers", "");
    }

    /// @param client `producer`, `consumer` or `admin`: keys under this prefix, as Kafka Streams has them, go before
    ///               those without
    /// @return settings for a client of this kind; to be added to
    public Map<String, Object> forClient(String client) {
        Map<String, Object> settings = new HashMap<>(kafka);
        String prefix = client + ".";
        kafka.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }
}
