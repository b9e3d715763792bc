package io.gatecast.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/// The least of a schema registry that several processes can share: it gives each schema a number, and knows it again.
public final class SchemaServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<HttpContext> contexts;
    private final List<String> schemas = new ArrayList<>();

    public SchemaServer() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /// One that speaks TLS, and answers nobody but who logs in so.
    ///
    /// @param login `user:password`
    public static SchemaServer secured(SSLContext tls, String login) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        SchemaServer registry = new SchemaServer(server);
        int colon = login.indexOf(':');
        registry.contexts.forEach(context -> context.setAuthenticator(new BasicAuthenticator("registry") {
            @Override
            public boolean checkCredentials(String user, String password) {
                return user.equals(login.substring(0, colon)) && password.equals(login.substring(colon + 1));
            }
        }));
        return registry;
    }

    private SchemaServer(HttpServer server) {
        this.server = server;
        contexts = List.of(server.createContext("/subjects/", this::register),
                server.createContext("/schemas/ids/", this::find));
        server.start();
    }

    public String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + server.getAddress().getPort();
    }

    private void register(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        String schema = request.get("schema").asText();
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        answer(exchange, 200, Map.of("id", 1 + schemas.indexOf(schema)));
    }

    private void find(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
        if (id < 1 || id > schemas.size()) {
            answer(exchange, 404, Map.of("error_code", 40403, "message", "Schema not found"));
        } else {
            answer(exchange, 200, Map.of("schema", schemas.get(id - 1)));
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> content) throws IOException {
        byte[] body = JSON.writeValueAsString(content).getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
