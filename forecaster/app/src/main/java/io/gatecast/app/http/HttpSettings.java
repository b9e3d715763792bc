package io.gatecast.app.http;

import io.gatecast.streams.StreamsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Where an instance answers over HTTP, and to whom:
///
///     gatecast.http.port          where it listens; "none", which is the default, or 0 for any free port
///     gatecast.http.host          address that it listens at; "127.0.0.1"
///     gatecast.http.tokens.read   what a client has to show as its bearer token; on loopback it may be left out
///     gatecast.http.tokens.admin  what one has to show that may do more than look
///
/// @param host       address to listen at
/// @param port       0 = any free one
/// @param readToken  null = none is needed
/// @param adminToken null = nobody may do more than look, or on loopback without tokens everybody
public record HttpSettings(String host, int port, @Nullable String readToken, @Nullable String adminToken) {
    public static final int ANY_PORT = 0;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NONE = "none";
    private static final String APPLICATION_SERVER = "application.server";
    private static final int LEAST_TOKEN = 16;
    private static final int LAST_PORT = 65535;

    /// @throws IllegalArgumentException with a sentence that names the key
    public HttpSettings {
        if (!isLoopback(host) && readToken == null) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_HOST + ": " + host
                    + " can be reached from outside: set " + StreamsSettings.HTTP_READ_TOKEN
                    + ", which clients show as their bearer token, or listen at " + LOOPBACK);
        }
    }

    /// On loopback, to everybody there.
    public static HttpSettings loopback(int port) {
        return new HttpSettings(LOOPBACK, port, null, null);
    }

    /// @param asked port that goes before the settings'
    /// @return empty where nothing is to be answered
    /// @throws IllegalArgumentException with a sentence that names the key
    public static Optional<HttpSettings> of(StreamsSettings settings, OptionalInt asked) {
        Map<String, String> http = settings.http();
        String port = http.getOrDefault(StreamsSettings.HTTP_PORT, NONE);
        if (asked.isEmpty() && port.equals(NONE)) {
            return Optional.empty();
        }
        String host = http.getOrDefault(StreamsSettings.HTTP_HOST, LOOPBACK);
        if (address(host).isAnyLocalAddress() && !settings.kafka().containsKey(APPLICATION_SERVER)) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_HOST + ": " + host
                    + " is every address of this machine: set " + APPLICATION_SERVER
                    + " to the host:port under which other instances reach it");
        }
        return Optional.of(new HttpSettings(host,
                asked.isPresent() ? asked.getAsInt() : number(port), token(http, StreamsSettings.HTTP_READ_TOKEN),
                token(http, StreamsSettings.HTTP_ADMIN_TOKEN)));
    }

    private static int number(String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > LAST_PORT) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_PORT
                    + ": expected none or a port, 0 to 65535, found '" + port + "'");
        }
        return Integer.parseInt(port);
    }

    /// A token is not told, even where it is wrong.
    private static @Nullable String token(Map<String, String> http, String key) {
        String token = http.get(key);
        if (token != null && token.length() < LEAST_TOKEN) {
            throw new IllegalArgumentException(key + ": expected at least " + LEAST_TOKEN
                    + " characters, as from openssl rand -hex 24, found " + token.length());
        }
        return token;
    }

    /// @return whether tokens are asked for
    boolean isGuarded() {
        return readToken != null || adminToken != null;
    }

    private static boolean isLoopback(String host) {
        return address(host).isLoopbackAddress();
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_HOST + ": there is no address '" + host + "'", e);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port + (isGuarded() ? ", with tokens" : "");
    }
}
