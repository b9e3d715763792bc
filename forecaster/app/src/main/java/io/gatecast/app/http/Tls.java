package io.gatecast.app.http;

import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// What TLS takes, read from PEM files once: `gatecast.http.tls.certificate`, the chain, our own certificate first;
/// `gatecast.http.tls.key`, its private key in PKCS #8 without a password; and, for asking the other instances,
/// `gatecast.http.tls.trust`, the certificates that theirs are signed with (by default the chain itself).
///
/// @param server identity that we show
/// @param client whom we believe when we ask
public record Tls(SSLContext server, SSLContext client) {
    private static final Pattern PRIVATE_KEY = Pattern
            .compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA",
            "EdDSA", "EdDSA");
    private static final char[] IN_MEMORY = new char[0];

    /// @param http the keys under `gatecast.http.`
    /// @return null where none is wanted
    /// @throws IllegalArgumentException with a sentence that names the key and the file
    static @Nullable Tls of(Map<String, String> http) {
        String chain = http.get(StreamsSettings.HTTP_CERTIFICATE), key = http.get(StreamsSettings.HTTP_KEY);
        String trust = http.get(StreamsSettings.HTTP_TRUST);
        if (chain == null && key == null && trust == null) {
            return null;
        }
        if (chain == null || key == null) {
            throw new IllegalArgumentException((chain == null
                    ? StreamsSettings.HTTP_CERTIFICATE
                    : StreamsSettings.HTTP_KEY)
                    + ": expected a PEM file, as the other of certificate and key is given");
        }
        try {
            Certificate[] certificates = certificates(StreamsSettings.HTTP_CERTIFICATE, chain);
            PrivateKey secret = key(key);
            requirePair(certificates[0].getPublicKey(), secret, chain, key);
            return new Tls(server(certificates, secret),
                    client(trust == null ? certificates : certificates(StreamsSettings.HTTP_TRUST, trust)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_CERTIFICATE + ": no TLS with " + chain + " and "
                    + key + ": " + e.getMessage(), e);
        }
    }

    private static Certificate[] certificates(String key, String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!found.isEmpty()) {
                return found.toArray(Certificate[]::new);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(key + ": " + file + " cannot be read as PEM certificates: "
                    + e.getMessage(), e);
        }
        throw new IllegalArgumentException(key + ": expected PEM certificates in " + file + ", found none");
    }

    /// The file does not say of which kind the key is.
    private static PrivateKey key(String file) throws IOException, GeneralSecurityException {
        Matcher pem = PRIVATE_KEY.matcher(Files.readString(Path.of(file), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_KEY + ": expected a key in PKCS #8 without a"
                    + " password in " + file + ": openssl pkcs8 -topk8 -nocrypt makes one");
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String kind : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                continue;
            }
        }
        throw new IllegalArgumentException(
                StreamsSettings.HTTP_KEY + ": expected an RSA, EC or Ed25519 key in " + file + ", found another");
    }

    /// Otherwise every handshake would fail, and only the clients would say so.
    private static void requirePair(PublicKey open, PrivateKey secret, String chain, String key)
            throws GeneralSecurityException {
        byte[] sample = {1, 2, 3};
        boolean fits = open.getAlgorithm().equals(secret.getAlgorithm());
        if (fits) {
            Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(secret.getAlgorithm(), "EdDSA"));
            signature.initSign(secret);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(sample);
            fits = signature.verify(signed);
        }
        if (!fits) {
            throw new IllegalArgumentException(StreamsSettings.HTTP_KEY + ": " + key
                    + " is not the key of the first certificate in " + chain);
        }
    }

    private static SSLContext server(Certificate[] chain, PrivateKey key)
            throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        store.setKeyEntry("own", key, IN_MEMORY, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, IN_MEMORY);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext client(Certificate[] believed) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        for (int i = 0; i < believed.length; i++) {
            store.setCertificateEntry("believed-" + i, believed[i]);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, IN_MEMORY);
        return store;
    }
}
