package io.gatecast.app.http;

import io.gatecast.streams.StreamsSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What clients have to show: bearer tokens (RFC 6750), names with passwords (basic authentication, RFC 7617), each good for
/// reading or for changing things, too. Kept and compared as digests, each of them whatever the others said, in constant
/// time: so neither content nor length nor which one it was shows in how long it takes.
public final class Credentials {
    /// Everybody may read, and nobody change anything.
    public static final Credentials NONE = new Credentials(List.of());
    private static final int LEAST_LETTERS = 16;
    private static final String BEARER = "bearer ", BASIC = "basic ";

    private final List<Known> known;

    /// @param digest of what is shown, see [#canonical]
    private record Known(Caller caller, boolean user, byte[] digest) {}

    private Credentials(List<Known> known) {
        this.known = List.copyOf(known);
    }

    /// @param http the keys under `gatecast.http.`
    /// @throws IllegalArgumentException with a sentence that names the key, and nothing of what it holds
    public static Credentials of(Map<String, String> http) {
        List<Known> known = new ArrayList<>();
        token(http, StreamsSettings.HTTP_READ_TOKEN, new Caller("the read token", Role.READ), known);
        token(http, StreamsSettings.HTTP_ADMIN_TOKEN, new Caller("the admin token", Role.ADMIN), known);
        users(http, StreamsSettings.HTTP_READ_USERS, Role.READ, known);
        users(http, StreamsSettings.HTTP_ADMIN_USERS, Role.ADMIN, known);
        return new Credentials(known);
    }

    private static void token(Map<String, String> http, String key, Caller caller, List<Known> known) {
        String token = http.get(key);
        if (token != null) {
            requireLong(key, "", token);
            add(key, new Known(caller, false, digest(BEARER + token)), known);
        }
    }

    private static void users(Map<String, String> http, String key, Role role, List<Known> known) {
        String users = http.get(key);
        if (users == null) {
            return;
        }
        for (String user : users.split("\\s+")) {
            int colon = user.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException(
                        key + ": expected NAME:PASSWORD, several with blanks between, found one without a name");
            }
            String name = user.substring(0, colon);
            requireLong(key, "of " + name, user.substring(colon + 1));
            if (known.stream().anyMatch(each -> each.user && each.caller.name().equals(name))) {
                throw new IllegalArgumentException(key + ": " + name + " is there twice");
            }
            add(key, new Known(new Caller(name, role), true, digest(BASIC + user)), known);
        }
    }

    private static void add(String key, Known one, List<Known> known) {
        if (known.stream().anyMatch(each -> MessageDigest.isEqual(each.digest, one.digest))) {
            throw new IllegalArgumentException(key + ": expected another one than for reading, found the same");
        }
        known.add(one);
    }

    /// A secret is not told, even where it is wrong.
    private static void requireLong(String key, String whose, String secret) {
        if (secret.length() < LEAST_LETTERS) {
            throw new IllegalArgumentException(key + ": expected at least " + LEAST_LETTERS
                    + " characters, as from openssl rand -hex 24, found " + secret.length()
                    + (whose.isEmpty() ? "" : " " + whose));
        }
    }

    /// @return whether anything is asked of those who read
    boolean askReaders() {
        return known.stream().anyMatch(each -> each.caller.role() == Role.READ);
    }

    /// @return whether anybody may change something
    boolean haveAdmins() {
        return known.stream().anyMatch(each -> each.caller.role() == Role.ADMIN);
    }

    boolean haveUsers() {
        return known.stream().anyMatch(Known::user);
    }

    boolean areNone() {
        return known.isEmpty();
    }

    /// @param authorization the header, as it came
    /// @return who shows it; nobody where it is none of those known
    Caller caller(@Nullable String authorization) {
        byte[] shown = digest(canonical(authorization));
        Caller caller = Caller.NOBODY;
        for (Known each : known) {
            if (MessageDigest.isEqual(shown, each.digest)) {
                caller = each.caller;
            }
        }
        return caller;
    }

    /// @return scheme in small letters, a blank, and the token or `name:password`; empty where it is neither
    private static String canonical(@Nullable String authorization) {
        String header = authorization == null ? "" : authorization.strip();
        String start = header.substring(0, Math.min(header.length(), BEARER.length())).toLowerCase(Locale.ROOT);
        if (start.equals(BEARER)) {
            return BEARER + header.substring(BEARER.length()).strip();
        }
        if (!start.startsWith(BASIC)) {
            return "";
        }
        try {
            return BASIC + new String(Base64.getDecoder().decode(header.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Nothing of what they are.
    @Override
    public String toString() {
        return known.size() + " credentials";
    }
}
