package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs what is sent, as [Standard Webhooks](https://www.standardwebhooks.com) 1.0 says, so that a receiver verifies it with
/// a library it may have already:
///
///     v1,base64(HMAC-SHA256(secret, id + "." + seconds + "." + body))
///
/// A secret that begins with `whsec_` is base64 behind it; any other is its own UTF-8 bytes.
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String BASE64 = "whsec_";

    private final SecretKeySpec key;

    /// @throws IllegalArgumentException if it is said to be base64 and is none
    Signature(String secret) {
        this.key = new SecretKeySpec(bytes(secret), ALGORITHM);
    }

    private static byte[] bytes(String secret) {
        if (!secret.startsWith(BASE64)) {
            return secret.getBytes(UTF_8);
        }
        try {
            return Base64.getDecoder().decode(secret.substring(BASE64.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "gatecast.alerts.webhook.secret: expected base64 behind " + BASE64 + ": " + e.getMessage(), e);
        }
    }

    /// @param seconds since the epoch, when it is sent
    String of(String id, long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + seconds + ".").getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
