package io.gatecast.app.http;

import io.gatecast.streams.StreamsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where an instance answers over HTTP, and to whom:
///
///     gatecast.http.port             where it listens; "none", which is the default, or 0 for any free port
///     gatecast.http.host             address that it listens at; "127.0.0.1"
///     gatecast.http.tokens.read      what a client may show as its bearer token
///     gatecast.http.tokens.admin     what one has to show that may do more than look
///     gatecast.http.users.read       NAME:PASSWORD, several with blanks between: the same as basic authentication
///     gatecast.http.users.admin      likewise
///     gatecast.http.tls.certificate  PEM file of the chain, see [Tls]; none = plain HTTP
///     gatecast.http.tls.key          PEM file of its key
///     gatecast.http.tls.trust        PEM file of who signed the other instances' certificates
///     gatecast.http.insecure         plain HTTP beyond loopback: "refuse", or "warn" where something else encrypts
///     gatecast.http.rate             requests a second from one address; 1000, or "none"
///
/// and where metrics are sent, see [Otlp].
///
/// @param host        address to listen at
/// @param port        0 = any free one
/// @param credentials what clients have to show; without any for reading, it has to be loopback
/// @param tls         null = plain HTTP
/// @param rate        requests a second from one address; empty = as many as come
/// @param otlp        where metrics are sent, too; null = nowhere
public record HttpSettings(String host, int port, Credentials credentials, @Nullable Tls tls, OptionalInt rate,
        @Nullable Otlp otlp) {
    public static final int ANY_PORT = 0;
    private static final Logger LOG = LoggerFactory.getLogger(HttpSettings.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NONE = "none", REFUSE = "refuse", WARN = "warn";
    private static final String APPLICATION_SERVER = "application.server";
    private static final int LAST_PORT = 65535;
    private static final int RATE = 1_000;

    /// @throws IllegalArgumentException with a sentence that names the key
    public HttpSettings {
        if (!isLoopback(host) && !credentials.askReaders()) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_HOST + ": " + host
                    + " can be reached from outside: set " + StreamsSettings.HTTP_READ_TOKEN
                    + ", which clients show as their bearer token, or " + StreamsSettings.HTTP_READ_USERS
                    + ", or listen at " + LOOPBACK);
        }
    }

    /// On loopback, to everybody there, who may read.
    public static HttpSettings loopback(int port) {
        return new HttpSettings(LOOPBACK, port, Credentials.NONE, null, OptionalInt.of(RATE), null);
    }

    /// @param asked port that goes before the settings'
    /// @return empty where nothing is to be answered
    /// @throws IllegalArgumentException with a sentence that names the key
    public static Optional<HttpSettings> of(StreamsSettings settings, OptionalInt asked) {
        Map<String, String> http = settings.http();
        String port = http.getOrDefault(StreamsSettings.HTTP_PORT, NONE);
        Otlp otlp = Otlp.of(http);
        if (asked.isEmpty() && port.equals(NONE)) {
            if (otlp != null) {
                throw new IllegalArgumentException(StreamsSettings.OTLP_ENDPOINT
                        + ": metrics are gathered by what answers"
                        + " over HTTP: set " + StreamsSettings.HTTP_PORT + " (0 is any free port, on loopback)");
            }
            return Optional.empty();
        }
        String host = http.getOrDefault(StreamsSettings.HTTP_HOST, LOOPBACK);
        if (address(host).isAnyLocalAddress() && !settings.kafka().containsKey(APPLICATION_SERVER)) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_HOST + ": " + host
                    + " is every address of this machine: set " + APPLICATION_SERVER
                    + " to the host:port under which other instances reach it");
        }
        HttpSettings made = new HttpSettings(host, asked.isPresent() ? asked.getAsInt() : number(port),
                Credentials.of(http), Tls.of(http), rate(http.getOrDefault(StreamsSettings.HTTP_RATE,
                        Integer.toString(RATE))),
                otlp);
        made.requireEncryption(http.getOrDefault(StreamsSettings.HTTP_INSECURE, REFUSE));
        return Optional.of(made);
    }

    /// What clients show must not travel for all to see, unless somebody says that something else takes care of that.
    private void requireEncryption(String insecure) {
        if (!insecure.equals(REFUSE) && !insecure.equals(WARN)) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_INSECURE + ": expected " + REFUSE + " or " + WARN
                    + ", found '" + insecure + "'");
        }
        if (tls != null || isLoopback(host)) {
            return;
        }
        if (insecure.equals(REFUSE)) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_HOST + ": " + host
                    + " can be reached from outside, and tokens would travel unencrypted: set "
                    + StreamsSettings.HTTP_CERTIFICATE + " and " + StreamsSettings.HTTP_KEY + ", or "
                    + StreamsSettings.HTTP_INSECURE + "=" + WARN + " where a proxy or the network encrypts");
        }
        LOG.warn(
                "{}: {} can be reached from outside, and what clients show travels unencrypted as far as this instance",
                StreamsSettings.HTTP_HOST, host);
    }

    private static int number(String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > LAST_PORT) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_PORT
                    + ": expected none or a port, 0 to 65535, found '" + port + "'");
        }
        return Integer.parseInt(port);
    }

    private static OptionalInt rate(String rate) {
        if (rate.equals(NONE)) {
            return OptionalInt.empty();
        }
        if (!rate.matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_RATE
                    + ": expected none or requests a second, at least 1, found '" + rate + "'");
        }
        return OptionalInt.of(Integer.parseInt(rate));
    }

    /// @return http or https
    String scheme() {
        return tls == null ? "http" : "https";
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

    /// Nothing of what clients show.
    @Override
    public String toString() {
        return scheme() + "://" + host + ":" + port + (credentials.areNone() ? "" : ", with " + credentials);
    }
}
