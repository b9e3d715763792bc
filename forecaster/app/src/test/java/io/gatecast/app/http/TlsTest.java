package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.query.Found;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TLS by PEM files, towards clients and between instances.
@Timeout(60)
class TlsTest {
    private static final String TOKEN = "read-token-0123456789";

    @TempDir
    static Path folder;
    private static Path chain;
    private static Path key;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = folder.resolve("own.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", "own", "-keyalg", "EC", "-dname", "CN=gatecast",
                "-ext", "san=ip:127.0.0.1", "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass",
                "of-the-test").redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        KeyStore read = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            read.load(in, "of-the-test".toCharArray());
        }
        chain = pem("chain.pem", "CERTIFICATE", read.getCertificate("own").getEncoded());
        key = pem("key.pem", read.getKey("own", "of-the-test".toCharArray()));
    }

    private static Path pem(String name, Key secret) throws IOException {
        return pem(name, "PRIVATE KEY", secret.getEncoded());
    }

    private static Path pem(String name, String kind, byte[] content) throws IOException {
        return Files.writeString(folder.resolve(name), "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind + "-----\n");
    }

    private static HttpSettings http(String... keysAndValues) {
        Map<String, String> keys = new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url",
                "mock://tls", "gatecast.http.port", "0", "gatecast.http.tokens.read", TOKEN,
                "gatecast.http.tls.certificate", chain.toString(), "gatecast.http.tls.key", key.toString()));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return HttpSettings.of(StreamsSettings.of(keys), OptionalInt.empty()).orElseThrow();
    }

    @Test
    void clientsAndInstancesSpeakTls() throws Exception {
        HttpSettings settings = http();
        FakeFleet here = new FakeFleet("a"), there = new FakeFleet("far");
        try (ApiServer one = ApiServer.start(settings);
                ApiServer other = ApiServer.start(settings);
                HttpClient client = HttpClient.newBuilder().sslContext(Objects.requireNonNull(settings.tls()).client())
                        .build();
                HttpClient stranger = HttpClient.newHttpClient()) {
            one.attach(here.of(one));
            other.attach(there.of(other));
            here.tell("far", new Found.Elsewhere(other.address()));
            assertTrue(one.url().startsWith("https://127.0.0.1:"));
            HttpResponse<String> response = client.send(request(one.url() + "/series/far"), BodyHandlers.ofString());
            assertEquals(200, response.statusCode(), response.body());
            assertTrue(response.body().startsWith("{\"id\":\"far\""), response.body());
            assertEquals("max-age=31536000", response.headers().firstValue("Strict-Transport-Security").orElse(""));
            assertEquals("TLSv1.3", response.sslSession().orElseThrow().getProtocol());
            assertThrows(SSLHandshakeException.class,
                    () -> stranger.send(request(one.url() + "/series/a"), BodyHandlers.ofString()));
            assertThrows(IOException.class,
                    () -> stranger.send(request("http://" + one.address() + "/series/a"), BodyHandlers.ofString()));
        }
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + TOKEN).build();
    }

    @Test
    void filesThatMakeNoTlsAreRefusedWithASentence() throws Exception {
        Path other = pem("other.pem", KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate());
        Path rsa = pem("rsa.pem", KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate());
        for (Path wrong : new Path[]{other, rsa}) {
            assertEquals("gatecast.http.tls.key: " + wrong + " is not the key of the first certificate in " + chain,
                    refusal("gatecast.http.tls.key", wrong.toString()));
        }
        assertEquals("gatecast.http.tls.key: expected a key in PKCS #8 without a password in " + chain
                + ": openssl pkcs8 -topk8 -nocrypt makes one", refusal("gatecast.http.tls.key", chain.toString()));
        assertTrue(refusal("gatecast.http.tls.certificate", key.toString())
                .startsWith("gatecast.http.tls.certificate: " + key + " cannot be read as PEM certificates: "));
        assertTrue(refusal("gatecast.http.tls.trust", folder.resolve("none.pem").toString())
                .startsWith("gatecast.http.tls.trust: " + folder.resolve("none.pem") + " cannot be read"));
    }

    private static String refusal(String... keysAndValues) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> http(keysAndValues)).getMessage());
    }
}
