package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.avro.ActionOutcome;
import io.gatecast.avro.AdminAction;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may do what, and what becomes of those who mean no good.
@Timeout(60)
class SecurityTest {
    private static final String READ = "read-token-0123456789", ADMIN = "admin-token-0123456789";
    private static final String PASSWORD = "pässword:0123456789";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> ALL = Map.of("gatecast.http.port", "0", "gatecast.http.tokens.read", READ,
            "gatecast.http.tokens.admin", ADMIN, "gatecast.http.users.read", "rita:" + PASSWORD,
            "gatecast.http.users.admin", "alice:" + PASSWORD + " bob:0123456789-secret");
    private static final String READER = "Bearer " + READ, ALICE = basic("alice", PASSWORD);
    private static final String PROMOTE = "/models/fake/1/promote";

    private final FakeFleet fleet = new FakeFleet("a");
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ApiServer> servers = new ArrayList<>();
    private final List<AdminAction> written = new ArrayList<>();
    private final FakeChanges changes = new FakeChanges();
    private boolean journalFails;
    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = started(ALL);
    }

    private ApiServer started(Map<String, String> keys) throws IOException {
        ApiServer made = ApiServer.start(http(keys));
        servers.add(made);
        made.attach(fleet.of(made, new Administration(changes, action -> {
            if (journalFails) {
                throw new IOException("topic audit does not take the record of it");
            }
            written.add(action);
        }, "here:1")));
        return made;
    }

    @AfterEach
    void stop() {
        servers.forEach(ApiServer::close);
        client.shutdownNow();
    }

    private static String basic(String name, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<InputStream> ask(String method, String path, String body, String... headers)
            throws Exception {
        return ask(method, path, BodyPublishers.ofString(body), headers);
    }

    private HttpResponse<InputStream> ask(String method, String path, BodyPublisher body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : body);
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(),
                BodyHandlers.ofInputStream());
    }

    private int status(String method, String path, String... headers) throws Exception {
        HttpResponse<InputStream> response = ask(method, path, "{}", headers);
        response.body().close();
        return response.statusCode();
    }

    private static String detail(HttpResponse<InputStream> response) throws IOException {
        assertEquals("application/problem+json", response.headers().firstValue("Content-Type").orElse(""));
        JsonNode problem = JSON.readTree(response.body());
        assertEquals(response.statusCode(), problem.get("status").asInt());
        return problem.get("detail").asText();
    }

    /// An operation of the document: method, path, and who may by it.
    private record Operation(String method, String path, Role role) {}

    private List<Operation> operations() throws Exception {
        List<Operation> found = new ArrayList<>();
        try (InputStream document = ask("GET", "/openapi.json", "").body()) {
            JSON.readTree(document).get("paths").properties().forEach(path -> path.getValue().properties()
                    .forEach(operation -> found.add(new Operation(operation.getKey().toUpperCase(Locale.ROOT),
                            path.getKey().replace("{id}", path.getKey().startsWith("/models") ? "fake" : "a")
                                    .replace("{version}", "1"),
                            operation.getValue().path("security").isEmpty()
                                    ? Role.ANYBODY
                                    : operation.getValue().at("/responses/403").isMissingNode()
                                            ? Role.READ
                                            : Role.ADMIN))));
        }
        return found;
    }

    @Test
    void everyOperationOfTheDocumentTakesWhatItShouldAndNoLess() throws Exception {
        Map<String, Role> shown = new TreeMap<>(Map.of("", Role.ANYBODY, READER, Role.READ, "bearer " + ADMIN,
                Role.ADMIN, basic("rita", PASSWORD), Role.READ, ALICE, Role.ADMIN,
                basic("bob", "0123456789-secret"), Role.ADMIN));
        for (String wrong : List.of("Bearer", "Bearer " + READ + "x", "Bearer rita:" + PASSWORD, "Basic " + READ, READ,
                basic("rita", PASSWORD + "x"), basic("alice", "0123456789-secret"), basic("", ""), "Basic %%%",
                basic("Bearer " + ADMIN, ""), "Digest " + ADMIN)) {
            shown.put(wrong, Role.ANYBODY);
        }
        List<Operation> operations = operations();
        assertEquals(Set.of(Role.values()), operations.stream().map(Operation::role).collect(Collectors.toSet()));
        for (Operation operation : operations) {
            for (Map.Entry<String, Role> each : shown.entrySet()) {
                String[] headers = each.getKey().isEmpty()
                        ? new String[]{"Content-Type", "application/json"}
                        : new String[]{"Content-Type", "application/json", "Authorization", each.getKey()};
                int expected = each.getValue().compareTo(operation.role()) >= 0
                        ? 200
                        : each.getValue() == Role.ANYBODY ? 401 : 403;
                assertEquals(expected, status(operation.method(), operation.path(), headers),
                        operation + " for " + each);
            }
        }
        for (ApiServer.Route route : server.routes()) { // what the document does not name is for everybody
            if (route.path().startsWith("/assets/") || route.path().equals("/")) {
                assertEquals(200, status("GET", route.path()), route.path());
            }
        }
    }

    @Test
    void whatHasToBeShownIsSaidToScriptsWithoutTheBrowsersDialog() throws Exception {
        HttpResponse<InputStream> response = ask("GET", "/events", "");
        assertEquals("show a token or a name and password: Authorization: Bearer TOKEN, or Basic", detail(response));
        assertEquals("Bearer realm=\"gatecast\", Basic realm=\"gatecast\", charset=\"UTF-8\"",
                response.headers().firstValue("WWW-Authenticate").orElse(""));
        assertEquals("Bearer realm=\"gatecast\"", ask("GET", "/fleet", "", "Sec-Fetch-Mode", "cors").headers()
                .firstValue("WWW-Authenticate").orElse(""));
    }

    @Test
    void withoutAnAdminNobodyChangesAnything() throws Exception {
        server = started(Map.of("gatecast.http.port", "0"));
        assertEquals(200, status("GET", "/series"));
        HttpResponse<InputStream> response = ask("POST", PROMOTE, "{}", "Content-Type", "application/json");
        assertEquals(403, response.statusCode());
        assertEquals("nobody may change anything over HTTP: set gatecast.http.tokens.admin or"
                + " gatecast.http.users.admin", detail(response));
        server = started(Map.of("gatecast.http.port", "0", "gatecast.http.tokens.admin", ADMIN));
        assertEquals(200, status("GET", "/series"));
        assertEquals(401, status("POST", PROMOTE, "Content-Type", "application/json"));
        assertEquals(List.of(), changes.made());
    }

    @Test
    void changesAreWrittenDownBeforeAndAfter() throws Exception {
        HttpResponse<InputStream> done = ask("POST", PROMOTE, "{\"why\": \" a week as canary \"}", "Content-Type",
                "application/json; charset=utf-8", "Authorization", ALICE);
        assertEquals(200, done.statusCode());
        JsonNode event = JSON.readTree(done.body()).at("/events/0");
        assertEquals("champion", event.get("state").asText());
        assertEquals("alice", event.get("by").asText());
        assertEquals("a week as canary", event.get("why").asText());
        HttpResponse<InputStream> refused = ask("POST", "/models/fake/7/promote", "{}", "Content-Type",
                "application/json", "Authorization", "Bearer " + ADMIN);
        assertEquals(409, refused.statusCode());
        assertEquals("model fake/7 is not in the topic; there are fake/1, fake/2", detail(refused));
        assertEquals(200, ask("POST", "/models/fake/rollback", "{\"to\": 1}", "Content-Type", "application/json",
                "Authorization", ALICE).statusCode());
        assertEquals(403, status("POST", PROMOTE, "Content-Type", "application/json", "Authorization", READER));
        assertEquals(List.of("fake/1", "fake<-1"), changes.made());
        assertEquals(List.of("ASKED fake/1 by alice: a week as canary", "DONE fake/1 by alice: a week as canary",
                "ASKED fake/7 by the admin token: ", "REFUSED fake/7 by the admin token: ",
                "ASKED fake to 1 by alice: ", "DONE fake to 1 by alice: ",
                "DENIED " + PROMOTE + " by the read token: "),
                written.stream().map(action -> action.getOutcome() + " " + action.getTarget() + " by " + action.getBy()
                        + ": " + action.getWhy()).toList());
        AdminAction first = written.getFirst();
        assertEquals(first.getId(), written.get(1).getId());
        assertEquals("127.0.0.1", first.getFrom());
        assertEquals("here:1", first.getInstance());
        assertEquals("POST /models/{id}/{version}/promote", first.getAction());
    }

    @Test
    void whatCannotBeWrittenDownIsNotDone() throws Exception {
        journalFails = true;
        HttpResponse<InputStream> response = ask("POST", PROMOTE, "{}", "Content-Type", "application/json",
                "Authorization", ALICE);
        assertEquals(503, response.statusCode());
        assertEquals("nothing is changed that cannot be written down; ask again in a moment", detail(response));
        assertEquals(List.of(), changes.made());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Origin|http://evil.example|403", "Origin|null|403",
            "Sec-Fetch-Site|cross-site|403", "Sec-Fetch-Site|same-site|403", "Sec-Fetch-Site|same-origin|200"})
    void aPageOfAnotherSiteChangesNothing(String header, String value, int expected) throws Exception {
        assertEquals(expected, status("POST", PROMOTE, "Content-Type", "application/json", "Authorization", ALICE,
                header, value));
        assertEquals(expected == 200 ? 1 : 0, changes.made().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"text/plain|{}|415", "application/x-www-form-urlencoded|why=x|415",
            "application/json|{|400", "application/json|[]|400", "application/json|{\"who\":\"me\"}|400",
            "application/json|{\"why\":\"a\\nb\"}|400", "application/json|{\"why\":7}|400",
            "application/json|{\"to\":0}|400", "application/json|{\"to\":\"2\"}|400",
            "application/json|{\"to\":99999999999}|400"})
    void aMalformedBodyChangesNothing(String type, String body, int expected) throws Exception {
        HttpResponse<InputStream> response = ask("POST", "/models/fake/rollback", body, "Content-Type", type,
                "Authorization", ALICE);
        assertEquals(expected, response.statusCode());
        assertFalse(detail(response).contains("Exception"));
        assertEquals(List.of(), changes.made());
        assertEquals(List.of(), written.stream().filter(a -> a.getOutcome() == ActionOutcome.DONE).toList());
    }

    @Test
    void aBodyThatIsTooLargeIsNotRead() throws Exception {
        byte[] large = new byte[70_000];
        String[] headers = {"Content-Type", "application/json", "Authorization", ALICE};
        HttpResponse<InputStream> response = ask("POST", PROMOTE, BodyPublishers.ofByteArray(large), headers);
        assertEquals(413, response.statusCode());
        assertEquals("the request is larger than any that is understood", detail(response));
        response = ask("POST", PROMOTE, BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)), headers);
        assertEquals(413, response.statusCode()); // in chunks, whose sum nobody says before
        assertEquals(List.of(), changes.made());
        assertEquals(200, status("GET", "/healthz"));
    }

    @Test
    void whoAsksTooMuchWaitsAndTheOthersDoNot() throws Exception {
        server = started(Map.of("gatecast.http.port", "0", "gatecast.http.rate", "5"));
        TreeSet<Integer> seen = new TreeSet<>();
        HttpResponse<InputStream> last = ask("GET", "/series", "");
        for (int i = 0; i < 40 && last.statusCode() != 429; i++) {
            last.body().close();
            last = ask("GET", "/series", "");
            seen.add(last.statusCode());
        }
        assertEquals(new TreeSet<>(Set.of(200, 429)), seen);
        assertEquals("1", last.headers().firstValue("Retry-After").orElse(""));
        assertTrue(last.headers().firstValue("Content-Security-Policy").isPresent());
        assertEquals("more requests a second than one address may make; wait a moment", detail(last));
        for (int i = 0; i < 20; i++) {
            assertEquals(200, status("GET", "/healthz"));
        }
        assertTrue(other("GET /series HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    @Test
    void clientsThatSayLittleHoldUpNobodyElse() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) { // another address, so that they have its connections and not ours
                Socket socket = socket("127.0.0.2");
                slow.add(socket);
                socket.getOutputStream().write("GET /series HTTP/1.1\r\nX-".getBytes(StandardCharsets.US_ASCII));
            }
            for (int i = 0; i < 20; i++) {
                slow.get(i).getOutputStream().write('x');
                assertEquals(200, status("GET", "/series", "Authorization", READER));
            }
            assertTrue(slow.stream().filter(SecurityTest::isClosed).count() >= 300 - 256,
                    "one address has as many connections as it likes");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private Socket socket(String from) throws IOException {
        String[] address = server.address().split(":");
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException stillOpen) {
            return false;
        }
    }

    private String other(String request) throws IOException {
        try (Socket socket = socket("127.0.0.3"); InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(in.readNBytes(2000), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Evil: a\u0001b", "Authorization: Basic \u0000", "Host: localhost\r\nHost: evil",
            "Content-Length: -1", "Content-Length: 1\r\nContent-Length: 2", "Transfer-Encoding: chunked, identity",
            ": no name", "X y: blank"})
    void hostileHeadersAreSentAwayInJsonWithoutAWordOfTheInside(String header) throws Exception {
        String answer = other("GET /series HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n");
        assertTrue(answer.matches("(?s)HTTP/1.1 4[0-9][0-9] .*"), answer);
        assertFalse(answer.contains("Exception") || answer.contains("\tat ") || answer.contains("<html")
                || answer.contains("jetty"), answer);
        assertEquals(200, status("GET", "/healthz"));
    }

    @Test
    void namesThatMakeNoModelReachNobodysFiles() throws Exception {
        for (String name : List.of("..%2f..%2fetc", "fake%0d%0aX-Evil:%201", "%00", "a%2fb")) {
            String answer = other("POST /models/" + name + "/1/promote HTTP/1.1\r\nHost: localhost\r\nConnection: close"
                    + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nAuthorization: " + ALICE
                    + "\r\n\r\n{}");
            assertTrue(answer.matches("(?s)HTTP/1.1 4[0-9][0-9] .*") && !answer.contains("\nX-Evil"), answer);
        }
        assertEquals(List.of(), changes.made());
    }

    private static HttpSettings http(Map<String, String> keys) {
        Map<String, String> all = new HashMap<>(keys);
        all.put("bootstrap.servers", "127.0.0.1:1");
        all.put("schema.registry.url", "mock://http");
        return HttpSettings.of(StreamsSettings.of(all), OptionalInt.empty()).orElseThrow();
    }

    private static String refusal(String... keysAndValues) {
        Map<String, String> keys = new HashMap<>(Map.of("gatecast.http.port", "1"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> http(keys)).getMessage());
    }

    @Test
    void settingsThatWouldLetAnybodyInAreRefused() {
        assertEquals("gatecast.http.host: 0.0.0.0 can be reached from outside: set gatecast.http.tokens.read, which"
                + " clients show as their bearer token, or gatecast.http.users.read, or listen at 127.0.0.1",
                refusal("gatecast.http.host", "0.0.0.0", "application.server", "a:1", "gatecast.http.tokens.admin",
                        ADMIN));
        assertEquals("gatecast.http.host: 0.0.0.0 can be reached from outside, and tokens would travel unencrypted: set"
                + " gatecast.http.tls.certificate and gatecast.http.tls.key, or gatecast.http.insecure=warn where a"
                + " proxy or the network encrypts",
                refusal("gatecast.http.host", "0.0.0.0", "application.server",
                        "a:1", "gatecast.http.tokens.read", READ));
        assertEquals("0.0.0.0", http(Map.of("gatecast.http.host", "0.0.0.0", "application.server", "a:1",
                "gatecast.http.port", "1", "gatecast.http.tokens.read", READ, "gatecast.http.insecure", "warn"))
                .host());
        assertEquals("gatecast.http.insecure: expected refuse or warn, found 'yes'",
                refusal("gatecast.http.insecure", "yes"));
        assertEquals("gatecast.http.host: 0.0.0.0 is every address of this machine: set application.server to the"
                + " host:port under which other instances reach it",
                refusal("gatecast.http.host", "0.0.0.0", "gatecast.http.tokens.read", READ));
        assertEquals("gatecast.http.port: expected none or a port, 0 to 65535, found '70000'",
                refusal("gatecast.http.port", "70000"));
        assertEquals("gatecast.http.rate: expected none or requests a second, at least 1, found '0'",
                refusal("gatecast.http.rate", "0"));
        assertEquals("gatecast.http.tls.key: expected a PEM file, as the other of certificate and key is given",
                refusal("gatecast.http.tls.certificate", "/nowhere"));
        assertTrue(HttpSettings.of(StreamsSettings.of(Map.of("bootstrap.servers", "127.0.0.1:1",
                "schema.registry.url", "mock://http")), OptionalInt.empty()).isEmpty());
    }

    @Test
    void credentialsThatAreWeakOrAmbiguousAreRefusedAndNotTold() {
        assertEquals(
                "gatecast.http.tokens.read: expected at least 16 characters, as from openssl rand -hex 24, found 5",
                refusal("gatecast.http.tokens.read", "short"));
        assertEquals("gatecast.http.users.read: expected at least 16 characters, as from openssl rand -hex 24, found 5"
                + " of rita", refusal("gatecast.http.users.read", "rita:short"));
        assertEquals("gatecast.http.users.read: expected NAME:PASSWORD, several with blanks between, found one without"
                + " a name", refusal("gatecast.http.users.read", PASSWORD.replace(":", "")));
        assertEquals("gatecast.http.users.admin: rita is there twice",
                refusal("gatecast.http.users.read", "rita:" + PASSWORD, "gatecast.http.users.admin",
                        "rita:" + PASSWORD));
        assertEquals("gatecast.http.tokens.admin: expected another one than for reading, found the same",
                refusal("gatecast.http.tokens.read", READ, "gatecast.http.tokens.admin", READ));
        assertFalse(http(ALL).toString().contains("0123456789"));
    }
}
