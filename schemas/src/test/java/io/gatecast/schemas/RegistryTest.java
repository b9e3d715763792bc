package io.gatecast.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatecast.avro.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Schema SCHEMA = Observation.getClassSchema();

    /// A registry that gives the same answers again and again, the last one for ever, and keeps what it was asked with.
    private static final class Scripted implements AutoCloseable {
        private final HttpServer server;
        private final List<String> credentials = Collections.synchronizedList(new ArrayList<>());
        private final List<Answer> answers;

        private record Answer(int status, String body) {}

        Scripted(Answer... answers) throws IOException {
            this.answers = List.of(answers);
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            String credential = exchange.getRequestHeaders().getFirst("Authorization");
            Answer answer = answers.get(Math.min(credentials.size(), answers.size() - 1));
            credentials.add(String.valueOf(credential));
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static RegistryException refused(Map<String, String> settings) {
        try (Registry registry = Registry.connect(settings, PATIENCE)) {
            return assertThrows(RegistryException.class, () -> registry.register("observations", SCHEMA));
        }
    }

    @Test
    void mockRegistriesOfOneNameAreOne() {
        try (Registry first = Registry.connect(Map.of(Registry.URL, "mock://RegistryTest"));
                Registry second = Registry.connect(Map.of(Registry.URL, "mock://RegistryTest"))) {
            int id = first.register("observations", SCHEMA);

            assertEquals(SCHEMA, second.schema(id)); // without Java's class for strings, of which it has none
            assertEquals(id, second.register("observations", SCHEMA));
        }
    }

    @Test
    void aRegistryThatIsNotThereIsOneSentence() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        RegistryException e = refused(Map.of(Registry.URL, "http://127.0.0.1:" + port));

        assertTrue(e.isUnreachable());
        assertTrue(String.valueOf(e.getMessage()).startsWith("schema registry http://127.0.0.1:" + port
                + ": cannot register the schema of subject observations-value: no answer within 1 s (Connection refused"),
                e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).endsWith("; check schema.registry.url and that the registry runs"),
                e.getMessage());
    }

    @Test
    void aRegistryThatComesUpLaterIsFound() throws IOException {
        try (Scripted server = new Scripted(new Scripted.Answer(503, "{\"error_code\":50301,\"message\":\"starting\"}"),
                new Scripted.Answer(200, "{\"id\":7}"));
                Registry registry = Registry.connect(Map.of(Registry.URL, server.url()))) {

            assertEquals(7, registry.register("observations", SCHEMA));
            assertEquals(2, server.credentials.size());
        }
    }

    @Test
    void anAnswerIsAskedForOnce() throws IOException {
        try (Scripted server = new Scripted(new Scripted.Answer(200, "{\"id\":7}"));
                Registry registry = Registry.connect(Map.of(Registry.URL, server.url()))) {
            registry.register("observations", SCHEMA);
            registry.register("observations", SCHEMA);

            assertEquals(1, server.credentials.size());
        }
    }

    @ParameterizedTest
    @CsvSource({"409, it is not compatible with the subject's earlier versions (HTTP 409: nonsense",
            "422, HTTP 422: nonsense"})
    void aRefusalIsNotAskedAgain(int status, String words) throws IOException {
        try (Scripted server = new Scripted(
                new Scripted.Answer(status, "{\"error_code\":" + status + ",\"message\":\"nonsense\"}"))) {
            RegistryException e = refused(Map.of(Registry.URL, server.url()));

            assertFalse(e.isUnreachable());
            assertEquals(1, server.credentials.size());
            assertTrue(String.valueOf(e.getMessage()).contains(words), e.getMessage());
        }
    }

    /// The client throws as for a broken connection, and would be asked for ever.
    @ParameterizedTest
    @ValueSource(strings = {"JSON", "PROTOBUF"})
    void aSchemaThatIsNotAvroIsAnAnswer(String type) throws IOException {
        try (Scripted server = new Scripted(
                new Scripted.Answer(200, "{\"schemaType\":\"" + type + "\",\"schema\":\"{}\"}"));
                Registry registry = Registry.connect(Map.of(Registry.URL, server.url()), PATIENCE)) {
            RegistryException e = assertThrows(RegistryException.class, () -> registry.schema(9));

            assertTrue(e.isUnknownSchema() && !e.isUnreachable());
            assertEquals(1, server.credentials.size());
            assertEquals(
                    "schema registry " + server.url() + ": cannot look up schema 9: it is no Avro schema; the record"
                            + " is not what this topic holds",
                    e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 502})
    void aProxysPageIsStillOneSentence(int status) throws IOException {
        String page = "<html>\r\n<h1>nginx</h1>\r\n" + "<!-- padding -->\r\n".repeat(50) + "</html>";
        try (Scripted server = new Scripted(new Scripted.Answer(status, page))) {
            String message = String.valueOf(refused(Map.of(Registry.URL, server.url())).getMessage());

            assertTrue(message.contains("HTTP " + status + ": <html> <h1>nginx</h1> <!--"), message);
            assertTrue(message.length() < 600 && message.lines().count() == 1, message);
        }
    }

    @Test
    void credentialsAreSentAndTheirRefusalIsNamed() throws IOException {
        try (Scripted server = new Scripted(new Scripted.Answer(401, "{\"error_code\":401,\"message\":\"no\"}"))) {
            RegistryException basic = refused(Map.of(Registry.URL, server.url(), "basic.auth.credentials.source",
                    "USER_INFO", "basic.auth.user.info", "alice:secret"));
            refused(Map.of(Registry.URL, server.url(), "bearer.auth.credentials.source", "STATIC_TOKEN",
                    "bearer.auth.token", "t0ken"));

            assertEquals(List.of("Basic YWxpY2U6c2VjcmV0", "Bearer t0ken"), server.credentials);
            assertTrue(String.valueOf(basic.getMessage()).endsWith(
                    "it refuses these credentials (HTTP 401); check basic.auth.* or bearer.auth.*"),
                    basic.getMessage());
        }
    }

    @Test
    void whoMayNotRegisterOnlyFinds() {
        Map<String, String> finding = Map.of(Registry.URL, "mock://finding", Registry.AUTO_REGISTER, "false");
        try (Registry finder = Registry.connect(finding, PATIENCE);
                Registry owner = Registry.connect(Map.of(Registry.URL, "mock://finding"))) {
            RegistryException e = assertThrows(RegistryException.class, () -> finder.register("observations", SCHEMA));
            int id = owner.register("observations", SCHEMA);

            assertTrue(String.valueOf(e.getMessage()).contains("it knows no such schema"), e.getMessage());
            assertEquals(id, finder.register("observations", SCHEMA));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:8081", "ftp://127.0.0.1"})
    void anUnusableAddressSaysWhatWasExpected(String url) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Registry.connect(Map.of(Registry.URL, url)));

        assertEquals("schema.registry.url: expected http://HOST:PORT, https://HOST:PORT or mock://NAME, found '" + url
                + "'", e.getMessage());
    }

    @Test
    void aMissingTrustStoreIsNamed() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Registry.connect(Map.of(Registry.URL, "https://127.0.0.1:1",
                        "schema.registry.ssl.truststore.location", "/nowhere/trust.jks",
                        "schema.registry.ssl.truststore.password", "secret")));

        assertTrue(String.valueOf(e.getMessage()).contains("/nowhere/trust.jks"), e.getMessage());
    }
}
