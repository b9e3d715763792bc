package io.gatecast.app.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/// Kafka's own keys, verbatim, for the clients that a command makes.
///
/// @param origin where they come from, for messages
/// @param values key to value, `bootstrap.servers` among them
public record KafkaSettings(String origin, Map<String, String> values) {
    private static final String SERVERS = "bootstrap.servers";

    public KafkaSettings {
        values = Map.copyOf(values);
        if (values.getOrDefault(SERVERS, "").isBlank()) {
            throw new IllegalArgumentException(
                    origin + ": expected bootstrap.servers=HOST:PORT, which says where Kafka is, found none");
        }
    }

    /// Reads a properties file, UTF-8.
    ///
    /// @throws IllegalArgumentException if it does not say where Kafka is
    public static KafkaSettings load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": is no properties file: " + e.getMessage(), e);
        }
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key).strip()));
        return new KafkaSettings(file.toString(), values);
    }

    public String bootstrapServers() {
        return values.getOrDefault(SERVERS, "");
    }

    /// @param client `producer`, `consumer` or `admin`: keys under this prefix, as Kafka Streams has them, go before
    ///               those without
    /// @return settings for a client of this kind; to be added to
    public Map<String, Object> forClient(String client) {
        Map<String, Object> settings = new HashMap<>(values);
        String prefix = client + ".";
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }
}
