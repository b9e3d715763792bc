package io.gatecast.app.secure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// As much of an OAuth 2.0 authorisation server as client credentials need (RFC 6749, 4.4): whoever knows the secret of the
/// client `job` gets a token in its name, signed by RS256 (RFC 7515).
final class TokenServer implements AutoCloseable {
    static final String SECRET = "secret of job";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int SECONDS_TO_LIVE = 600;

    private final HttpServer server;
    private final KeyPair keys;
    private volatile String audience = "kafka";

    private TokenServer(HttpServer server, KeyPair keys) {
        this.server = server;
        this.keys = keys;
    }

    static TokenServer start() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            TokenServer tokens = new TokenServer(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                    generator.generateKeyPair());
            tokens.server.createContext("/token", tokens::answer);
            tokens.server.start();
            return tokens;
        } catch (GeneralSecurityException e) {
            throw new IOException("every JDK has RSA", e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /// From now on tokens are for somebody else.
    void issueFor(String other) {
        audience = other;
    }

    /// @return what a broker checks tokens with (RFC 7517)
    String publicKeys() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"1\",\"n\":\""
                + unsigned(key.getModulus()) + "\",\"e\":\"" + unsigned(key.getPublicExponent()) + "\"}]}";
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return BASE64.encodeToString(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String login = "Basic " + Base64.getEncoder().encodeToString(("job:" + SECRET).getBytes(UTF_8));
        boolean known = login.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = (known
                ? "{\"access_token\":\"" + token() + "\",\"token_type\":\"Bearer\",\"expires_in\":" + SECONDS_TO_LIVE
                        + "}"
                : "{\"error\":\"invalid_client\"}").getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(known ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String token() throws IOException {
        long now = Instant.now().getEpochSecond();
        String content = base64("{\"alg\":\"RS256\",\"kid\":\"1\"}") + "." + base64("{\"sub\":\"job\",\"aud\":\""
                + audience + "\",\"iat\":" + now + ",\"exp\":" + (now + SECONDS_TO_LIVE) + "}");
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(content.getBytes(UTF_8));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException("a token cannot be signed", e);
        }
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
