package io.gatecast.streams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.utils.Utils;

/// Values that a settings file only refers to, as in `${file:/run/secrets/kafka.properties:password}`, by Kafka's own
/// ConfigProviders and keys:
///
///     config.providers=file,env,directory
///     config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
///
/// They are looked up once, when the settings are read, so that Kafka's clients, the registry's and ours all find them; what
/// is put in the file's place needs a restart. A reference that leads nowhere is refused, where Kafka would send it as it
/// stands. What is looked up is never told.
final class Secrets {
    static final String PROVIDERS = "config.providers";
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}:]+):([^}]*)}");

    private Secrets() {}

    static boolean isOwn(String key) {
        return key.equals(PROVIDERS) || key.startsWith(PROVIDERS + ".");
    }

    /// @return the entries with what they refer to, and without the providers' own
    /// @throws Unresolved with the key, where something cannot be looked up
    static Map<String, String> resolve(Map<String, String> entries) {
        if (!entries.containsKey(PROVIDERS)) {
            return entries;
        }
        Map<String, ConfigProvider> providers = new HashMap<>();
        List<ConfigProvider> opened = new ArrayList<>();
        try {
            for (String name : entries.get(PROVIDERS).strip().split("\\s*,\\s*")) {
                ConfigProvider provider = open(name, entries);
                opened.add(provider);
                providers.put(name, provider);
            }
            ConfigTransformer transformer = new ConfigTransformer(providers);
            Map<String, String> resolved = new HashMap<>();
            entries.forEach((key, value) -> {
                if (!isOwn(key)) {
                    resolved.put(key, lookUp(key, value, transformer, providers));
                }
            });
            return resolved;
        } finally {
            opened.forEach(provider -> Utils.closeQuietly(provider, "provider of secrets"));
        }
    }

    private static ConfigProvider open(String name, Map<String, String> entries) {
        String key = PROVIDERS + "." + name + ".class";
        String type = entries.getOrDefault(key, "").strip();
        if (type.isEmpty()) {
            throw new Unresolved(key, "expected the class of the provider, found none");
        }
        String prefix = PROVIDERS + "." + name + ".param.";
        Map<String, String> parameters = new HashMap<>();
        entries.forEach((entry, value) -> {
            if (entry.startsWith(prefix)) {
                parameters.put(entry.substring(prefix.length()), value);
            }
        });
        try {
            ConfigProvider provider = Utils.newInstance(type, ConfigProvider.class);
            provider.configure(parameters);
            return provider;
        } catch (ClassNotFoundException e) {
            throw new Unresolved(key, "there is no class " + type);
        } catch (KafkaException e) {
            throw new Unresolved(key, String.valueOf(e.getMessage()));
        }
    }

    private static String lookUp(String key, String value, ConfigTransformer transformer,
            Map<String, ConfigProvider> providers) {
        Matcher reference = REFERENCE.matcher(value);
        if (!reference.find()) {
            return value;
        }
        if (!providers.containsKey(reference.group(1))) {
            throw new Unresolved(key, reference.group() + ": " + PROVIDERS + " names no '" + reference.group(1) + "'");
        }
        String found;
        try {
            found = transformer.transform(Map.of(key, value)).data().getOrDefault(key, value);
        } catch (KafkaException e) {
            throw new Unresolved(key, reference.group() + ": " + e.getMessage());
        }
        if (found.contains(reference.group())) {
            throw new Unresolved(key, reference.group() + ": there is no such thing; check path and name");
        }
        return found;
    }

    /// Something that a key refers to and that is not there.
    static final class Unresolved extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String key;

        Unresolved(String key, String fault) {
            super(fault);
            this.key = key;
        }

        String key() {
            return key;
        }
    }
}
