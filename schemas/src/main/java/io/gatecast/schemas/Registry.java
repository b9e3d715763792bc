package io.gatecast.schemas;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A schema registry, by Confluent's own client: the only class that imports it. Ids and schemas are kept, so each is
/// asked for once. A registry that does not answer is asked again with growing pauses, each told in the log, until the
/// patience ends; a schema that it refuses is refused at once and never replaced by another.
public final class Registry {
    /// How long an unreachable registry is asked again.
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final String URL = "schema.registry.url";
    private static final String MOCK = "mock://";
    private static final int KEPT = 1000;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int SERVER_ERROR = 500;

    private final String url;
    private final SchemaRegistryClient client;
    private final boolean registers;
    private final long patienceNanos;
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    private Registry(String url, SchemaRegistryClient client, boolean registers, Duration patience) {
        this.url = url;
        this.client = client;
        this.registers = registers;
        this.patienceNanos = patience.toNanos();
    }

    /// @param settings Confluent's keys: `schema.registry.url` (http, https, several with commas, or mock://NAME for one
    ///                 within this JVM), `basic.auth.*`, `bearer.auth.*`, `schema.registry.ssl.*`,
    ///                 `auto.register.schemas`
    /// @throws IllegalArgumentException if there is no URL
    public static Registry of(Map<String, String> settings) {
        return of(settings, PATIENCE);
    }

    /// As [#of(Map)], with another patience.
    public static Registry of(Map<String, String> settings, Duration patience) {
        String url = settings.getOrDefault(URL, "").strip();
        if (url.isEmpty()) {
            throw new IllegalArgumentException(
                    URL + ": expected the registry's address, as in http://localhost:8081, found nothing");
        }
        boolean registers = !"false".equalsIgnoreCase(settings.get("auto.register.schemas"));
        SchemaRegistryClient client = url.startsWith(MOCK)
                ? MockSchemaRegistry.getClientForScope(url.substring(MOCK.length()))
                : new CachedSchemaRegistryClient(List.of(url.split("\\s*,\\s*")), KEPT, settings);
        return new Registry(url, client, registers, patience);
    }

    /// Registers a schema under a subject, or finds it there; where `auto.register.schemas` is false, only finds it.
    ///
    /// @return its id
    /// @throws IOException with a sentence, if the registry does not answer or refuses
    public int idOf(String subject, Schema schema) throws IOException {
        AvroSchema parsed = new AvroSchema(schema.toString());
        return ask("subject " + subject,
                () -> registers ? client.register(subject, parsed) : client.getId(subject, parsed));
    }

    /// @return the schema with an id
    /// @throws IOException with a sentence, if the registry does not answer or has none
    public Schema schemaOf(int id) throws IOException {
        Schema known = schemas.get(id);
        if (known == null) {
            String text = ask("schema id " + id, () -> client.getSchemaById(id).canonicalString());
            known = new Schema.Parser().parse(text);
            schemas.put(id, known);
        }
        return known;
    }

    private interface Question<T> {
        T ask() throws IOException, RestClientException;
    }

    private <T> T ask(String what, Question<T> question) throws IOException {
        ExponentialBackoff pauses = new ExponentialBackoff(200, 2, 4000, 0.2);
        long deadline = System.nanoTime() + patienceNanos;
        for (int attempt = 0;; attempt++) {
            Exception failure;
            try {
                return question.ask();
            } catch (RestClientException e) {
                if (e.getStatus() < SERVER_ERROR) {
                    throw refused(what, e);
                }
                failure = e;
            } catch (IOException e) {
                failure = e;
            }
            long pause = TimeUnit.MILLISECONDS.toNanos(pauses.backoff(attempt));
            if (System.nanoTime() + pause > deadline || Thread.currentThread().isInterrupted()) {
                throw unreachable(failure);
            }
            LOG.warn("schema registry {} does not answer ({}); asking again in {} ms", url, reason(failure),
                    TimeUnit.NANOSECONDS.toMillis(pause));
            LockSupport.parkNanos(pause);
        }
    }

    private IOException refused(String what, RestClientException e) {
        String reason = switch (e.getStatus()) {
            case NOT_FOUND ->
                "has no " + what + " that fits; check that it is the registry the records were written with"
                        + " (schema.registry.url)";
            case CONFLICT -> "refuses " + what + ": our schema is not compatible with the one registered there ("
                    + e.getMessage() + ")";
            case 401, 403 -> "refuses the login; check basic.auth.* and bearer.auth.*";
            default -> "refuses " + what + ": " + e.getMessage();
        };
        return new IOException("schema registry " + url + " " + reason, e);
    }

    private RegistryUnavailable unreachable(Exception failure) {
        return new RegistryUnavailable("schema registry " + url + " does not answer within "
                + TimeUnit.NANOSECONDS.toSeconds(patienceNanos) + " s (" + reason(failure)
                + "); start it, or correct schema.registry.url", failure);
    }

    private static String reason(Exception failure) {
        return failure instanceof ConnectException || failure.getMessage() == null
                ? "connection refused"
                : failure.getMessage();
    }
}
