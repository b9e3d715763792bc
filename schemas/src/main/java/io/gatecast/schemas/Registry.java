package io.gatecast.schemas;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.event.ExecutionAttemptedEvent;
import dev.failsafe.function.CheckedSupplier;
import io.gatecast.schemas.RegistryException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.ParsedSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The schema registry: Confluent's, or one that speaks its protocol. Confluent's own client does the talking, in the
/// copy that Maven Central carries under Flink's name; this is the only class that knows.
///
/// A registry that is not there is asked again, with pauses of half a second growing to five, and a warning each time;
/// one that answers is taken at its word. Schemas and ids are kept, so that each is asked for once.
public final class Registry implements AutoCloseable {
    public static final String URL = "schema.registry.url";
    public static final String AUTO_REGISTER = "auto.register.schemas";

    private static final Logger log = LoggerFactory.getLogger(Registry.class);
    private static final String PREFIX = "schema.registry.";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int CACHED_SCHEMAS = 1000;
    private static final int LONGEST_REASON = 300;
    /// Where the settings name none; the client would wait for a minute.
    private static final Map<String, String> TIMEOUTS = Map.of("http.connect.timeout.ms", "5000",
            "http.read.timeout.ms", "10000");
    /// Our strings are `java.lang.String`; that is nobody else's business.
    private static final String JAVA_STRING = "{\"type\":\"string\",\"avro.java.string\":\"String\"}";

    private final String url;
    private final SchemaRegistryClient client;
    private final boolean registers;
    private final Duration patience;
    private final RetryPolicy<Object> retries;

    private Registry(String url, SchemaRegistryClient client, boolean registers, Duration patience) {
        this.url = url;
        this.client = client;
        this.registers = registers;
        this.patience = patience;
        this.retries = RetryPolicy.builder().handleIf(Registry::mayPass).withMaxRetries(-1).withMaxDuration(patience)
                .withBackoff(FIRST_PAUSE, LONGEST_PAUSE).onRetry(this::warn).build();
    }

    /// Prepares to talk; the registry is first asked when something is needed of it.
    ///
    /// @param settings `schema.registry.url` (http://, https://, several with commas between, or mock://NAME for one
    ///                 within this process), and `auto.register.schemas`, `basic.auth.*`, `bearer.auth.*`,
    ///                 `schema.registry.ssl.*` as Confluent documents them
    /// @throws IllegalArgumentException if a setting is missing or makes no sense
    public static Registry connect(Map<String, String> settings) {
        return connect(settings, PATIENCE);
    }

    /// @param patience how long a registry that is not there is asked again
    static Registry connect(Map<String, String> settings, Duration patience) {
        String url = settings.getOrDefault(URL, "").strip();
        if (!url.matches("(https?://\\S+?|mock://\\S*)(\\s*,\\s*https?://\\S+?)*")) {
            throw new IllegalArgumentException(
                    URL + ": expected http://HOST:PORT, https://HOST:PORT or mock://NAME, found '" + url + "'");
        }
        try {
            SchemaRegistryClient client = SchemaRegistryClientFactory.newClient(List.of(url.split("\\s*,\\s*")),
                    CACHED_SCHEMAS, List.of(new AvroSchemaProvider()), clientSettings(settings), Map.of());
            return new Registry(url, client, !"false".equalsIgnoreCase(settings.get(AUTO_REGISTER)), patience);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("settings of the schema registry " + url + ": " + reason(innermost(e)),
                    e);
        }
    }

    /// The client finds some settings with the prefix and some without it; it gets both.
    private static Map<String, String> clientSettings(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(TIMEOUTS);
        settings.forEach((key, value) -> {
            if (key.startsWith(PREFIX) && !key.startsWith(PREFIX + "ssl.")) {
                all.put(key.substring(PREFIX.length()), value);
            }
        });
        all.putAll(settings);
        return all;
    }

