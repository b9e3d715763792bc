package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gatecast.avro.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whose models are taken: those signed by one of some keys, or anybody's. Ed25519 (RFC 8032), of the JDK; keys lie in files as
/// OpenSSL writes them, PKCS #8 and X.509 in PEM.
///
/// @param keys of whom a signature is taken; none = no signature is asked for
public record Trust(List<PublicKey> keys) {
    public static final Trust ANYBODY = new Trust(List.of());
    private static final String ALGORITHM = "Ed25519";
    private static final int COLUMNS = 64;
    private static final Pattern PUBLIC = pem("PUBLIC KEY");
    private static final Pattern PRIVATE = pem("PRIVATE KEY");

    public Trust {
        keys = List.copyOf(keys);
    }

    private static Pattern pem(String what) {
        return Pattern.compile("-----BEGIN " + what + "-----([A-Za-z0-9+/=\\s]+)-----END " + what + "-----");
    }

    /// @param files of public keys, each with one or more
    /// @throws IOException with a sentence
    public static Trust in(List<Path> files) throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        for (Path file : files) {
            int before = keys.size();
            Matcher found = PUBLIC.matcher(text(file));
            while (found.find()) {
                keys.add(publicKey(file, bytes(file, found)));
            }
            if (keys.size() == before) {
                throw new IOException(file + ": expected a public key in PEM (-----BEGIN PUBLIC KEY-----), found none;"
                        + " `gatecast models keygen NAME` makes NAME.pub");
            }
        }
        return new Trust(keys);
    }

    /// @throws IOException with a sentence
    public static PrivateKey signingKey(Path file) throws IOException {
        Matcher found = PRIVATE.matcher(text(file));
        if (!found.find()) {
            throw new IOException(file + ": expected a private key in PEM (-----BEGIN PRIVATE KEY-----), found none;"
                    + " `gatecast models keygen NAME` makes NAME.key");
        }
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(bytes(file, found)));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected an Ed25519 key: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file; `gatecast models keygen NAME` makes a pair of keys");
        }
        return Files.readString(file, US_ASCII);
    }

    private static byte[] bytes(Path file, Matcher pem) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(pem.group(1));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": expected Base64 between the lines of a key: " + e.getMessage(), e);
        }
    }

    private static PublicKey publicKey(Path file, byte[] encoded) throws IOException {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected an Ed25519 key: " + e.getMessage(), e);
        }
    }

    /// @return a new pair
    public static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform of this release has Ed25519", e);
        }
    }

    /// @return a key as its file has it
    public static String pem(PublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    /// As [#pem(PublicKey)].
    public static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(COLUMNS, new byte[]{'\n'}).encodeToString(encoded) + "\n-----END " + what
                + "-----\n";
    }

    /// @return the record with its digest and a signature
    public static Model sign(Model record, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(ModelDigest.of(record));
            return ModelRecords
                    .sealed(Model.newBuilder(record).setSignature(ByteBuffer.wrap(signature.sign())).build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key signs whatever there is", e);
        }
    }

    /// @param where the record was found; a refusal begins with it
    /// @throws ModelRefused if it is not signed by one of the keys, and keys are asked for
    public void require(Model record, String where) {
        if (keys.isEmpty()) {
            return;
        }
        ByteBuffer signature = record.getSignature();
        if (signature == null) {
            throw new ModelRefused(where, "signature: expected one of the " + keys.size() + " trusted keys'"
                    + ", found none; sign the model with `gatecast models sign`, or `publish --sign-with`");
        }
        byte[] bytes = new byte[signature.remaining()];
        signature.duplicate().get(bytes);
        byte[] digest = ModelDigest.of(record);
        if (keys.stream().noneMatch(key -> isBy(key, digest, bytes))) {
            throw new ModelRefused(where, "signature: expected one of the " + keys.size()
                    + " trusted keys' over this model, found another: it was signed by somebody else, or changed since");
        }
    }

    private static boolean isBy(PublicKey key, byte[] digest, byte[] bytes) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(digest);
            return signature.verify(bytes);
        } catch (GeneralSecurityException e) {
            return false; // bytes that are no signature at all
        }
    }
}
