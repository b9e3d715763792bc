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
        Registry one = Registry.of(Map.of("schema.registry.url", "mock://shared"));
        Registry other = Registry.of(Map.of("schema.registry.url", "mock://shared"));
        int id = one.idOf("a-value", SCHEMA);
        assertEquals(id, other.idOf("a-value", SCHEMA));
        assertEquals(SCHEMA, other.schemaOf(id));
    }

    @Test
    void needsAnAddress() {
        assertEquals("schema.registry.url: expected the registry's address, as in http://localhost:8081, found nothing",
                assertThrows(IllegalArgumentException.class, () -> Registry.of(Map.of())).getMessage());
    }

    @Test
    void aRegistryThatIsAwayIsNamedWithARemedy() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        Registry registry = Registry.of(Map.of("schema.registry.url", url), Duration.ofMillis(1200));
        RegistryUnavailable failure = assertThrows(RegistryUnavailable.class, () -> registry.idOf("a-value", SCHEMA));
        assertEquals("schema registry " + url + " does not answer within 1 s (connection refused); start it, or correct"
                + " schema.registry.url", failure.getMessage());
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
            assertEquals(7, Registry.of(Map.of("schema.registry.url", url)).idOf("a-value", SCHEMA));
            assertEquals(3, asked.get());
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"409, is not compatible with the one registered there", "401, refuses the login",
            "422, refuses subject a-value: nonsense"})
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
                    .of(Map.of("schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort()));
            String message = String.valueOf(
                    assertThrows(IOException.class, () -> registry.idOf("a-value", SCHEMA)).getMessage());
            assertTrue(message.contains(words), message);
            assertEquals(1, asked.get());
        } finally {
            server.stop(0);
        }
    }
}
