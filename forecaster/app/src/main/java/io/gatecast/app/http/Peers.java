package io.gatecast.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatecast.app.json.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks other instances in a client's stead, one hop and no farther, with what the client has shown.
final class Peers implements AutoCloseable {
    /// Says that a request was passed on already.
    static final String PASSED_ON = "Gatecast-Passed-On";
    private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(1);
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(3);

    private final HttpClient client;
    private final String scheme;

    /// @param tls null = the instances speak plain HTTP
    Peers(@Nullable Tls tls) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(TIME_TO_CONNECT)
                .version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        this.client = (tls == null ? builder : builder.sslContext(tls.client())).build();
        this.scheme = tls == null ? "http://" : "https://";
    }

    static boolean isPassedOn(Context request) {
        return request.header(PASSED_ON) != null;
    }

    /// Has another instance answer.
    ///
    /// @throws Problem if it cannot, or the request was passed on already
    void passOn(Context request, String address) {
        if (isPassedOn(request)) {
            throw Problem.notNow("the instances do not agree yet on who holds the series; ask again in a moment");
        }
        String query = request.queryString();
        HttpResponse<byte[]> response = get(request, address,
                request.req().getRequestURI() + (query == null ? "" : "?" + query));
        response.headers().firstValue("Retry-After").ifPresent(after -> request.header("Retry-After", after));
        request.status(response.statusCode()).result(response.body())
                .contentType(response.headers().firstValue("Content-Type").orElse("application/json"));
    }

    /// Asks another instance for its own series.
    ///
    /// @return null where it does not answer as it should
    @Nullable
    JsonNode ask(Context request, String address, String pathAndQuery) {
        try {
            HttpResponse<byte[]> response = get(request, address, pathAndQuery);
            return response.statusCode() == 200 ? Json.read(response.body()) : null;
        } catch (Problem | IOException e) {
            return null;
        }
    }

    private HttpResponse<byte[]> get(Context request, String address, String pathAndQuery) {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(scheme + address + pathAndQuery))
                    .timeout(TIME_TO_ANSWER).header(PASSED_ON, "1");
            String token = request.header("Authorization");
            if (token != null) {
                builder.header("Authorization", token);
            }
            return client.send(builder.build(), BodyHandlers.ofByteArray());
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.notNow("the instance that holds the series does not answer; ask again in a moment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.notNow("this instance is stopping");
        }
    }

    /// @return as part of a query, `name` once for each value
    static String query(String name, List<String> values) {
        StringBuilder text = new StringBuilder();
        for (String value : values) {
            text.append(text.isEmpty() ? "" : "&").append(name).append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
