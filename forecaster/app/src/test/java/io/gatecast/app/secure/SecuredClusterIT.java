package io.gatecast.app.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.alerts.AlertDelivery;
import io.gatecast.app.chaos.SchemaServer;
import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.Grants.Role;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
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
    @TempDir
    static Path folder;
    private static SecuredBroker broker;
    private static Path history;
    private static Path model;

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredBroker.start(folder);
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
        broker.close();
    }

    private static String run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
        return String.join("\n", run.out());
    }

    @Test
    void theWholeJobRunsWithWhatIsListedAndNothingBesides() throws Exception {
        Path topics = broker.allow("job", Role.TOPICS), publish = broker.allow("job", Role.PUBLISH);
        Path produce = broker.allow("job", Role.PRODUCE), instance = broker.allow("job", Role.RUN);
        Path replay = broker.allow("job", Role.REPLAY), operate = broker.allow("job", Role.OPERATE);
        Path learn = broker.allow("job", Role.LEARN);
        Path deliver = broker.allow("job", Role.DELIVER, "gatecast.alerts.webhook.url=http://127.0.0.1:9/nobody",
                "gatecast.alerts.webhook.attempts=1", "auto.offset.reset=earliest");

        run("topics", "create", "--config", topics.toString(), "--partitions", "2");
        run("models", "publish", model.toString(), "--config", publish.toString());
        try (StreamsRunner runner = StreamsRunner.start(StreamsSettings.load(instance))) {
            run("produce", "--data", history.toString(), "--interval", "1m", "--topic", "job-observations", "--config",
                    produce.toString());
            await(() -> runner.metrics().accepted() == 150);
            assertTrue(run("models", "list", "--config", publish.toString()).contains("default/1"));
            assertTrue(run("dead-letters", "replay", "--config", replay.toString()).contains("Sent again: 0."));
        }
        run("alerts", "mute", "pump-.*", "--to", "2099-01-01", "--reason", "test", "--config", operate.toString());
        assertTrue(run("alerts", "list", "--config", operate.toString()).contains("pump-.*"));
        run("alerts", "labels", "--config", operate.toString());
        run("train", "--topic", "job-observations", "--labels", "topic", "--interval", "1m", "--seasonality", "12",
                "--horizon", "4", "--hidden", "4", "--epochs", "1", "--output", folder.resolve("n.avro").toString(),
                "--config", learn.toString());
        anomaly(StreamsSettings.load(instance));
        try (AlertDelivery delivery = AlertDelivery.start(StreamsSettings.load(deliver))) {
            // Nobody is at that port. The instance, too, has told of anomalies: how many is not what is asked here.
            await(() -> delivery.told().getFirst().undelivered() > 0);
        }
        Run check = Gatecasts.run("topics", "check", "--config", topics.toString());
        assertEquals("10 topics, 0 wrong, 0 weak.", check.out().getLast());

        Run wrongHands = Gatecasts.run("models", "publish", model.toString(), "--config", produce.toString());
        assertEquals(1, wrongHands.status());
        assertTrue(wrongHands.err().matches("gatecast: Kafka at \\S+ does not allow it: .*Topic authorization failed.*:"
                + " `gatecast topics acls` tells what has to be allowed\\s*"), wrongHands.err());
    }

    /// As an instance would write it.
    private static void anomaly(StreamsSettings settings) throws Exception {
        Anomaly anomaly = new Anomaly("episode", Phase.OPENED, Instant.EPOCH, 0, 9.0, 5.0, 4.0, 6.0, 0.999,
                Severity.MAJOR, "default", 1, Kind.SPIKE, List.of());
        Map<String, Object> properties = settings.producerProperties();
        try (Registry registry = Registry.connect(settings.registry());
                var producer = new KafkaProducer<>(properties, new StringSerializer(),
                        new AvroSerde<>(registry, settings.topics().anomalies(), Anomaly.class).serializer())) {
            producer.send(new ProducerRecord<>(settings.topics().anomalies(), "pump", anomaly)).get();
        }
    }

    @Test
    void theJobRunsWithCertificatesOfBothSides() throws Exception {
        Path config = broker.mutualConfig("mutual", "mutual", broker.certificates.client());
        theJobRuns("mutual", "User:CN=job", config);
    }

    @Test
    void theJobRunsWithTokens() throws Exception {
        theJobRuns("tokens", "User:job", broker.oauthConfig("tokens", "tokens", TokenServer.SECRET,
                broker.tokens.url()));
    }

    @Test
    void theJobRunsWithARegistryThatWantsTlsAndALogin() throws Exception {
        try (SchemaServer registry = SchemaServer.secured(Certificates.server(broker.certificates.valid()),
                "job:registry-secret")) {
            Path config = registryConfig("registered", "registered", registry, "job:registry-secret");
            theJobRuns("registered", "User:CN=job", config);

            Run wrong = Gatecasts.run("models", "list", "--config",
                    registryConfig("registered", "guessed", registry, "job:guessed").toString());
            assertEquals(1, wrong.status());
            assertTrue(wrong.err().matches("gatecast: schema registry " + registry.url() + ": cannot register the"
                    + " schema of subject registered-models-value: it refuses these credentials \\(HTTP 401\\);"
                    + " check basic.auth.\\* or bearer.auth.\\*\\s*"), wrong.err());
        }
    }

    /// A client whose registry speaks TLS.
    private static Path registryConfig(String application, String name, SchemaServer registry, String login)
            throws IOException {
        Path config = broker.mutualConfig(application, name, broker.certificates.client());
        return Files.writeString(config, Files.readString(config).replace("schema.registry.url=mock://" + application,
                """
                        schema.registry.url=%s
                        basic.auth.credentials.source=USER_INFO
                        basic.auth.user.info=%s
                        schema.registry.ssl.truststore.location=%s
                        schema.registry.ssl.truststore.password=%s"""
                        .formatted(registry.url(), login, broker.certificates.truststore(), Certificates.PASSWORD)));
    }

    @Test
    @Timeout(30)
    void anExpiredCertificateOfTheRegistryIsOneSentence() throws Exception {
        try (SchemaServer registry = SchemaServer.secured(Certificates.server(broker.certificates.expired()),
                "job:registry-secret")) {
            Path config = registryConfig("late", "late", registry, "job:registry-secret");
            allowAll("late", "User:CN=job", config);
            long begun = System.nanoTime();

            Run run = Gatecasts.run("models", "list", "--config", config.toString());

            assertEquals(1, run.status());
            assertTrue(run.err().matches("gatecast: schema registry " + registry.url() + ": cannot register the schema"
                    + " of subject late-models-value: no trusted connection: NotAfter: .*; check its certificate and"
                    + " schema.registry.ssl.\\*\\s*"), run.err());
            assertTrue(System.nanoTime() - begun < 12_000_000_000L, "asked again, as if it could change");
        }
    }

    /// Topics, a model, an instance, observations: all by one client.
    private static void theJobRuns(String application, String principal, Path config) throws Exception {
        allowAll(application, principal, config);
        run("topics", "create", "--config", config.toString(), "--partitions", "1");
        run("models", "publish", model.toString(), "--config", config.toString());
        try (StreamsRunner runner = StreamsRunner.start(StreamsSettings.load(config))) {
            run("produce", "--data", history.toString(), "--interval", "1m", "--topic", application + "-observations",
                    "--config", config.toString());
            await(() -> runner.metrics().accepted() == 150);
        }
    }

    private static void allowAll(String application, String principal, Path config) throws Exception {
        for (Role role : List.of(Role.TOPICS, Role.PUBLISH, Role.PRODUCE, Role.RUN)) {
            broker.allow(principal, config, role, grant -> true);
        }
    }

    @Test
    @Timeout(60)
    void whoeverShowsNoCertificateOrAnExpiredOneIsToldSo() throws Exception {
        String told = "gatecast: no trusted connection to Kafka at " + broker.mutual().replace(".", "\\.")
                + ": .*%s.*: check the certificates, here and there, and ssl.\\*\\s*";
        for (var each : Map.of("nameless", "certificate_required|bad_certificate", "stale",
                "certificate_expired|certificate_unknown").entrySet()) {
            Path config = broker.mutualConfig("refused", each.getKey(),
                    each.getKey().equals("stale") ? broker.certificates.expired() : null);

            Run run = Gatecasts.run("run", "--config", config.toString());

            assertEquals(1, run.status());
            assertTrue(run.err().matches(told.formatted("(" + each.getValue() + ")")), run.err());
        }
    }

    @Test
    @Timeout(60)
    void whoeverGetsNoTokenOrOneForOthersIsToldSo() throws Exception {
        String url = broker.tokens.url(), nobody = "http://127.0.0.1:9/token";
        String at = "gatecast: no login at Kafka's " + broker.oauth() + ": ";
        assertEquals(at + "The response code 401 and error response {\"invalid_client\" - } was encountered reading the"
                + " token endpoint response; will not attempt further retries: check sasl.*",
                refused("secretless", "guessed", url));
        assertTrue(refused("forbidden", TokenServer.SECRET, nobody).endsWith("Update the system property"
                + " 'org.apache.kafka.sasl.oauthbearer.allowed.urls' to allow the URL to be accessed."));
        System.setProperty(SecuredBroker.ALLOWED + "urls", url + "," + nobody);
        String away = refused("astray", TokenServer.SECRET, nobody);
        assertTrue(away.startsWith(at) && away.endsWith(": check sasl.*"), away);
        broker.tokens.issueFor("somebody else");
        try {
            assertEquals("gatecast: Kafka at " + broker.oauth() + " refuses the login: {\"status\":\"invalid_token\"}:"
                    + " check security.protocol, sasl.* and ssl.*", refused("other", TokenServer.SECRET, url));
        } finally {
            broker.tokens.issueFor("kafka");
        }
    }

    private static String refused(String name, String secret, String url) throws IOException {
        Run run = Gatecasts.run("run", "--config", broker.oauthConfig("untold", name, secret, url).toString());
        assertEquals(1, run.status());
        return run.err().strip();
    }

    @Test
    void aLeaveThatIsTakenBackStopsAnInstanceWithASentence() throws Exception {
        Path config = broker.allow("back", Role.RUN), topics = broker.allow("back", Role.TOPICS);
        Path publish = broker.allow("back", Role.PUBLISH);
        run("topics", "create", "--config", topics.toString(), "--partitions", "1");
        run("models", "publish", model.toString(), "--config", publish.toString());
        try (StreamsRunner runner = StreamsRunner.start(StreamsSettings.load(config))) {
            broker.forbid(config, Role.RUN, "User:back-RUN");
            String told = String.valueOf(assertThrows(IOException.class, runner::awaitStop).getMessage());
            assertTrue(told.endsWith(": `gatecast topics acls` tells what has to be allowed"), told);
        }
    }

    @Test
    void aMissingGroupStopsAnInstanceWithASentence() throws Exception {
        Path topics = broker.allow("group", Role.TOPICS), publish = broker.allow("group", Role.PUBLISH);
        Path instance = broker.allow("group", Role.RUN, grant -> !grant.name().equals("group"));
        run("topics", "create", "--config", topics.toString(), "--partitions", "1");
        run("models", "publish", model.toString(), "--config", publish.toString());

        Run run = Gatecasts.run("run", "--config", instance.toString());

        assertEquals(1, run.status());
        assertEquals("gatecast: Not authorized to access group: group: `gatecast topics acls` tells what has to be"
                + " allowed", run.err().strip());
    }

    @Test
    void aMissingTransactionalIdStopsAnInstanceWithASentence() throws Exception {
        Path topics = broker.allow("txn", Role.TOPICS), publish = broker.allow("txn", Role.PUBLISH);
        Path instance = broker.allow("txn", Role.RUN, grant -> grant.type() != ResourceType.TRANSACTIONAL_ID);
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
        Path config = broker.allow("login", Role.RUN);
        broker.jaas("login-RUN", "guessed");

        Run run = Gatecasts.run("run", "--config", config.toString());

        assertEquals(1, run.status());
        assertEquals("gatecast: Kafka at " + broker.scram()
                + " refuses the login: Authentication failed during"
                + " authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512: check security.protocol,"
                + " sasl.* and ssl.*", run.err().strip());
    }

    @Test
    @Timeout(30)
    void anExpiredCertificateIsOneSentence() throws Exception {
        try (ServerSocket expired = listen(broker.certificates.expired())) {
            Path config = broker.scramConfig("expired", Role.RUN);
            String at = "127.0.0.1:" + expired.getLocalPort();
            Files.writeString(config, Files.readString(config).replace(broker.scram(), at));

            Run run = Gatecasts.run("run", "--config", config.toString());

            assertEquals(1, run.status());
            assertTrue(run.err().matches("gatecast: no trusted connection to Kafka at " + at + ": NotAfter: .*:"
                    + " check the certificates, here and there, and ssl.*\\s*"), run.err());
        }
    }

    @Test
    void aSecretThatIsNotThereIsNamedAndNothingOfTheOthersIsTold() throws Exception {
        Path config = broker.scramConfig("lost", Role.RUN);
        Files.delete(broker.secrets("lost-RUN").resolve("jaas"));
        String refused = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> StreamsSettings.load(config)).getMessage());
        assertTrue(refused.startsWith(config + ":7: sasl.jaas.config: ${directory:"), refused);
        assertTrue(refused.endsWith("there is no such thing; check path and name"), refused);
    }

    /// A broker as far as its certificate: whoever looks at it goes.
    private static ServerSocket listen(Path keystore) throws IOException, GeneralSecurityException {
        SSLContext context = Certificates.server(keystore);
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
