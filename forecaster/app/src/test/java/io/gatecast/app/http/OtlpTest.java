package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.gatecast.avro.Severity;
import io.gatecast.streams.StreamsSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Metrics reach a receiver of OpenTelemetry's.
@Timeout(60)
class OtlpTest {
    /// What came, as far as it is looked at.
    private record Received(String path, String type, String authorization, String body) {}

    private static HttpSettings http(Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(more);
        keys.put("bootstrap.servers", "127.0.0.1:1");
        keys.put("schema.registry.url", "mock://otlp");
        return HttpSettings.of(StreamsSettings.of(keys), OptionalInt.empty()).orElseThrow();
    }

    @Test
    void metricsAreSentAndALastTimeAtTheStop() throws Exception {
        BlockingQueue<Received> received = new LinkedBlockingQueue<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            received.add(new Received(exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        try {
            HttpSettings settings = http(Map.of("gatecast.http.port", "0", "gatecast.metrics.otlp.endpoint",
                    "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/metrics",
                    "gatecast.metrics.otlp.interval", "1h", "gatecast.metrics.otlp.headers",
                    "Authorization=Bearer of-the-collector"));
            assertFalse(settings.toString().contains("of-the-collector"));
            FakeFleet fleet = new FakeFleet("a");
            try (ApiServer server = ApiServer.start(settings)) {
                server.attach(fleet.of(server));
                fleet.advance(server.events());
                fleet.fail("a", server.events(), Severity.MAJOR);
            }
            Received last = received.take(); // an hour has not passed
            assertEquals("/v1/metrics", last.path());
            assertEquals("application/x-protobuf", last.type());
            assertEquals("Bearer of-the-collector", last.authorization());
            for (String name : new String[]{"gatecast.forecasts", "gatecast.forecast.latency", "gatecast.anomalies",
                    "gatecast.fleet.coverage", "gatecast.model.version", "jvm.memory.used", "service.name"}) {
                assertTrue(last.body().contains(name), name);
            }
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void whatCannotBeSentToIsRefused() {
        assertEquals("gatecast.metrics.otlp.endpoint: expected none or a URL, as in http://collector:4318/v1/metrics,"
                + " found 'collector:4318'", refusal("gatecast.metrics.otlp.endpoint", "collector:4318"));
        assertEquals("gatecast.metrics.otlp.endpoint: metrics are gathered by what answers over HTTP: set"
                + " gatecast.http.port (0 is any free port, on loopback)",
                String.valueOf(
                        assertThrows(IllegalArgumentException.class,
                                () -> http(Map.of("gatecast.metrics.otlp.endpoint", "http://c"))).getMessage()));
        assertEquals("gatecast.metrics.otlp.headers: expected NAME=VALUE, several with commas between, found something"
                + " else",
                refusal("gatecast.metrics.otlp.endpoint", "http://c", "gatecast.metrics.otlp.headers",
                        "Bearer secret"));
    }

    private static String refusal(String... keysAndValues) {
        Map<String, String> keys = new HashMap<>(Map.of("gatecast.http.port", "0"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> http(keys)).getMessage());
    }
}
