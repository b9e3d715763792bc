package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.log.Logs;
import io.gatecast.app.log.Logs.Format;
import io.gatecast.streams.StreamsSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line an event, in text or JSON, and nothing in it that is secret. Alone: it listens to all that is logged.
@Isolated
class LogTest {
    private static final Logger LOG = LoggerFactory.getLogger(LogTest.class);

    @TempDir
    private Path folder;
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
        Logs.use(Format.TEXT);
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void tell() {
        LOG.atWarn().addKeyValue("series", "a/\"1\"").addKeyValue("kind", "SPIKE").log("Episode {}",
                "OPENED\nforged line");
    }

    @Test
    void textIsALineWithFieldsBehindTheSentence() {
        Logs.use(Format.TEXT);
        tell();
        LOG.warn("no fields");
        assertEquals(2, lines().size(), lines()::toString);
        assertTrue(lines().getFirst().endsWith(
                " WARN  LogTest: Episode OPENED\\nforged line {kind=SPIKE, series=a/\"1\"}"), lines()::toString);
        assertTrue(lines().getLast().endsWith(" WARN  LogTest: no fields"), lines()::toString);
    }

    @Test
    void jsonIsAnObjectALine() throws Exception {
        assertEquals(0, Gatecasts.run("topics", "--help", "--log-format", "json").status());
        tell();
        LOG.error("failed", new IllegalStateException("because"));
        assertEquals(2, lines().size(), lines()::toString);
        JsonNode event = JsonMapper.builder().build().readTree(lines().getFirst());
        assertEquals("a/\"1\"", event.get("series").asText());
        assertEquals("SPIKE", event.get("kind").asText());
        assertEquals("Episode OPENED\nforged line", event.get("message").asText());
        assertEquals("WARN", event.get("level").asText());
        assertTrue(event.get("time").asText().matches("20[0-9-]+T[0-9:.]+Z"), event::toString);
        assertTrue(JsonMapper.builder().build().readTree(lines().getLast()).get("stack").asText()
                .contains("IllegalStateException: because"), lines()::toString);
    }

    /// At INFO throughout, Kafka's clients and the server included, and at DEBUG of ours.
    @Test
    void nothingSecretIsInTheLog() throws Exception {
        List<String> secrets = List.of("of-kafka-0123456789", "of-the-registry-0123456789", "of-readers-0123456789",
                "of-admins-0123456789", "of-rita-0123456789", "of-collectors-0123456789", "of-the-store-0123456789");
        Path config = Files.writeString(folder.resolve("gatecast.properties"), """
                bootstrap.servers=127.0.0.1:1
                schema.registry.url=mock://log
                basic.auth.credentials.source=USER_INFO
                basic.auth.user.info=me:of-the-registry-0123456789
                sasl.mechanism=PLAIN
                sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="me" \
                  password="of-kafka-0123456789";
                ssl.truststore.password=of-the-store-0123456789
                admin.default.api.timeout.ms=300
                admin.request.timeout.ms=200
                gatecast.http.port=0
                gatecast.http.tokens.read=of-readers-0123456789
                gatecast.http.tokens.admin=of-admins-0123456789
                gatecast.http.users.read=rita:of-rita-0123456789
                gatecast.metrics.otlp.endpoint=http://127.0.0.1:1/v1/metrics
                gatecast.metrics.otlp.headers=Authorization=Bearer of-collectors-0123456789
                """);
        Logs.use(Format.JSON);
        Configurator.setAllLevels("", Level.INFO);
        Configurator.setLevel("org.apache.kafka", Level.INFO);
        Configurator.setLevel("io.gatecast", Level.DEBUG);
        Configurator.setLevel("io.javalin", Level.INFO);

        StreamsSettings settings = StreamsSettings.load(config);
        FakeFleet fleet = new FakeFleet("a");
        try (ApiServer server = ApiServer.start(HttpSettings.of(settings, OptionalInt.empty()).orElseThrow());
                HttpClient client = HttpClient.newHttpClient()) {
            server.attach(fleet.of(server, new Administration(new FakeChanges(), action -> {}, "here")));
            for (String shown : List.of("of-readers-0123456789", "of-admins-0123456789", "of-rita-0123456789")) {
                client.send(HttpRequest.newBuilder(URI.create(server.url() + "/models/fake/9/promote"))
                        .header("Authorization", "Bearer " + shown).header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
            }
        }
        Gatecasts.Run run = Gatecasts.run("run", "--config", config.toString());
        assertEquals(1, run.status());
        String log = written.toString(StandardCharsets.UTF_8) + run.err() + run.out();
        assertTrue(log.contains("AdminClientConfig values"), log);
        assertTrue(log.contains("the admin token"), log);
        for (String secret : secrets) {
            assertFalse(log.contains(secret), secret + ": " + log);
        }
    }
}
