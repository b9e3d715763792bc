package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.avro.Severity;
import io.gatecast.streams.query.Found;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiServerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final FakeFleet fleet = new FakeFleet("a", "b/c ü?", "d");
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ApiServer> servers = new ArrayList<>();
    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = started(HttpSettings.loopback(HttpSettings.ANY_PORT), fleet);
    }

    private ApiServer started(HttpSettings settings, FakeFleet of) throws IOException {
        ApiServer made = ApiServer.start(settings);
        made.attach(of.of(made));
        servers.add(made);
        return made;
    }

    @AfterEach
    void stop() {
        servers.forEach(ApiServer::close);
        client.shutdownNow();
    }

    private HttpResponse<String> get(ApiServer of, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + of.address() + path));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(),
                BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> response = get(server, path);
        assertEquals(200, response.statusCode(), response.body());
        return JSON.readTree(response.body());
    }

    private void refused(int status, String detail, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals("application/problem+json", response.headers().firstValue("Content-Type").orElse(""));
        JsonNode problem = JSON.readTree(response.body());
        assertEquals(status, problem.get("status").asInt());
        assertEquals(detail, problem.get("detail").asText());
    }

    @Test
    void aSeriesIsToldInFullWhateverItsName() throws Exception {
        JsonNode series = json("/series/b%2Fc%20%C3%BC%3F?steps=10");
        assertEquals("b/c ü?", series.get("id").asText());
        assertEquals(10, series.at("/observations/times").size());
        assertEquals(fleet.time(), series.get("time").asLong());
        assertEquals(24, series.at("/forecast/values/0/0").size());
        assertTrue(series.get("episode").isNull());
        refused(404, "nothing has come of a series 'x'", get(server, "/series/x"));
        refused(400, "steps: expected a number from 1 to 2000, found '0'", get(server, "/series/a?steps=0"));
    }

    @Test
    void aForecastIsToldWholeOrOfOneMoment() throws Exception {
        assertEquals(5, json("/series/a/forecast").at("/values/0").size());
        JsonNode moment = json("/series/a/forecast?at=" + (fleet.time() + FakeFleet.HOUR + 1));
        assertEquals(2, moment.get("step").asInt());
        assertEquals(5, moment.at("/values/0").size());
        refused(400, "at: expected a time after 1768305600000 and up to 1768392000000, which is as far as the forecast"
                + " reaches, found 1768305600000", get(server, "/series/a/forecast?at=" + fleet.time()));
        refused(400, "at: expected milliseconds since 1970 or a time as 2026-01-31T12:00:00Z, found 'noon'",
                get(server, "/series/a/forecast?at=noon"));
    }

    @Test
    void seriesAreListedByPageAndByWhatNeedsAttention() throws Exception {
        JsonNode page = json("/series?limit=2");
        assertEquals(List.of("a", "b/c ü?"), page.get("series").findValuesAsText("id"));
        page = json("/series?limit=2&after=b%2Fc%20%C3%BC%3F");
        assertEquals(List.of("d"), page.get("series").findValuesAsText("id"));
        assertTrue(page.get("next").isNull());
        fleet.fail("d", server.events(), Severity.MAJOR);
        page = json("/series?sort=attention&charts=true");
        assertEquals(List.of("d", "a", "b/c ü?"), page.get("series").findValuesAsText("id").stream()
                .filter(id -> !id.contains("@")).toList());
        assertEquals("major", page.at("/series/0/episode/severity").asText());
        assertEquals(64, page.at("/series/1/chart/observations/times").size());
        assertEquals(List.of("b/c ü?"), json("/series?q=c").get("series").findValuesAsText("id"));
        refused(400, "sort: expected one of attention, error, id, found 'size'", get(server, "/series?sort=size"));
    }

    @Test
    void anomaliesAreToldSinceATime() throws Exception {
        fleet.fail("a", server.events(), Severity.MINOR);
        assertEquals(1, json("/anomalies").get("anomalies").size());
        assertEquals(1, json("/anomalies?since=2026-01-01T00:00:00Z").get("anomalies").size());
        assertEquals(0, json("/anomalies?since=" + (fleet.time() + 1)).get("anomalies").size());
        assertEquals(1, json("/fleet").at("/open/minor").asInt());
    }

    @Test
    void whatCannotBeSaidNowIsToldWithATimeToAskAgain() throws Exception {
        fleet.tell("a", new Found.NotNow("the instances are sharing out their work; ask again in a moment"));
        HttpResponse<String> response = get(server, "/series/a");
        refused(503, "the instances are sharing out their work; ask again in a moment", response);
        assertEquals("1", response.headers().firstValue("Retry-After").orElse(""));
        fleet.set(false);
        refused(503, "this instance is rebalancing", get(server, "/readyz"));
        assertEquals(200, get(server, "/healthz").statusCode());
        ApiServer young = ApiServer.start(HttpSettings.loopback(HttpSettings.ANY_PORT));
        servers.add(young);
        refused(503, "this instance is starting", get(young, "/readyz"));
        refused(503, "this instance is starting", get(young, "/series"));
        assertEquals(200, get(young, "/").statusCode());
    }

    @Test
    void aSeriesHeldElsewhereIsAskedForThereOneHopAndNoFarther() throws Exception {
        FakeFleet other = new FakeFleet("far");
        ApiServer there = started(HttpSettings.loopback(HttpSettings.ANY_PORT), other);
        fleet.tell("far", new Found.Elsewhere(there.address()));
        assertEquals("far", json("/series/far").get("id").asText());
        assertEquals(24, json("/series/far/forecast").at("/values/0/0").size());
        assertEquals(64, json("/series?id=far&id=a&charts=true").at("/series/0/chart/observations/times").size());
        other.tell("far", new Found.Elsewhere(server.address()));
        refused(503, "the instances do not agree yet on who holds the series; ask again in a moment",
                get(server, "/series/far"));
        fleet.tell("far", new Found.Elsewhere("127.0.0.1:1"));
        refused(503, "the instance that holds the series does not answer; ask again in a moment",
                get(server, "/series/far"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/series/a/../../etc/passwd", "/assets/../openapi.json", "/assets/%2e%2e/%2e%2e/log4j2.xml",
            "/assets/..%2f..%2flog4j2.xml", "/assets//etc/passwd", "/%00", "/series/%ff",
            "/series/a%0d%0aSet-Cookie:x", "/WEB-INF/web.xml"})
    void hostilePathsLeadNowhere(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(answer.matches("(?s)HTTP/1.1 40[04] .*"), answer);
        assertFalse(answer.contains("root:") || answer.contains("Configuration status") || answer.contains("\tat ")
                || answer.contains("Exception") || answer.contains("\nSet-Cookie"), answer);
        assertEquals(200, get(server, "/healthz").statusCode());
    }

    @Test
    void hostileRequestsAreSentAway() throws Exception {
        String large = "x".repeat(40_000);
        assertTrue(raw("GET /" + large + " HTTP/1.1\r\nHost: localhost\r\n\r\n").startsWith("HTTP/1.1 4"));
        assertTrue(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + large + "\r\n\r\n").startsWith("HTTP/1.1 431"));
        assertTrue(raw("nonsense\r\n\r\n").startsWith("HTTP/1.1 400"));
        assertTrue(raw("GET /series HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 421"));
        assertTrue(raw("POST /series HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                .startsWith("HTTP/1.1 405"));
        try (Socket slow = socket()) { // says nothing more, and holds nobody up
            slow.getOutputStream().write("GET / HTT".getBytes(StandardCharsets.US_ASCII));
            assertEquals(200, get(server, "/healthz").statusCode());
        }
    }

    private Socket socket() throws IOException {
        String[] address = server.address().split(":");
        return new Socket(address[0], Integer.parseInt(address[1]));
    }

    private String raw(String request) throws IOException {
        try (Socket socket = socket(); InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            byte[] start = new byte[4000];
            return new String(start, 0, in.readNBytes(start, 0, start.length), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersForbidWhatTheyCan() throws Exception {
        for (String path : List.of("/", "/series", "/nothing")) {
            var headers = get(server, path).headers();
            assertTrue(headers.firstValue("Content-Security-Policy").orElse("").startsWith("default-src 'none';"));
            assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""));
            assertTrue(headers.firstValue("Server").isEmpty());
        }
    }

    @Test
    void eventsAreSentAsTheyCome() throws Exception {
        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(URI.create("http://" + server.address() + "/events?id=a")).build(),
                BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertEquals("retry: 2000", lines.readLine());
            fleet.advance(server.events());
            assertEquals("{\"series\":[\"a\"]}", next(lines, "forecasts"));
            fleet.fail("d", server.events(), Severity.CRITICAL);
            assertEquals("critical", JSON.readTree(next(lines, "anomaly")).get("severity").asText());
        }
    }

    private static String next(BufferedReader lines, String event) throws IOException {
        String line = lines.readLine();
        while (!line.equals("event: " + event)) {
            line = lines.readLine();
        }
        return lines.readLine().substring("data: ".length());
    }

    @Test
    void theDocumentNamesEveryRouteAndNoOther() throws Exception {
        TreeSet<String> told = new TreeSet<>(), served = new TreeSet<>();
        json("/openapi.json").get("paths").properties().forEach(path -> path.getValue().fieldNames()
                .forEachRemaining(method -> told.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        server.routes().stream().filter(route -> !route.path().equals("/") && !route.path().startsWith("/assets/"))
                .forEach(route -> served.add(route.method().name() + " " + route.path()));
        assertEquals(served, told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/series?charts=true", "/series/a", "/series/a/forecast", "/anomalies", "/models", "/fleet",
            "/readyz"})
    void answersAreAsTheDocumentSays(String path) throws Exception {
        fleet.tellPast(server.events(), 50);
        fleet.fail("a", server.events(), Severity.MINOR);
        JsonNode document = json("/openapi.json");
        String route = path.replaceFirst("\\?.*", "").replace("/a/", "/{id}/").replaceFirst("/a$", "/{id}");
        JsonNode schema = document.at("/paths/" + route.replace("/", "~1")
                + "/get/responses/200/content/application~1json/schema");
        if (schema.has("oneOf")) {
            schema = schema.get("oneOf").get(0);
        }
        assertFits(document, schema, json(path), path);
    }

    /// As much of JSON Schema as the document uses.
    private static void assertFits(JsonNode document, JsonNode schema, JsonNode value, String where) {
        if (schema.has("$ref")) {
            assertFits(document, document.at(schema.get("$ref").asText().substring(1)), value, where);
        } else if (schema.has("anyOf")) {
            if (!value.isNull()) {
                assertFits(document, schema.get("anyOf").get(0), value, where);
            }
        } else if (value.isNull()) {
            assertTrue(schema.get("type").isArray(), where + ": null is not told of");
        } else if (value.isObject() && schema.has("properties")) {
            TreeSet<String> told = new TreeSet<>(), sent = new TreeSet<>();
            schema.get("properties").fieldNames().forEachRemaining(told::add);
            value.fieldNames().forEachRemaining(sent::add);
            assertEquals(told, sent, where);
            value.properties().forEach(field -> assertFits(document,
                    schema.get("properties").get(field.getKey()), field.getValue(), where + "." + field.getKey()));
        } else if (value.isArray()) {
            value.forEach(each -> assertFits(document, schema.get("items"), each, where + "[]"));
        } else if (!value.isObject()) {
            JsonNode type = schema.get("type");
            String first = type.isArray() ? type.get(0).asText() : type.asText();
            assertEquals(first, value.isTextual() ? "string" : value.isBoolean() ? "boolean" : first, where);
            assertTrue(!schema.has("enum") || schema.get("enum").toString().contains(value.asText()), where);
        }
    }

    @Test
    void aTakenPortIsToldInOneSentence() {
        int port = Integer.parseInt(server.address().split(":")[1]);
        assertEquals("gatecast.http.port: cannot listen at 127.0.0.1:" + port
                + ": stop what listens there or choose another port",
                assertThrows(IOException.class, () -> ApiServer.start(HttpSettings.loopback(port))).getMessage());
    }
}
