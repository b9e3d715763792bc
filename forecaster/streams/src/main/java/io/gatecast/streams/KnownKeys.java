package io.gatecast.streams;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/// Every key a settings file may hold: Gatecast's, Kafka's as Kafka itself lists them, the schema registry client's as
/// Confluent documents them.
final class KnownKeys {
    private static final List<String> REGISTRY_BARE = List.of("auto.register.schemas", "basic.auth.credentials.source",
            "basic.auth.user.info",
            "bearer.auth.credentials.source", "bearer.auth.token", "bearer.auth.issuer.endpoint.url",
            "bearer.auth.client.id", "bearer.auth.client.secret", "bearer.auth.scope", "bearer.auth.scope.claim.name",
            "bearer.auth.sub.claim.name", "bearer.auth.logical.cluster", "bearer.auth.identity.pool.id",
            "bearer.auth.cache.expiry.buffer.seconds", "bearer.auth.custom.provider.class");
    private static final List<String> REGISTRY_CONNECTION = List.of("url", "http.connect.timeout.ms",
            "http.read.timeout.ms", "proxy.host", "proxy.port");
    private static final String REGISTRY_PREFIX = "schema.registry.";

    private final Set<String> kafka = new TreeSet<>();
    private final Set<String> registry = new TreeSet<>(REGISTRY_BARE);
    private final Set<String> own;

    KnownKeys(Collection<String> own) {
        this.own = Set.copyOf(own);
        addPrefixed(REGISTRY_PREFIX, REGISTRY_BARE, registry);
        addPrefixed(REGISTRY_PREFIX, REGISTRY_CONNECTION, registry);
        addPrefixed(REGISTRY_PREFIX, constantsOf(SslConfigs.class), registry);
        kafka.addAll(StreamsConfig.configDef().names());
        for (String prefix : List.of("", StreamsConfig.CONSUMER_PREFIX, StreamsConfig.MAIN_CONSUMER_PREFIX,
                StreamsConfig.RESTORE_CONSUMER_PREFIX, StreamsConfig.GLOBAL_CONSUMER_PREFIX)) {
            addPrefixed(prefix, ConsumerConfig.configNames(), kafka);
        }
        addPrefixed("", ProducerConfig.configNames(), kafka);
        addPrefixed(StreamsConfig.PRODUCER_PREFIX, ProducerConfig.configNames(), kafka);
        addPrefixed("", AdminClientConfig.configNames(), kafka);
        addPrefixed(StreamsConfig.ADMIN_CLIENT_PREFIX, AdminClientConfig.configNames(), kafka);
        addPrefixed(StreamsConfig.TOPIC_PREFIX, constantsOf(TopicConfig.class), kafka);
    }

    boolean isKafka(String key) {
        return kafka.contains(key);
    }

    boolean isRegistry(String key) {
        return registry.contains(key);
    }

    boolean isOwn(String key) {
        return own.contains(key);
    }

    /// @return the known key that takes the fewest changed letters
    String nearest(String key) {
        Set<String> all = new TreeSet<>(kafka);
        all.addAll(registry);
        all.addAll(own);
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return all.stream().min(Comparator.comparingInt(known -> distance.apply(key, known))).orElseThrow();
    }

    private static void addPrefixed(String prefix, Collection<String> names, Set<String> to) {
        names.forEach(name -> to.add(prefix + name));
    }

    /// The values of `NAME_CONFIG` constants: these classes have no list of their names.
    private static Set<String> constantsOf(Class<?> configuration) {
        Set<String> names = new TreeSet<>();
        for (Field field : configuration.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getName().endsWith("_CONFIG")) {
                names.add(valueOf(field));
            }
        }
        return names;
    }

    private static String valueOf(Field field) {
        try {
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " is public, but cannot be read", e);
        }
    }
}
