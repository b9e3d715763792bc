package io.gatecast.app.look;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.gatecast.app.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Asks a running instance.
public final class ApiClient implements AutoCloseable {
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(10);
    private static final int NOT_AUTHENTICATED = 401;
    private static final int DONE = 200;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;
    private final @Nullable String token;

    /// @param base  as in `http://127.0.0.1:8080`
    /// @param token to be shown; null = none
    public ApiClient(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /// @return as part of a path or a query
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// @throws IOException with a sentence, if the instance does not answer, or answers why not
    public JsonNode get(String pathAndQuery) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(pathAndQuery)).timeout(TIME_TO_ANSWER);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> response;
        try {
            response = client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IOException("no instance answers at " + base
                    + ": start one with run --port or gatecast.http.port, or name another with --url", e);
        }
        if (response.statusCode() == NOT_AUTHENTICATED) {
            throw new IOException(base + " asks for a token: put it into the environment as GATECAST_TOKEN");
        }
        JsonNode answer = json(response.body());
        if (response.statusCode() != DONE) {
            throw new IOException(base + ": " + answer.path("detail").asText("status " + response.statusCode()));
        }
        return answer;
    }

    private JsonNode json(byte[] body) throws IOException {
        try {
            return Json.read(body);
        } catch (JsonProcessingException e) {
            throw new IOException(base + " is no instance of Gatecast: expected JSON, found something else", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