    /// Registers a schema, or finds it registered; with `auto.register.schemas=false`, only finds it.
    ///
    /// @param topic whose values it describes: the subject is `topic-value`
    /// @return its id
    /// @throws RegistryException if the registry cannot be reached, or will not have it
    public int register(String topic, Schema schema) {
        String subject = topic + "-value";
        AvroSchema plain = new AvroSchema(schema.toString().replace(JAVA_STRING, "\"string\""));
        return registers
                ? ask("register the schema of subject " + subject, () -> client.register(subject, plain))
                : ask("find the schema of subject " + subject, () -> client.getId(subject, plain));
    }

    /// @return the schema with that id
    /// @throws RegistryException if the registry cannot be reached, or knows no such schema
    public Schema schema(int id) {
        ParsedSchema parsed = ask("look up schema " + id, () -> client.getSchemaById(id));
        return new Schema.Parser().parse(parsed.rawSchema().toString()); // theirs is a renamed copy of Avro's class
    }

    private <T> T ask(String question, CheckedSupplier<T> call) {
        try {
            return Failsafe.with(retries).get(call);
        } catch (FailsafeException e) {
            throw told(question, e.getCause() == null ? e : e.getCause());
        }
    }

    private static boolean mayPass(Throwable failure) {
        return failure instanceof RestClientException answer
                ? answer.getStatus() >= 500 || answer.getStatus() == 429
                : failure instanceof IOException && !isNotAvro(failure) && !isUntrusted(failure);
    }

    /// A certificate that one side does not believe is not believed a second later either; a connection that broke off during
    /// the handshake may be.
    private static boolean isUntrusted(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof CertificateException || each instanceof SSLPeerUnverifiedException
                    || each instanceof SSLException
                            && String.valueOf(each.getMessage()).contains("Received fatal alert")) {
                return true;
            }
        }
        return false;
    }

    /// An id may stand for JSON Schema or Protobuf. The client throws an `IOException` then, as for a broken connection,
    /// though it will say the same for ever.
    private static boolean isNotAvro(Throwable failure) {
        return failure instanceof IOException && String.valueOf(failure.getMessage()).startsWith("Invalid schema ");
    }

    private void warn(ExecutionAttemptedEvent<Object> attempt) {
        log.warn("schema registry {}: no answer at attempt {} ({}); trying again", url, attempt.getAttemptCount(),
                attempt.getLastException() == null ? "" : reason(attempt.getLastException()));
    }

    private RegistryException told(String question, Throwable failure) {
        String start = "schema registry " + url + ": cannot " + question + ": ";
        if (mayPass(failure)) {
            return new RegistryException(start + "no answer within " + patience.toSeconds() + " s ("
                    + reason(failure) + "); check " + URL + " and that the registry runs", Kind.UNREACHABLE, failure);
        }
        if (isNotAvro(failure)) {
            return new RegistryException(start + "it is no Avro schema; the record is not what this topic holds",
                    Kind.UNKNOWN_SCHEMA, failure);
        }
        if (isUntrusted(failure)) {
            return new RegistryException(start + "no trusted connection: " + reason(innermost(failure))
                    + "; check its certificate and schema.registry.ssl.*", Kind.REFUSED, failure);
        }
        int status = failure instanceof RestClientException answer ? answer.getStatus() : 0;
        String rest = switch (status) {
            case 401, 403 -> "it refuses these credentials (HTTP " + status
                    + "); check basic.auth.* or bearer.auth.*";
            case 404 -> "it knows no such schema; check " + URL + ", or the record is not what it claims";
            case 409 -> "it is not compatible with the subject's earlier versions (" + reason(failure)
                    + "); another program writes something else to this topic";
            default -> reason(failure);
        };
        return new RegistryException(start + rest, status == 404 ? Kind.UNKNOWN_SCHEMA : Kind.REFUSED, failure);
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : innermost(cause);
    }

    /// What went wrong, on one line: between us and the registry may stand a proxy that answers with a whole page.
    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        String line = message == null ? failure.getClass().getSimpleName() : message.strip().replaceAll("\\s+", " ");
        String brief = line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
        return failure instanceof RestClientException answer ? "HTTP " + answer.getStatus() + ": " + brief : brief;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("schema registry " + url + ": cannot be closed", e);
        }
    }
}
