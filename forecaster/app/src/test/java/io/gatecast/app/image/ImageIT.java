package io.gatecast.app.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.chaos.Containers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.FrameConsumerResultCallback;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// Our own image as Kubernetes would run it, beside a broker and a real registry in containers: nobody's user, no capability,
/// nothing written but on its volume and /tmp. Forecasts come out, the probes tell the truth, SIGTERM ends it in good order,
/// and another container goes on with the volume.
///
/// Where there is no Docker, or no image, it is skipped, with a line. `deploy/image/build` makes the image.
@Timeout(300)
final class ImageIT {
    private static final String IMAGE = System.getProperty("gatecast.image", "gatecast:0.1.0");
    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /// As the chart and compose give it, at least.
    private static final Duration GRACE = Duration.ofSeconds(40);
    private static final int STEPS = 150;
    /// What Java returns after its hooks have run, 128 + SIGTERM; SIGKILL would be 137.
    private static final long ENDED_BY_SIGTERM = 143;
    private static final String TOKEN = "token-of-the-test";
    private static final String STATE = "gatecast-image-it-" + ProcessHandle.current().pid();

    private final DockerClient docker = DockerClientFactory.lazyClient();
    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;

    @Test
    void theImageForecastsAndEndsInGoodOrder() throws Exception {
        Optional<String> missing = Containers.missing();
        Optional<DockerImageName> image = missing.isPresent() ? Optional.empty() : Containers.ours(IMAGE);
        String why = missing.orElse("there is no image " + IMAGE + ", which deploy/image/build makes");
        if (image.isEmpty()) {
            System.out.println("ImageIT is skipped: " + why);
        }
        assumeTrue(image.isPresent(), why);
        try (Network network = Containers.network();
                KafkaContainer kafka = Containers.broker(network).withListener("kafka:19092")
                        .withEnv("KAFKA_HEAP_OPTS", "-Xms192m -Xmx320m");
                Containers.Registry registry = new Containers.Registry(network)) {
            kafka.start();
            Path config = prepare(kafka, registry);
            runs(image.orElseThrow(), network, config, kafka);
        } finally {
            docker.removeVolumeCmd(STATE).exec();
        }
    }

