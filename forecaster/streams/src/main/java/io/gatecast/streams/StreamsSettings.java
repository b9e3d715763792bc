package io.gatecast.streams;

import io.gatecast.network.kernel.Precision;
import io.gatecast.schemas.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/// All that an instance is told. Made from a properties file with three kinds of keys: Kafka's own, verbatim
/// (`bootstrap.servers`, `num.stream.threads`, `consumer.max.poll.records`, `security.protocol`, ...); the schema
/// registry's, as Confluent documents them (`schema.registry.*`, `basic.auth.*`, `bearer.auth.*`); and these:
///
///     gatecast.model.id            the model to follow; "default"
///     gatecast.topic.observations  what comes in; "observations"
///     gatecast.topic.forecasts     what goes out; "forecasts"
///     gatecast.topic.anomalies     what goes out; "anomalies"
///     gatecast.topic.models        where models come from; "models"
///     gatecast.models.events.topic how models change; the topic of models with `.events` after it
///     gatecast.models.trusted-keys files of public keys whose models are taken; "none", anybody's
///     gatecast.evaluations.topic   what goes out; "evaluations"
///     gatecast.evaluations.window  steps that came true to an evaluation; "auto", the shortest season or else 24
///     gatecast.evaluations.fleet   event time over which evaluations are summed up; "1d"
///     gatecast.evaluate.horizons   steps ahead that are evaluated beside the next one, as in 6,24; "none"
///     gatecast.canary.margin       by how much a canary may be worse than its champion; "10%"
///     gatecast.canary.window       event time over which they are held against one another; "1d"
///     gatecast.canary.targets      that each must have had in it; "1000"
///     gatecast.drift               the test that asks for a new version; "page-hinkley" or "none"
///     gatecast.grace               how far an observation may come behind the newest of its series; "none"
///     gatecast.late                what becomes of it if it comes later: "drop" (and count) or "topic"
///     gatecast.late.topic          that topic; the topic of observations with `.late` after it
///     gatecast.gap.max             the longest gap that is filled in; "auto", a season or the horizon
///     gatecast.future.max          how far an event time may lie ahead of when it was written; "1d"
///     gatecast.silence             how long a series may be silent before that is an anomaly; "none"
///     gatecast.http.*              where and to whom an instance answers over HTTP, for the app to read
///     gatecast.metrics.otlp.endpoint  where metrics are sent as OpenTelemetry has it; "none"
///     gatecast.metrics.otlp.interval  how often; "1m"
///     gatecast.metrics.otlp.headers   sent along, as in Authorization=Bearer TOKEN; "none"
///     gatecast.audit.topic         what was changed over HTTP, by whom; "audit", where somebody may
///     gatecast.weights             in which precision models keep their weights: "f32", "int16" or "bf16"
///     gatecast.store.memory.bytes  what RocksDB may keep in memory outside the heap, all stores together; 256 MiB
///     gatecast.anomalies.format    how anomalies are written: "avro", or "cloudevents" in Kafka's binary mode
///     gatecast.alerts.*, gatecast.mutes.topic, gatecast.labels.topic    see [AlertSettings]
///
/// Any value may refer to one that lies elsewhere, see [Secrets]. Bad input goes to Kafka's `errors.dead.letter.queue.topic.name`; by default the topic of observations with
/// `.dead-letters` after it. Settings that exist are valid: a key nobody knows is refused with the nearest one that
/// somebody does, a value that Kafka would refuse is refused here.
///
/// @param kafka    Kafka's keys, defaults included
/// @param registry the schema registry's keys
/// @param topics   the topics' names
/// @param modelId  the model to follow
/// @param evaluation       what of the forecasts is evaluated
/// @param eventTime        what becomes of what comes out of order, late, too early or not at all
/// @param weights          in which precision models keep their weights
/// @param storeMemory      bytes that RocksDB may keep in memory outside the heap, all stores of an instance together
/// @param trust            whose models are taken
/// @param oversight        how models that judge are watched
/// @param cloudEvents      whether anomalies are written as CloudEvents
/// @param alerts           whom they are told to
/// @param http             the keys under `gatecast.http.` and `gatecast.metrics.` that were given, unread
public record StreamsSettings(Map<String, String> kafka, Map<String, String> registry, TopicNames topics,
        String modelId, EvaluationRules evaluation, EventTimeRules eventTime, Precision weights, long storeMemory,
        Trust trust,
        OversightRules oversight, boolean cloudEvents, AlertSettings alerts,
        Map<String, String> http) {
    public static final String REGISTRY_URL = "schema.registry.url";
    public static final String MODEL_ID = "gatecast.model.id";
    public static final String OBSERVATIONS = "gatecast.topic.observations";
    public static final String FORECASTS = "gatecast.topic.forecasts";
    public static final String ANOMALIES = "gatecast.topic.anomalies";
    public static final String MODELS = "gatecast.topic.models";
    public static final String MODEL_EVENTS = "gatecast.models.events.topic";
    public static final String TRUSTED_KEYS = "gatecast.models.trusted-keys";
    public static final String EVALUATIONS = "gatecast.evaluations.topic";
    public static final String LATE_TOPIC = "gatecast.late.topic";
    public static final String WEIGHTS = "gatecast.weights";
    public static final String STORE_MEMORY = "gatecast.store.memory.bytes";
    public static final String ANOMALIES_FORMAT = "gatecast.anomalies.format";
    public static final String HTTP_HOST = "gatecast.http.host";
    public static final String HTTP_PORT = "gatecast.http.port";
    public static final String HTTP_READ_TOKEN = "gatecast.http.tokens.read";
    public static final String HTTP_ADMIN_TOKEN = "gatecast.http.tokens.admin";
    public static final String HTTP_READ_USERS = "gatecast.http.users.read";
    public static final String HTTP_ADMIN_USERS = "gatecast.http.users.admin";
    public static final String HTTP_CERTIFICATE = "gatecast.http.tls.certificate";
    public static final String HTTP_KEY = "gatecast.http.tls.key";
    public static final String HTTP_TRUST = "gatecast.http.tls.trust";
    public static final String HTTP_INSECURE = "gatecast.http.insecure";
    public static final String HTTP_RATE = "gatecast.http.rate";
    public static final String OTLP_ENDPOINT = "gatecast.metrics.otlp.endpoint";
    public static final String OTLP_INTERVAL = "gatecast.metrics.otlp.interval";
    public static final String OTLP_HEADERS = "gatecast.metrics.otlp.headers";
    public static final String AUDIT = "gatecast.audit.topic";
    private static final Set<String> HTTP = Set.of(HTTP_HOST, HTTP_PORT, HTTP_READ_TOKEN, HTTP_ADMIN_TOKEN,
            HTTP_READ_USERS, HTTP_ADMIN_USERS, HTTP_CERTIFICATE, HTTP_KEY, HTTP_TRUST, HTTP_INSECURE, HTTP_RATE,
            OTLP_ENDPOINT, OTLP_INTERVAL, OTLP_HEADERS);
    private static final String NONE = "none";
    private static final String AVRO = "avro";
    private static final String CLOUD_EVENTS = "cloudevents";

    private static final Map<String, String> OWN_DEFAULTS = Map.ofEntries(Map.entry(MODEL_ID, "default"),
            Map.entry(OBSERVATIONS, Topics.OBSERVATIONS.name()), Map.entry(FORECASTS, Topics.FORECASTS.name()),
            Map.entry(ANOMALIES, Topics.ANOMALIES.name()), Map.entry(MODELS, Topics.MODELS.name()),
            Map.entry(EVALUATIONS, Topics.EVALUATIONS.name()), Map.entry(LATE_TOPIC, ""),
            Map.entry(WEIGHTS, Precision.FLOAT32.label()), Map.entry(STORE_MEMORY, Long.toString(256L << 20)),
            Map.entry(MODEL_EVENTS, ""),
            Map.entry(TRUSTED_KEYS, NONE), Map.entry(ANOMALIES_FORMAT, AVRO), Map.entry(AUDIT, Topics.AUDIT.name()));
    private static final List<Map<String, String>> DEFAULTS = List.of(OWN_DEFAULTS, EvaluationRules.DEFAULTS,
            EventTimeRules.DEFAULTS, OversightRules.DEFAULTS, AlertSettings.DEFAULTS);
    private static final long LEAST_STORE_MEMORY = 16L << 20;
    private static final String LATE_SUFFIX = ".late";
    private static final String EVENTS_SUFFIX = ".events";
    private static final String DEAD_LETTERS = StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG;
    private static final String DEAD_LETTERS_SUFFIX = ".dead-letters";
    private static final List<String> REQUIRED = List.of(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, REGISTRY_URL);

    /// What members of a Kafka Streams group are told, and a plain consumer does not know or must not share.
    private static final List<String> OF_THE_GROUP = List.of(StreamsConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

    /// The topics' names.
    ///
    /// @param observations what comes in
    /// @param forecasts    what goes out
    /// @param anomalies    what goes out
    /// @param evaluations  what goes out
    /// @param models       where models come from
    /// @param deadLetters  where bad input goes
    /// @param late         where goes what comes too late, if it goes anywhere
    /// @param modelEvents  how models change
    /// @param audit        what was changed over HTTP, if somebody may
    public record TopicNames(String observations, String forecasts, String anomalies, String evaluations,
            String models, String deadLetters, String late, String modelEvents, String audit) {}

    public StreamsSettings {
        kafka = Map.copyOf(kafka);
        registry = Map.copyOf(registry);
        http = Map.copyOf(http);
    }

    /// The same, but for where other instances reach this one, unless that was said.
    ///
    /// @param address host and port of its HTTP API
    public StreamsSettings reachableAt(String address) {
        Map<String, String> more = new HashMap<>(kafka);
        more.putIfAbsent(StreamsConfig.APPLICATION_SERVER_CONFIG, address);
        return new StreamsSettings(more, registry, topics, modelId, evaluation, eventTime, weights, storeMemory, trust,
                oversight, cloudEvents, alerts, http);
    }

    /// @return whether it says where an instance answers over HTTP
    public boolean answersHttp() {
        return !http.getOrDefault(HTTP_PORT, NONE).equals(NONE);
    }

    /// Reads a properties file.
    ///
    /// @throws IOException              if it cannot be read
    /// @throws IllegalArgumentException with one sentence that names file, line and key
    public static StreamsSettings load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> entries = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> entries.put(key, properties.getProperty(key)));
        return of(entries, new Source(file.toString(), Files.readAllLines(file)));
    }

    /// Takes the same keys from a map.
    ///
    /// @throws IllegalArgumentException with one sentence that names the key
    public static StreamsSettings of(Map<String, String> entries) {
        return of(entries, new Source("settings", List.of()));
    }

    private static StreamsSettings of(Map<String, String> told, Source source) {
        Map<String, String> entries;
        try {
            entries = Secrets.resolve(told);
        } catch (Secrets.Unresolved e) {
            throw source.refused(e.key(), String.valueOf(e.getMessage()));
        }
        Map<String, String> kafka = new HashMap<>(), registry = new HashMap<>(), own = new HashMap<>(),
                http = new HashMap<>();
        DEFAULTS.forEach(own::putAll);
        Set<String> ours = new HashSet<>(own.keySet());
        ours.addAll(HTTP);
        KnownKeys known = new KnownKeys(ours);
        new TreeMap<>(entries).forEach((key, value) -> {
            Map<String, String> kind = HTTP.contains(key)
                    ? http
                    : known.isOwn(key) ? own : known.isRegistry(key) ? registry : kafka;
            if (kind == kafka && !known.isKafka(key)) {
                throw source.refused(key, "no such key; did you mean " + known.nearest(key) + "?");
            }
            if (value.isBlank() && kind != kafka) { // Kafka has keys that mean something when empty
                throw source.refused(key, "expected a value, found none");
            }
            kind.put(key, value.strip());
        });
        requireAll(REQUIRED, entries, source);
        KafkaDefaults.ALL.forEach(kafka::putIfAbsent);
        kafka.putIfAbsent(DEAD_LETTERS, valueOf(own, OBSERVATIONS) + DEAD_LETTERS_SUFFIX);
        requireValid(kafka, source);
        GroupProtocol.requireCompatible(kafka, source);
        return new StreamsSettings(kafka, registry, topics(own, kafka), valueOf(own, MODEL_ID),
                EvaluationRules.of(own, source), EventTimeRules.of(own, source), weights(valueOf(own, WEIGHTS), source),
                storeMemory(valueOf(own, STORE_MEMORY), source),
                trust(valueOf(own, TRUSTED_KEYS), source), OversightRules.of(own, source),
                cloudEvents(valueOf(own, ANOMALIES_FORMAT), source),
                AlertSettings.of(own, valueOf(own, ANOMALIES), source), http);
    }

    private static Precision weights(String value, Source source) {
        return Arrays.stream(Precision.values()).filter(each -> each.label().equals(value)).findFirst()
                .orElseThrow(() -> source.refused(WEIGHTS, "expected one of " + Arrays.stream(Precision.values())
                        .map(Precision::label).collect(Collectors.joining(", ")) + ", found '" + value + "'"));
    }

    private static Trust trust(String value, Source source) {
        if (value.equals(NONE)) {
            return Trust.ANYBODY;
        }
        try {
            return Trust.in(Arrays.stream(value.split(",")).map(String::strip).map(Path::of).toList());
        } catch (IOException | InvalidPathException e) {
            throw source.refused(TRUSTED_KEYS, String.valueOf(e.getMessage()));
        }
    }

    private static boolean cloudEvents(String format, Source source) {
        if (!format.equals(AVRO) && !format.equals(CLOUD_EVENTS)) {
            throw source.refused(ANOMALIES_FORMAT,
                    "expected " + AVRO + " or " + CLOUD_EVENTS + ", found '" + format + "'");
        }
        return format.equals(CLOUD_EVENTS);
    }

    /// @return steps that came true to an evaluation; empty = the shortest season, or else 24
    public OptionalInt evaluationWindow() {
        return evaluation.window();
    }

    private static long storeMemory(String value, Source source) {
        if (!value.matches("[0-9]{1,15}") || Long.parseLong(value) < LEAST_STORE_MEMORY) {
            throw source.refused(STORE_MEMORY,
                    "expected a number of bytes of at least " + LEAST_STORE_MEMORY + ", found '" + value + "'");
        }
        return Long.parseLong(value);
    }

    private static TopicNames topics(Map<String, String> own, Map<String, String> kafka) {
        return new TopicNames(valueOf(own, OBSERVATIONS), valueOf(own, FORECASTS), valueOf(own, ANOMALIES),
                valueOf(own, EVALUATIONS), valueOf(own, MODELS), valueOf(kafka, DEAD_LETTERS),
                valueOf(own, LATE_TOPIC).isEmpty()
                        ? valueOf(own, OBSERVATIONS) + LATE_SUFFIX
                        : valueOf(own, LATE_TOPIC),
                valueOf(own, MODEL_EVENTS).isEmpty()
                        ? valueOf(own, MODELS) + EVENTS_SUFFIX
                        : valueOf(own, MODEL_EVENTS),
                valueOf(own, AUDIT));
    }

    private static String valueOf(Map<String, String> entries, String key) {
        return entries.getOrDefault(key, "");
    }

    private static void requireAll(List<String> required, Map<String, String> entries, Source source) {
        for (String key : required) {
            if (entries.getOrDefault(key, "").isBlank()) {
                throw source.refused(key, "expected a value, found none");
            }
        }
    }

    /// Kafka judges its own values.
    private static void requireValid(Map<String, String> kafka, Source source) {
        try {
            StreamsConfig.configDef().parse(kafka);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(source.name + ": " + e.getMessage(), e);
        }
    }

    /// @return whether each instance has a name in the group, under which it is waited for when it is gone for a moment
    public boolean isStaticMember() {
        return kafka.containsKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)
                || kafka.containsKey(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG))
                || kafka.containsKey(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
    }

    /// @return whether anybody may change something over HTTP, which is then written down
    public boolean isAdministered() {
        return http.containsKey(HTTP_ADMIN_TOKEN) || http.containsKey(HTTP_ADMIN_USERS);
    }

    /// @return bytes of the largest record that the producers send
    int largestRequest() {
        return Integer.parseInt(String.valueOf(producerProperties().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)));
    }

    /// @return what `new KafkaStreams(topology, properties)` takes
    public Properties streamsProperties() {
        Properties properties = new Properties();
        properties.putAll(kafka);
        properties.put(STORE_MEMORY, Long.toString(storeMemory)); // which Kafka Streams hands to StoreOptions
        return properties;
    }

    /// @return for models that are not in memory: beside what Kafka Streams has, which clears what it does not know
    Path modelFolder() {
        return Path.of(kafka.getOrDefault(StreamsConfig.STATE_DIR_CONFIG,
                Path.of(System.getProperty("java.io.tmpdir"), "kafka-streams").toString()),
                kafka.getOrDefault(StreamsConfig.APPLICATION_ID_CONFIG, "gatecast") + ".models");
    }

    /// @return what `new KafkaConsumer` takes, one that is no member of the instances' group
    public Map<String, Object> consumerProperties() {
        Map<String, Object> properties = clientProperties(ConsumerConfig.configNames(), StreamsConfig.CONSUMER_PREFIX);
        OF_THE_GROUP.forEach(properties::remove);
        return properties;
    }

    /// @return what `new KafkaProducer` takes
    public Map<String, Object> producerProperties() {
        return clientProperties(ProducerConfig.configNames(), StreamsConfig.PRODUCER_PREFIX);
    }

    /// @return what `Admin.create` takes
    public Map<String, Object> adminProperties() {
        return clientProperties(AdminClientConfig.configNames(), StreamsConfig.ADMIN_CLIENT_PREFIX);
    }

    /// The keys that a client knows; those under its prefix go before those without, as in Kafka Streams.
    private Map<String, Object> clientProperties(Set<String> names, String prefix) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.keySet().retainAll(names);
        kafka.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                properties.put(key.substring(prefix.length()), value);
            }
        });
        return properties;
    }

    /// Where the settings came from, for a person to find the line.
    record Source(String name, List<String> lines) {

        IllegalArgumentException refused(String key, String fault) {
            Integer line = lineOf(key);
            return new IllegalArgumentException(
                    name + (line == null ? "" : ":" + line) + ": " + key + ": " + fault);
        }

        /// @param otherwise the word that stands for no length
        Optional<Duration> span(Map<String, String> own, String key, String otherwise) {
            String value = own.getOrDefault(key, "");
            Optional<Duration> span = Spans.parse(value);
            if (span.isEmpty() && !value.equals(otherwise)) {
                throw refused(key, "expected " + otherwise + " or " + Spans.EXPECTED + ", found '" + value + "'");
            }
            return span;
        }

        private @Nullable Integer lineOf(String key) {
            Pattern assignment = Pattern.compile("\\s*" + Pattern.quote(key) + "(\\s*[=:].*|\\s.*|)");
            for (int i = 0; i < lines.size(); i++) {
                if (assignment.matcher(lines.get(i)).matches()) {
                    return i + 1;
                }
            }
            return null;
        }
    }
}
