package io.gatecast.app.secure;

import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.streams.Grants;
import io.gatecast.streams.Grants.Grant;
import io.gatecast.streams.Grants.Role;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;

/// A broker with an authoriser that denies what is not listed, and a door for each kind of login:
///
///     scram    SASL_SSL, SCRAM-SHA-512, and PLAIN for its admin
///     mutual   SSL, where a client shows a certificate
///     oauth    SASL_SSL, OAUTHBEARER: tokens that a [TokenServer] has signed, for the audience `kafka`
///
/// One broker, since each takes two seconds to start.
final class SecuredBroker implements AutoCloseable {
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"%s\" password=\"%s\";";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"admin\" password=\"admin-secret\"";
    private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.";
    static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.";

    final Certificates certificates;
    final TokenServer tokens;
    private final Path folder;
    private final EmbeddedBroker broker;
    private final List<Integer> ports;
    private final Admin admin;

    private SecuredBroker(Path folder) throws IOException {
        this.folder = folder;
        certificates = Certificates.make(folder);
        tokens = TokenServer.start();
        ports = freePorts(4);
        Path keys = Files.writeString(folder.resolve("jwks.json"), tokens.publicKeys());
        broker = EmbeddedBroker.start(ports.getFirst(), folder, List.of("-D" + ALLOWED + "urls=" + keys.toUri(),
                "-D" + ALLOWED + "files=" + keys,
                "listeners=PLAINTEXT://%s,MUTUAL://%s,OAUTH://%s,CONTROLLER://%s".formatted(scram(), mutual(), oauth(),
                        at(3)),
                "controller.quorum.voters=1@" + at(3),
                "listener.security.protocol.map=PLAINTEXT:SASL_SSL,MUTUAL:SSL,OAUTH:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512", "sasl.mechanism.inter.broker.protocol=PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config=" + PLAIN + " user_admin=\"admin-secret\";",
                "listener.name.plaintext.scram-sha-512.sasl.jaas.config="
                        + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "listener.name.mutual.ssl.client.auth=required",
                "listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER",
                "listener.name.oauth.oauthbearer.sasl.jaas.config=" + OAUTH + "OAuthBearerLoginModule required;",
                "listener.name.oauth.oauthbearer.sasl.server.callback.handler.class=" + OAUTH
                        + "OAuthBearerValidatorCallbackHandler",
                "listener.name.oauth.sasl.oauthbearer.jwks.endpoint.url=" + keys.toUri(),
                "listener.name.oauth.sasl.oauthbearer.expected.audience=kafka",
                "ssl.keystore.location=" + certificates.valid(), "ssl.keystore.type=PKCS12",
                "ssl.keystore.password=" + Certificates.PASSWORD,
                "ssl.truststore.location=" + certificates.truststore(), "ssl.truststore.type=PKCS12",
                "ssl.truststore.password=" + Certificates.PASSWORD,
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:admin;User:ANONYMOUS"));
        admin = Admin.create(Map.of("bootstrap.servers", scram(), "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN", "sasl.jaas.config", PLAIN + ";", "ssl.truststore.location",
                certificates.truststore().toString(), "ssl.truststore.password", Certificates.PASSWORD));
        // What a user says with GATECAST_JAVA_OPTS: Kafka's clients go nowhere for tokens that is not named so.
        System.setProperty(ALLOWED + "urls", tokens.url());
    }

    /// @param folder of all that it keeps, and its clients' files
    static SecuredBroker start(Path folder) throws IOException {
        return new SecuredBroker(folder);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private String at(int port) {
        return "127.0.0.1:" + ports.get(port);
    }

    String scram() {
        return at(0);
    }

    String mutual() {
        return at(1);
    }

    String oauth() {
        return at(2);
    }

    /// What a client has as its configuration file, secrets referred to by Kafka's ConfigProviders.
    ///
    /// @param name  of the file
    /// @param login how it logs in
    /// @param more  lines besides
    private Path config(String application, String name, String login, String... more) throws IOException {
        Path passwords = Files.writeString(folder.resolve("passwords.properties"),
                "trust=" + Certificates.PASSWORD + "\n");
        return Files.writeString(folder.resolve(name + ".properties"), """
                config.providers=file,directory
                config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
                config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
                %s
                ssl.truststore.location=%s
                ssl.truststore.password=${file:%s:trust}
                schema.registry.url=mock://%s
                application.id=%4$s
                state.dir=%s
                commit.interval.ms=100
                gatecast.topic.observations=%4$s-observations
                gatecast.topic.forecasts=%4$s-forecasts
                gatecast.topic.anomalies=%4$s-anomalies
                gatecast.topic.models=%4$s-models
                gatecast.evaluations.topic=%4$s-evaluations
                gatecast.mutes.topic=%4$s-mutes
                gatecast.labels.topic=%4$s-labels
                %s
                """.formatted(login, certificates.truststore(), passwords, application,
                folder.resolve(name + "-state"), String.join("\n", more)));
    }

    /// One that logs in with a password: one user a role.
    Path scramConfig(String application, Role role, String... more) throws IOException {
        String user = application + "-" + role;
        jaas(user, user + "-secret");
        return config(application, user, """
                bootstrap.servers=%s
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=${directory:%s:jaas}""".formatted(scram(), secrets(user)), more);
    }

    /// Changes what a client has for a password.
    void jaas(String user, String password) throws IOException {
        Files.writeString(Files.createDirectories(secrets(user)).resolve("jaas"), SCRAM.formatted(user, password));
    }

    Path secrets(String user) {
        return folder.resolve(user + "-secrets");
    }

    /// One that shows a certificate.
    ///
    /// @param keystore null = it shows none
    Path mutualConfig(String application, String name, @Nullable Path keystore)
            throws IOException {
        return config(application, name, "bootstrap.servers=" + mutual() + "\nsecurity.protocol=SSL" + (keystore == null
                ? ""
                : "\nssl.keystore.location=" + keystore + "\nssl.keystore.type=PKCS12\nssl.keystore.password="
                        + Certificates.PASSWORD));
    }

    /// One that fetches a token.
    Path oauthConfig(String application, String name, String secret, String url) throws IOException {
        return config(application, name, """
                bootstrap.servers=%1$s
                security.protocol=SASL_SSL
                sasl.mechanism=OAUTHBEARER
                sasl.jaas.config=%2$sOAuthBearerLoginModule required;
                sasl.login.callback.handler.class=%2$sOAuthBearerLoginCallbackHandler
                sasl.oauthbearer.token.endpoint.url=%3$s
                sasl.oauthbearer.client.credentials.client.id=job
                sasl.login.retry.backoff.max.ms=500
                sasl.oauthbearer.client.credentials.client.secret=%4$s""".formatted(oauth(), OAUTH, url, secret));
    }

    /// Makes the user of a role, and allows it what the list says, as far as the filter lets it.
    Path allow(String application, Role role, Predicate<Grant> granted, String... more) throws Exception {
        Path config = scramConfig(application, role, more);
        String user = application + "-" + role;
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user,
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), user + "-secret"))).all().get();
        allow("User:" + user, config, role, granted);
        return config;
    }

    Path allow(String application, Role role, String... more) throws Exception {
        return allow(application, role, grant -> true, more);
    }

    /// Allows somebody what a role needs with some settings.
    void allow(String principal, Path config, Role role, Predicate<Grant> granted) throws Exception {
        List<AclBinding> bindings = new ArrayList<>();
        Grants.of(StreamsSettings.load(config), role).stream().filter(granted)
                .forEach(grant -> grant.bindings(principal).forEach(bindings::add));
        admin.createAcls(bindings).all().get();
    }

    /// Takes back what somebody was allowed.
    void forbid(Path config, Role role, String principal) throws Exception {
        admin.deleteAcls(Grants.of(StreamsSettings.load(config), role).stream()
                .flatMap(grant -> grant.bindings(principal)).map(AclBinding::toFilter).toList()).all().get();
    }

    @Override
    public void close() throws IOException {
        admin.close();
        broker.close();
        tokens.close();
        System.clearProperty(ALLOWED + "urls");
    }
}
