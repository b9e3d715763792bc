package io.gatecast.app.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.DoSHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/// What stands between the network and the routes, by Jetty's own means: TLS, how many connections there may be and how many
/// of one address, how large a request may be, how many may come in a second.
final class Barriers {
    private static final int MOST_CONNECTIONS = 2_048;
    private static final int MOST_OF_AN_ADDRESS = 256;
    private static final int MOST_ADDRESSES = 10_000;
    private static final int PREFIX_OF_IPV6 = 8;
    private static final long SECONDS_TO_INSIST_ON_TLS = 31_536_000;

    private Barriers() {}

    /// @param largest body, bytes
    static void raise(Server server, OptionalInt rate, long largest) {
        SizeLimitHandler size = new SizeLimitHandler(largest, -1);
        if (rate.isPresent()) {
            DoSHandler limit = new DoSHandler(Barriers::client,
                    new DoSHandler.LeakingBucketTrackerFactory(rate.getAsInt()), Barriers::tooMany, MOST_ADDRESSES);
            limit.excludePath("/healthz", "/readyz"); // whoever watches the process is never told to wait
            limit.setHandler(size);
            server.setHandler(limit);
        } else {
            server.setHandler(size);
        }
        server.setErrorHandler(Barriers::refused);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
    }

    /// @return what listens, with TLS where it is wanted
    static ServerConnector connector(Server server, HttpConfiguration http, HttpSettings settings) {
        Tls tls = settings.tls();
        ServerConnector connector;
        if (tls == null) {
            connector = new ServerConnector(server, new HttpConnectionFactory(http));
        } else {
            // any name will do: probes come by address, and what we are is in the certificate
            http.addCustomizer(new SecureRequestCustomizer(false, SECONDS_TO_INSIST_ON_TLS, false));
            SslContextFactory.Server ssl = new SslContextFactory.Server();
            ssl.setSslContext(tls.server());
            ssl.setIncludeProtocols("TLSv1.3", "TLSv1.2");
            HttpConnectionFactory inner = new HttpConnectionFactory(http);
            connector = new ServerConnector(server, new SslConnectionFactory(ssl, inner.getProtocol()), inner);
        }
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.addBean(new FewOfEach());
        return connector;
    }

    /// An IPv6 client has a whole network of addresses, of which the first half is one's own.
    private static String client(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? client(address)
                : "";
    }

    private static String client(InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, PREFIX_OF_IPV6); i++) {
            text.append((char) (bytes[i] & 0xff));
        }
        return text.toString();
    }

    private static boolean tooMany(Request request, Response response, Callback callback) {
        response.setStatus(HttpStatus.TOO_MANY_REQUESTS_429);
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        return tell(response, callback, "Too many", "more requests a second than one address may make; wait a moment");
    }

    /// What Jetty refuses before there is a route, without a word of the inside.
    private static boolean refused(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        return tell(response, callback, "Not answered", status == HttpStatus.PAYLOAD_TOO_LARGE_413
                ? "the request is larger than any that is understood"
                : "the request was not understood");
    }

    private static boolean tell(Response response, Callback callback, String title, String detail) {
        ApiServer.HEADERS.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.TYPE);
        response.write(true, ByteBuffer.wrap(Problem.body(response.getStatus(), title, detail)), callback);
        return true;
    }

    /// Someone who opens connections and says little on them (a slow client) has so many and no more; the others have the
    /// rest. Jetty's own limit counts all together.
    private static final class FewOfEach implements Connection.Listener {
        private final Map<String, Integer> open = new ConcurrentHashMap<>();

        @Override
        public void onOpened(Connection connection) {
            String client = client(connection);
            if (client != null && open.merge(client, 1, Integer::sum) > MOST_OF_AN_ADDRESS) {
                connection.close();
            }
        }

        @Override
        public void onClosed(Connection connection) {
            String client = client(connection);
            if (client != null) {
                open.computeIfPresent(client, (key, count) -> count > 1 ? count - 1 : null);
            }
        }

        /// @return null for what lies within another connection, as HTTP does in TLS
        private static @Nullable String client(Connection connection) {
            SocketAddress remote = connection.getEndPoint() instanceof SocketChannelEndPoint socket
                    ? socket.getRemoteSocketAddress()
                    : null;
            return remote instanceof InetSocketAddress address ? Barriers.client(address) : null;
        }
    }
}
