package io.gatecast.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.gatecast.avro.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryTest {
    private static final Schema SCHEMA = Observation.getClassSchema();

    @Test
    void givesOneIdToOneSchema() throws IOException {
        Registry one = Registry.connect(Map.of("schema.registry.url", "mock://shared"));
        Registry other = Registry.connect(Map.of("schema.registry.url", "mock://shared"));
        int id = one.register("a", SCHEMA);
        assertEquals(id, other.register("a", SCHEMA));
        assertEquals(SCHEMA, other.schema(id)); // but for the name of Java's class for strings, of which it has none
    }

    @Test
    void needsAnAddress() {
        assertEquals("schema.registry.url: expected http://HOST:PORT, https://HOST:PORT or mock://NAME, found ''",
                assertThrows(IllegalArgumentException.class, () -> Registry.connect(Map.of())).getMessage());
    }

    @Test
    void aRegistryThatIsAwayIsNamedWithARemedy() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        Registry registry = Registry.connect(Map.of("schema.registry.url", url), Duration.ofMillis(1000));
        RegistryException failure = assertThrows(RegistryException.class, () -> registry.register("a", SCHEMA));
        assertEquals("schema registry " + url + ": cannot register the schema of subject a-value: no answer within 1 s"
                + " (Connection refused); check schema.registry.url and that the registry runs", failure.getMessage());
    }

    @Test
    void aRegistryThatComesBackIsAskedAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean up = asked.incrementAndGet() > 2;
            byte[] body = (up ? "{\"id\":7}" : "{\"error_code\":50001,\"message\":\"starting\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(up ? 200 : 500, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            assertEquals(7, Registry.connect(Map.of("schema.registry.url", url)).register("a", SCHEMA));
            assertEquals(3, asked.get());
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"409, it is not compatible with the subject's earlier versions", "401, it refuses these credentials",
            "422, nonsense"})
    void aRefusalIsNotAskedAgain(int status, String words) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] body = ("{\"error_code\":" + status + ",\"message\":\"nonsense\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            Registry registry = Registry
                    .connect(Map.of("schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort()));
            String message = String.valueOf(
                    assertThrows(RegistryException.class, () -> registry.register("a", SCHEMA)).getMessage());
            assertTrue(message.contains(words), message);
            assertEquals(1, asked.get());
        } finally {
            server.stop(0);
        }
    }
}
