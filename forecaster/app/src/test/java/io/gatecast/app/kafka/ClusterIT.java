package io.gatecast.app.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterIT {
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    @Test
    void aTopicThatIsThereStaysAsItIs() throws IOException {
        try (Cluster cluster = Cluster.connect(at(broker.bootstrapServers()))) {
            cluster.createMissing(List.of(new NewTopic("there", 3, (short) 1)));
            cluster.createMissing(List.of(new NewTopic("there", 5, (short) 1), new NewTopic("new", 2, (short) 1)));

            assertEquals(3, cluster.partitions("there"));
            assertEquals(2, cluster.partitions("new"));
        }
    }

    @Test
    void aTopicThatDoesNotExistIsNamed() throws IOException {
        try (Cluster cluster = Cluster.connect(at(broker.bootstrapServers()))) {
            IOException e = assertThrows(IOException.class, () -> cluster.partitions("nowhere"));
            assertEquals("topic nowhere does not exist on " + broker.bootstrapServers()
                    + ": create it, or check its name", e.getMessage());
        }
    }

    @Test
    @Timeout(20)
    void aBrokerThatDoesNotAnswerIsNamedWithinSeconds() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        IOException e = assertThrows(IOException.class, () -> Cluster.connect(at("127.0.0.1:" + port)));
        assertEquals("bootstrap.servers: no Kafka broker answers at 127.0.0.1:" + port
                + " within 10 s: check that it runs, and its address", e.getMessage());
    }

    @Test
    void settingsThatKafkaRefusesAreNamed() {
        IOException e = assertThrows(IOException.class, () -> Cluster.connect(at("no port")));
        assertEquals("Kafka's client does not accept its settings: "
                + "Invalid url in bootstrap.servers: no port", e.getMessage());
    }

    private static StreamsSettings at(String servers) {
        return StreamsSettings.of(Map.of("bootstrap.servers", servers, "schema.registry.url", "mock://unused"));
    }
}
