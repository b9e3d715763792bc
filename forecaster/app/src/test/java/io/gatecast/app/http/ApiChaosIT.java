package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.chaos.Instance;
import io.gatecast.app.chaos.SchemaServer;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Three instances, each a process of its own, and one after another is killed by SIGKILL while a client asks for random
/// series: what it hears is right, or not now, or nothing from the one that is dead. Only with `-Pchaos`: it takes a minute,
/// and [ManyInstancesIT] has the same with an instance that leaves in good order.
@EnabledIfSystemProperty(named = "chaos.kills", matches = "[0-9]+")
@Timeout(900)
class ApiChaosIT {
    private static final int INSTANCES = 3;
    private static final int MOST_KILLS = 3;
    private static final int RIGHT_IN_A_ROW = 300;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Instance> instances = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private int right;
    private int putOff;
    private int unheard;

    @AfterEach
    void end() throws InterruptedException {
        for (Instance instance : instances) {
            instance.end();
        }
        client.shutdownNow();
    }

    @Test
    void whoeverIsKilledNoAnswerIsWrong() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, folder,
                List.of("group.min.session.timeout.ms=1000",
                        "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000"));
                SchemaServer registry = new SchemaServer()) {
            String settings = """
                    bootstrap.servers=%s
                    schema.registry.url=%s
                    application.id=killed
                    commit.interval.ms=100
                    num.standby.replicas=1
                    consumer.session.timeout.ms=3000
                    consumer.heartbeat.interval.ms=500
                    producer.transaction.timeout.ms=8000
                    gatecast.http.rate=none
                    """.formatted(broker.bootstrapServers(), registry.url());
            Path config = Files.writeString(folder.resolve("client.properties"), settings);
            StreamsSettings client = StreamsSettings.load(config);
            ManySensors.prepare(folder, client, config);
            for (int i = 0; i < INSTANCES; i++) {
                int port = freePort();
                addresses.add("127.0.0.1:" + port);
                instances.add(Instance.start(folder.resolve("instance-" + i),
                        settings + "gatecast.http.port=" + port + "\n", "256m"));
            }
            ManySensors.observe(client);
            SplittableRandom random = new SplittableRandom(Long.getLong("chaos.seed", 1));
            awaitAllThere();
            int kills = Math.min(MOST_KILLS, Integer.getInteger("chaos.kills", 1));
            for (int kill = 0; kill < kills; kill++) {
                instances.get(kill % INSTANCES).kill(false);
                askUntilAllIsWell(random);
            }
            System.out.printf("ApiChaosIT: %d instances of %d killed; %,d questions answered, all right, %,d put off,"
                    + " %,d to one that was dead%n", kills, INSTANCES, right, putOff, unheard);
            assertTrue(right > kills * RIGHT_IN_A_ROW && putOff + unheard > 0);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /// Before all observations are judged, an answer about fewer is right, too.
    private void awaitAllThere() throws Exception {
        for (String address : addresses) {
            for (int sensor = 0; sensor < ManySensors.SENSORS; sensor++) {
                int asked = sensor;
                await(() -> {
                    try {
                        return ManySensors.isRight(client, address, asked);
                    } catch (AssertionError | IOException notYet) {
                        return false;
                    }
                });
            }
        }
    }

    private void askUntilAllIsWell(SplittableRandom random) throws Exception {
        int inARow = 0;
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (inARow < RIGHT_IN_A_ROW) {
            assertTrue(System.nanoTime() < deadline, instances.getFirst().tail());
            boolean answered = ask(random);
            inARow = answered ? inARow + 1 : 0;
            if (!answered) {
                LockSupport.parkNanos(5_000_000); // as Retry-After would have it, but shorter
            }
        }
    }

    private boolean ask(SplittableRandom random) throws Exception {
        try {
            boolean answered = ManySensors.isRight(client, addresses.get(random.nextInt(INSTANCES)),
                    random.nextInt(ManySensors.SENSORS));
            right += answered ? 1 : 0;
            putOff += answered ? 0 : 1;
            return answered;
        } catch (IOException dead) { // nobody listens, or it was killed in the middle of an answer
            unheard++;
            return false;
        }
    }

    private void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, instances.getFirst().tail());
            LockSupport.parkNanos(20_000_000);
        }
    }
}
