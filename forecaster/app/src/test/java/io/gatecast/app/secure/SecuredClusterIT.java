package io.gatecast.app.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.streams.Grants;
import io.gatecast.streams.Grants.Grant;
import io.gatecast.streams.Grants.Role;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole job on a cluster with TLS, SCRAM and an authoriser that denies what is not listed: each kind of client is
/// somebody else, who is allowed what [Grants] lists and nothing besides. Passwords lie in files and folders, referred to
/// by Kafka's ConfigProviders.
@Timeout(180)
class SecuredClusterIT {
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"%s\" password=\"%s\";";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"admin\" password=\"admin-secret\"";

    @TempDir
    static Path folder;
    private static Certificates certificates;
    private static EmbeddedBroker broker;
    private static Admin admin;
    private static Path history;
    private static Path model;

    @BeforeAll
    static void start() throws Exception {
        certificates = Certificates.make(folder);
        broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, folder, List.of(
                "listener.security.protocol.map=PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512", "sasl.mechanism.inter.broker.protocol=PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config=" + PLAIN + " user_admin=\"admin-secret\";",
                "listener.name.plaintext.scram-sha-512.sasl.jaas.config="
                        + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "ssl.keystore.location=" + certificates.valid(), "ssl.keystore.type=PKCS12",
                "ssl.keystore.password=" + Certificates.PASSWORD,
                "ssl.truststore.location=" + certificates.truststore(), "ssl.truststore.type=PKCS12",
                "ssl.truststore.password=" + Certificates.PASSWORD,
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:admin;User:ANONYMOUS"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers(), "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN", "sasl.jaas.config", PLAIN + ";", "ssl.truststore.location",
                certificates.truststore().toString(), "ssl.truststore.password", Certificates.PASSWORD));
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            rows.append("pump,").append(1_767_225_600_000L + t * 60_000L).append(',').append(10 + t % 12).append('\n');
        }
        history = Files.writeString(folder.resolve("history.csv"), rows.toString());
        model = folder.resolve("m.avro");
        run("train", "--data", history.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4",
                "--hidden", "4", "--epochs", "1", "--output", model.toString(), "--id", "default");
    }

    @AfterAll
    static void stop() throws IOException {
        admin.close();
        broker.close();
    }

    private static String run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
        return String.join("\n", run.out());
    }

    /// What a client has as its configuration file: one application a test, one user a role.
    private static Path config(String application, Role role) throws IOException {
        String user = application + "-" + role;
        Path secrets = Files.createDirectories(folder.resolve(user + "-secrets"));
        Files.writeString(secrets.resolve("jaas"), SCRAM.formatted(user, user + "-secret"));
        Path passwords = Files.writeString(folder.resolve("passwords.properties"),
                "trust=" + Certificates.PASSWORD + "\n");
        return Files.writeString(folder.resolve(user + ".properties"), """
                config.providers=file,directory
                config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
                config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
                bootstrap.servers=%s
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=${directory:%s:jaas}
                ssl.truststore.location=%s
                ssl.truststore.password=${file:%s:trust}
                schema.registry.url=mock://%s
                application.id=%s
                state.dir=%s
                commit.interval.ms=100
                gatecast.topic.observations=%5$s-observations
                gatecast.topic.forecasts=%5$s-forecasts
                gatecast.topic.anomalies=%5$s-anomalies
                gatecast.topic.models=%5$s-models
                gatecast.evaluations.topic=%5$s-evaluations
                """.formatted(broker.bootstrapServers(), secrets, certificates.truststore(), passwords, application,
                application, folder.resolve(application + "-state")));
    }

    /// Makes the user of a role, and allows it what the list says, as far as the filter lets it.
    private static Path allow(String application, Role role, Predicate<Grant> granted) throws Exception {
        Path config = config(application, role);
        String user = application + "-" + role;
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user,
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), user + "-secret"))).all().get();
        List<AclBinding> bindings = new ArrayList<>();
        Grants.of(StreamsSettings.load(config), role).stream().filter(granted)
                .forEach(grant -> grant.bindings("User:" + user).forEach(bindings::add));
        admin.createAcls(bindings).all().get();
        return config;
    }

    private static Path allow(String application, Role role) throws Exception {
        return allow(application, role, grant -> true);
    }

    @Test
    void theWholeJobRunsWithWhatIsListedAndNothingBesides() throws Exception {
        Path topics = allow("job", Role.TOPICS), publish = allow("job", Role.PUBLISH);
        Path produce = allow("job", Role.PRODUCE), instance = allow("job", Role.RUN);
        Path replay = allow("job", Role.REPLAY);

        run("topics", "create", "--config", topics.toString(), "--partitions", "2");
        run("models", "publish", model.toString(), "--config", publish.toString());
        try (StreamsRunner runner = StreamsRunner.start(StreamsSettings.load(instance))) {
            run("produce", "--data", history.toString(), "--interval", "1m", "--topic", "job-observations", "--config",
                    produce.toString());
            await(() -> runner.metrics().accepted() == 150);
            assertTrue(run("models", "list", "--config", publish.toString()).contains("default/1"));
            assertTrue(run("dead-letters", "replay", "--config", replay.toString()).contains("Sent again: 0."));
        }
        Run check = Gatecasts.run("topics", "check", "--config", topics.toString());
        assertEquals("8 topics, 0 wrong, 0 weak.", check.out().getLast());

        Run wrongHands = Gatecasts.run("models", "publish", model.toString(), "--config", produce.toString());
        assertEquals(1, wrongHands.status());
        assertTrue(wrongHands.err().matches("gatecast: Kafka at \\S+ does not allow it: .*Topic authorization failed.*:"
                + " `gatecast topics acls` tells what has to be allowed\\s*"), wrongHands.err());
    }

    @Test
    void aMissingGroupStopsAnInstanceWithASentence() throws Exception {
        Path topics = allow("group", Role.TOPICS), publish = allow("group", Role.PUBLISH);
        Path instance = allow("group", Role.RUN, grant -> !grant.name().equals("group"));
        run("topics", "create", "--config", topics.toString(), "--partitions", "1");
        run("models", "publish", model.toString(), "--config", publish.toString());

        Run run = Gatecasts.run("run", "--config", instance.toString());

        assertEquals(1, run.status());
        assertEquals("gatecast: Not authorized to access group: group: `gatecast topics acls` tells what has to be"
                + " allowed", run.err().strip());
    }

    @Test
    void aMissingTransactionalIdStopsAnInstanceWithASentence() throws Exception {
        Path topics = allow("txn", Role.TOPICS), publish = allow("txn", Role.PUBLISH);
        Path instance = allow("txn", Role.RUN, grant -> grant.type() != ResourceType.TRANSACTIONAL_ID);
        run("topics", "create", "--config", topics.toString(), "--partitions", "1");
        run("models", "publish", model.toString(), "--config", publish.toString());

        Run run = Gatecasts.run("run", "--config", instance.toString());

        assertEquals(1, run.status());
        assertTrue(run.err().contains("Transactional Id authorization failed") && run.err().strip()
                .endsWith(": `gatecast topics acls` tells what has to be allowed"), run.err());
    }

    @Test
    @Timeout(30)
    void aWrongPasswordIsOneSentence() throws Exception {
        Path config = allow("login", Role.RUN);
        Files.writeString(folder.resolve("login-RUN-secrets/jaas"), SCRAM.formatted("login-RUN", "guessed"));

        Run run = Gatecasts.run("run", "--config", config.toString());

        assertEquals(1, run.status());
        assertEquals("gatecast: Kafka at " + broker.bootstrapServers()
                + " refuses the login: Authentication failed during"
                + " authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512: check security.protocol,"
                + " sasl.* and ssl.*", run.err().strip());
    }

    @Test
    @Timeout(30)
    void anExpiredCertificateIsOneSentence() throws Exception {
        try (ServerSocket expired = listen(certificates.expired())) {
            Path config = config("expired", Role.RUN);
            String at = "127.0.0.1:" + expired.getLocalPort();
            Files.writeString(config, Files.readString(config).replace(broker.bootstrapServers(), at));

            Run run = Gatecasts.run("run", "--config", config.toString());

            assertEquals(1, run.status());
            assertTrue(run.err().matches("gatecast: no trusted connection to Kafka at " + at + ": NotAfter: .*:"
                    + " check the certificates, here and there, and ssl.*\\s*"), run.err());
        }
    }

    @Test
    void aSecretThatIsNotThereIsNamedAndNothingOfTheOthersIsTold() throws Exception {
        Path config = config("lost", Role.RUN);
        Files.delete(folder.resolve("lost-RUN-secrets/jaas"));
        String refused = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> StreamsSettings.load(config)).getMessage());
        assertTrue(refused.startsWith(config + ":7: sasl.jaas.config: ${directory:"), refused);
        assertTrue(refused.endsWith("there is no such thing; check path and name"), refused);
    }

    /// A broker as far as its certificate: whoever looks at it goes.
    private static ServerSocket listen(Path keystore) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            store.load(in, Certificates.PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, Certificates.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        ServerSocket server = context.getServerSocketFactory().createServerSocket(0, 50,
                InetAddress.getByName("127.0.0.1"));
        Thread.ofPlatform().daemon().start(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    ((SSLSocket) client).startHandshake();
                } catch (IOException refused) {
                    LockSupport.parkNanos(1); // as it should be
                }
            }
        });
        return server;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
