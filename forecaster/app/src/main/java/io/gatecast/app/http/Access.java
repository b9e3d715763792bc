package io.gatecast.app.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets requests through or not, by what they show, and by where the browser says they come from.
final class Access {
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final int NOT_AUTHENTICATED = 401, NOT_ALLOWED = 403;

    private final HttpSettings settings;
    private final Credentials credentials;

    Access(HttpSettings settings) {
        this.settings = settings;
        this.credentials = settings.credentials();
    }

    /// @return who shows what the request does
    Caller caller(Context request) {
        return credentials.caller(request.header("Authorization"));
    }

    /// @throws Problem if the caller may not
    void require(Context request, Caller caller, Role role) {
        requireKnownHost(request);
        if (request.method() != HandlerType.GET && request.method() != HandlerType.HEAD) {
            requireOwnPage(request);
        }
        if (role == Role.ANYBODY || role == Role.READ && !credentials.askReaders() || caller.may(role)) {
            return;
        }
        if (role == Role.ADMIN && !credentials.haveAdmins()) {
            throw new Problem(NOT_ALLOWED, "Not allowed", "nobody may change anything over HTTP: set"
                    + " gatecast.http.tokens.admin or gatecast.http.users.admin");
        }
        if (caller.may(Role.READ)) {
            throw new Problem(NOT_ALLOWED, "Not allowed", "this takes an admin");
        }
        throw new Problem(NOT_AUTHENTICATED, "Not authenticated", credentials.haveUsers()
                ? "show a token or a name and password: Authorization: Bearer TOKEN, or Basic"
                : "show a token: Authorization: Bearer TOKEN").with("WWW-Authenticate", challenge(request));
    }

    /// A browser that is told of Basic puts up a dialog of its own; the dashboard's scripts have a better one.
    private String challenge(Context request) {
        String mode = request.header("Sec-Fetch-Mode");
        boolean script = mode != null && !mode.equals("navigate");
        return "Bearer realm=\"gatecast\""
                + (credentials.haveUsers() && !script ? ", Basic realm=\"gatecast\", charset=\"UTF-8\"" : "");
    }

    /// Where nothing has to be shown, a page of another site that had its name resolved to this machine could read in a
    /// visitor's stead; it cannot hide the name it was reached by.
    private void requireKnownHost(Context request) {
        String host = String.valueOf(request.header("Host")).replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        if (!credentials.askReaders() && !LOOPBACK_NAMES.contains(host) && !host.equals(settings.host())) {
            throw new Problem(421, "Not this host", "ask at " + settings.scheme() + "://localhost or at "
                    + settings.scheme() + "://" + settings.host());
        }
    }

    /// Another site's page must not change anything in the name of whoever looks at it (cross-site request forgery). What
    /// is shown here is never sent by a browser of its own accord but for a Basic login, and changes have to be JSON, which
    /// a form cannot send; besides, browsers say where a request comes from.
    private static void requireOwnPage(Context request) {
        String site = request.header("Sec-Fetch-Site"), origin = request.header("Origin");
        if (site != null && !OWN_SITE.contains(site)
                || origin != null && !String.valueOf(request.header("Host")).equalsIgnoreCase(authority(origin))) {
            throw new Problem(NOT_ALLOWED, "Not allowed", "a page of another site cannot change anything here");
        }
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException notAnOrigin) {
            return null;
        }
    }
}
