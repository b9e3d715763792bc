package io.gatecast.app.secure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An authority and what it signs, made by the JDK's keytool: a certificate for 127.0.0.1 that holds, one that has expired,
/// one of a client by the name of `job`, and the truststore that believes them.
record Certificates(Path truststore, Path valid, Path expired, Path client) {
    static final String PASSWORD = "secret-of-the-test";

    static Certificates make(Path folder) throws IOException {
        Path authority = folder.resolve("authority.p12"), certificate = folder.resolve("authority.pem");
        keytool(authority, "-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=test authority", "-ext",
                "bc:c",
                "-startdate", "-30d", "-validity", "90");
        keytool(authority, "-exportcert", "-alias", "ca", "-rfc", "-file", certificate.toString());
        Path truststore = folder.resolve("trust.p12");
        keytool(truststore, "-importcert", "-alias", "ca", "-noprompt", "-file", certificate.toString());
        return new Certificates(truststore, signed(folder, "127.0.0.1", authority, certificate, "-1d", "30"),
                signed(folder, "expired", authority, certificate, "-10d", "5"),
                signed(folder, "job", authority, certificate, "-1d", "30"));
    }

    private static Path signed(Path folder, String name, Path authority, Path certificate, String from, String days)
            throws IOException {
        Path store = folder.resolve(name + ".p12"), request = folder.resolve(name + ".csr");
        Path answer = folder.resolve(name + ".pem");
        keytool(store, "-genkeypair", "-alias", "broker", "-keyalg", "EC", "-dname", "CN=" + name);
        keytool(store, "-certreq", "-alias", "broker", "-file", request.toString());
        keytool(authority, "-gencert", "-alias", "ca", "-rfc", "-infile", request.toString(), "-outfile",
                answer.toString(), "-ext", "san=ip:127.0.0.1", "-startdate", from, "-validity", days);
        Files.writeString(answer, Files.readString(answer) + Files.readString(certificate));
        keytool(store, "-importcert", "-alias", "broker", "-noprompt", "-file", answer.toString());
        return store;
    }

    /// @return what a server that shows this certificate speaks TLS with
    static SSLContext server(Path keystore) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(Path store, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool")
                .toString(), "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in keytool", e);
        }
    }
}
