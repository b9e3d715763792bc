package io.gatecast.app.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// The images that tests start, and whether they can be had. `TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX` puts others in their
/// place; their versions are those of the pom. What is started bears the number of this JVM, so that what a killed one leaves can be told and put away.
public final class Containers {
    private static final String KAFKA = "apache/kafka:" + System.getProperty("kafka.version");
    private static final String APICURIO = "apicurio/apicurio-registry:" + System.getProperty("apicurio.version");
    private static final int REGISTRY_PORT = 8080;
    private static final String REGISTRY_PATH = "/apis/ccompat/v7";
    private static final Duration TIME_TO_PULL = Duration.ofMinutes(4);
    private static final int ATTEMPTS = 3;

    private Containers() {}

    /// A broker. Testcontainers copies the script that starts it into the running container, where it is now and then called before it
    /// is closed ("Text file busy"), so there is more than one attempt.
    public static KafkaContainer broker(Network network) {
        return new KafkaContainer(DockerImageName.parse(KAFKA)).withNetwork(network).withLabels(labels())
                .withStartupAttempts(ATTEMPTS);
    }

    /// A real schema registry, which keeps its schemas in memory.
    public static final class Registry implements AutoCloseable {
        private static final String NAME = "registry";
        private final GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(APICURIO))
                .withLabels(labels()).withExposedPorts(REGISTRY_PORT)
                .waitingFor(Wait.forHttp(REGISTRY_PATH + "/subjects").forStatusCode(200));

        public Registry() {
            container.start();
        }

        /// @param network on which other containers find it, too
        public Registry(Network network) {
            container.withNetwork(network).withNetworkAliases(NAME).start();
        }

        /// @return where other containers find it
        public static String innerUrl() {
            return "http://" + NAME + ":" + REGISTRY_PORT + REGISTRY_PATH;
        }

        public String url() {
            return "http://" + container.getHost() + ":" + container.getMappedPort(REGISTRY_PORT) + REGISTRY_PATH;
        }

        @Override
        public void close() {
            container.stop();
        }
    }

    public static Network network() {
        return Network.builder().createNetworkCmdModifier(command -> command.withLabels(labels())).build();
    }

    public static Map<String, String> labels() {
        return Map.of("io.gatecast.jvm", Long.toString(ProcessHandle.current().pid()));
    }

    /// Asks the engine, and fetches what is not there. Testcontainers would try for many minutes.
    ///
    /// @return why containers cannot be started, in one line; empty where they can
    public static Optional<String> missing() throws InterruptedException {
        try {
            if (!docker(Duration.ofSeconds(20), "info")) {
                return Optional.of("no Docker engine answers");
            }
            String prefix = System.getenv().getOrDefault("TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX", "");
            for (String image : List.of(prefix + KAFKA, prefix + APICURIO)) {
                if (!docker(Duration.ofSeconds(20), "image", "inspect", image)
                        && !docker(TIME_TO_PULL, "pull", "-q", image)) {
                    return Optional.of("the image " + image + " is not there and cannot be pulled");
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("there is no docker command");
        }
    }

    /// Finds an image that was built here and that nobody has to pull; Testcontainers gets it under the name that it looks for.
    ///
    /// @return empty where it is not there
    public static Optional<DockerImageName> ours(String image) throws IOException, InterruptedException {
        Duration soon = Duration.ofSeconds(20);
        String prefix = System.getenv().getOrDefault("TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX", "");
        return docker(soon, "image", "inspect", image)
                && (prefix.isEmpty() || docker(soon, "tag", image, prefix + image))
                        ? Optional.of(DockerImageName.parse(image))
                        : Optional.empty();
    }

    /// @return whether it came to an end in time, and a good one
    private static boolean docker(Duration atMost, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder("docker").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.command().addAll(List.of(arguments));
        Process process = command.start();
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
            return false;
        }
        return process.exitValue() == 0;
    }
}