    /// Topics and a model, by the command line on this side.
    private Path prepare(KafkaContainer kafka, Containers.Registry registry) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x")); // for the image's user
        String text = """
                application.id=image
                state.dir=/state
                group.instance.id=image-1
                commit.interval.ms=200
                gatecast.http.port=%d
                gatecast.http.host=0.0.0.0
                gatecast.http.insecure=warn
                application.server=image-1:8080
                gatecast.http.tokens.read=%s
                """.formatted(PORT, TOKEN);
        Files.writeString(folder.resolve("inside.properties"), text + "bootstrap.servers=kafka:19092\n"
                + "schema.registry.url=" + Containers.Registry.innerUrl() + "\n");
        Path outside = Files.writeString(folder.resolve("outside.properties"), text + "bootstrap.servers="
                + kafka.getBootstrapServers() + "\nschema.registry.url=" + registry.url() + "\n");
        Path history = history(0);
        Path model = folder.resolve("m.avro");
        command("train", "--data", history.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4",
                "--hidden", "8", "--epochs", "1", "--output", model.toString(), "--id", "default");
        command("topics", "create", "--config", outside.toString(), "--partitions", "2", "--replication", "1");
        command("models", "publish", model.toString(), "--config", outside.toString());
        return outside;
    }

    private Path history(int from) throws IOException {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = from; t < from + STEPS; t++) {
            rows.append("pump,").append(1_767_225_600_000L + t * 60_000L).append(',').append(10 + t % 12).append('\n');
        }
        return Files.writeString(folder.resolve("history-" + from + ".csv"), rows.toString());
    }

    private static void command(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }

    private GenericContainer<?> container(DockerImageName image, Network network) {
        return new GenericContainer<>(image).withNetwork(network).withLabels(Containers.labels())
                .withExposedPorts(PORT).withEnv("GATECAST_HEALTH_PORT", Integer.toString(PORT))
                .withTmpFs(Map.of("/tmp", "rw,exec"))
                .waitingFor(Wait.forHttp("/readyz").forStatusCode(200).withStartupTimeout(PATIENCE))
                .withCreateContainerCmdModifier(create -> create.getHostConfig().withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL).withSecurityOpts(List.of("no-new-privileges:true"))
                        .withMemory(1L << 30).withBinds(new Bind(STATE, new Volume("/state")),
                                new Bind(folder.resolve("inside.properties").toString(),
                                        new Volume("/etc/gatecast/gatecast.properties"), AccessMode.ro)));
    }

    private void runs(DockerImageName image, Network network, Path config, KafkaContainer kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.getBootstrapServers()));
                GenericContainer<?> first = container(image, network)) {
            long begun = System.nanoTime();
            first.start();
            long ready = System.nanoTime() - begun;
            isLockedIn(first);
            assertEquals(401, get(first, "/metrics", ""));
            produce(config, 0);
            await(() -> judged(admin) == STEPS, first);
            assertTrue(forecasts(admin) >= STEPS);
            assertEquals(200, get(first, "/healthz", ""));
            assertEquals(200, get(first, "/metrics", TOKEN));
            assertEquals(200, get(first, "/series/pump", TOKEN));
            await(() -> "healthy".equals(docker.inspectContainerCmd(first.getContainerId()).exec().getState()
                    .getHealth().getStatus()), first);

            long ending = System.nanoTime();
            docker.stopContainerCmd(first.getContainerId()).withTimeout((int) GRACE.toSeconds()).exec();
            long ended = System.nanoTime() - ending;
            assertTrue(ended < TimeUnit.SECONDS.toNanos(30), "it took " + ended / 1e9 + " s to end");
            assertEquals(ENDED_BY_SIGTERM,
                    docker.inspectContainerCmd(first.getContainerId()).exec().getState().getExitCodeLong(),
                    first.getLogs());
            assertTrue(first.getLogs().contains("Stopped. " + STEPS + " observations accepted"), first.getLogs());

            try (GenericContainer<?> second = container(image, network)) {
                long again = System.nanoTime();
                second.start();
                long readyAgain = System.nanoTime() - again;
                assertEquals(200, get(second, "/series/pump", TOKEN)); // which was on the volume
                produce(config, STEPS);
                await(() -> judged(admin) == 2 * STEPS, second);
                System.out.printf(
                        "ImageIT: %s, %d MB; ready %.1f s after its start, with a state %.1f s; ended %.1f s after"
                                + " SIGTERM%n",
                        image, docker.inspectImageCmd(IMAGE).exec().getSize() / 1_000_000, ready / 1e9,
                        readyAgain / 1e9, ended / 1e9);
            }
        }
    }

    /// It is nobody in particular, and writes to its volume and to /tmp alone.
    private void isLockedIn(GenericContainer<?> container) throws Exception {
        assertEquals("10001:10001",
                docker.inspectContainerCmd(container.getContainerId()).exec().getConfig().getUser());
        assertEquals(0, shell(container, "[[ $EUID = 10001 ]] && (: > /state/mine) && (: > /tmp/mine)"));
        for (String place : List.of("/opt/gatecast/mine", "/etc/mine", "/mine")) {
            assertNotEquals(0, shell(container, "(: > " + place + ") 2> /dev/null"), place);
        }
        assertEquals(0, shell(container, "compgen -G '/state/image/*' > /dev/null"), "no state on the volume");
    }

    private long shell(GenericContainer<?> container, String script) throws Exception {
        String id = docker.execCreateCmd(container.getContainerId()).withCmd("/bin/bash", "-c", script)
                .withAttachStdout(true).withAttachStderr(true).exec().getId();
        docker.execStartCmd(id).exec(new FrameConsumerResultCallback()).awaitCompletion(20, TimeUnit.SECONDS);
        return docker.inspectExecCmd(id).exec().getExitCodeLong();
    }

    private int get(GenericContainer<?> container, String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + container.getHost() + ":"
                + container.getMappedPort(PORT) + path)).timeout(Duration.ofSeconds(10));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private void produce(Path config, int from) throws IOException {
        command("produce", "--data", history(from).toString(), "--interval", "1m", "--topic", "observations",
                "--config", config.toString());
    }

    private static long judged(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets("image").partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(offset -> offset.offset()).sum();
    }

    /// @return records of their topic, ends of transactions among them
    private static long forecasts(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            latest.put(new TopicPartition("forecasts", partition), OffsetSpec.latest());
        }
        return admin.listOffsets(latest).all().get().values().stream().mapToLong(end -> end.offset()).sum();
    }

    /// What is waited for.
    interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, GenericContainer<?> container) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain:\n" + container.getLogs());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
