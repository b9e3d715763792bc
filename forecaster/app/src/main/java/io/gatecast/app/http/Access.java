package io.gatecast.app.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets requests through or not, by their bearer token (RFC 6750). Tokens are compared by their digests in constant time, so
/// that neither content nor length shows in how long it takes.
final class Access {
    private static final String SCHEME = "bearer ";
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final HttpSettings settings;

    Access(HttpSettings settings) {
        this.settings = settings;
    }

    /// @throws Problem if it may not
    void require(Context request, Role role) {
        requireKnownHost(request);
        if (role == Role.ANYBODY || !settings.isGuarded()) {
            return;
        }
        String shown = shown(request);
        boolean admin = matches(shown, settings.adminToken());
        boolean reader = admin | matches(shown, settings.readToken()) | settings.readToken() == null;
        if (!reader || role == Role.ADMIN && !admin && shown == null) {
            throw new Problem(401, "Not authenticated", "show a token: Authorization: Bearer TOKEN")
                    .with("WWW-Authenticate", "Bearer realm=\"gatecast\"");
        }
        if (role == Role.ADMIN && !admin) {
            throw new Problem(403, "Not allowed", "this takes the admin token");
        }
    }

    /// Without a token, a page of another site that had its name resolved to this machine could ask in a visitor's stead; it
    /// cannot hide the name it was reached by.
    private void requireKnownHost(Context request) {
        String host = String.valueOf(request.header("Host")).replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        if (!settings.isGuarded() && !LOOPBACK_NAMES.contains(host) && !host.equals(settings.host())) {
            throw new Problem(421, "Not this host", "ask at http://localhost or at http://" + settings.host());
        }
    }

    private static @Nullable String shown(Context request) {
        String header = request.header("Authorization");
        return header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? null
                : header.substring(SCHEME.length()).strip();
    }

    private static boolean matches(@Nullable String shown, @Nullable String token) {
        return token != null && MessageDigest.isEqual(digest(shown == null ? "" : shown), digest(token));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
