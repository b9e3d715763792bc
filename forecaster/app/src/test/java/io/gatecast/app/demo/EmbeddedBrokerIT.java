package io.gatecast.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedBrokerIT {
    @TempDir
    Path parent;

    @Test
    void aReaderOfCommittedRecordsSeesCommittedTransactionsOnly() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, parent)) {
            String servers = broker.bootstrapServers();
            createTopic(servers, "numbers");
            try (var producer = new KafkaProducer<>(
                    Map.<String, Object>of("bootstrap.servers", servers, "transactional.id", "writer"),
                    new StringSerializer(), new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("numbers", "k", "dropped"));
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("numbers", "k", "kept"));
                producer.commitTransaction();
            }
            assertEquals(List.of("kept"), read(servers, "numbers"));
        }
    }

    @Test
    void itStopsAtOnceAndLeavesNothingBehind() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, parent);
        assertTrue(Files.exists(broker.folder()));

        broker.close();

        assertFalse(broker.process().isAlive());
        assertEquals(List.of(), contents(parent));
    }

    @Test
    void itDiesWithAParentThatIsKilled() throws Exception {
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Parent.class.getName(), parent.toString());
        Process killed = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        ProcessHandle broker;
        try (BufferedReader output = killed.inputReader()) {
            broker = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
        }
        assertTrue(broker.isAlive());

        killed.destroyForcibly(); // SIGKILL: it has no chance to clean up

        broker.onExit().get(30, TimeUnit.SECONDS);
        assertEquals(List.of(), contents(parent));
    }

    /// Starts a broker, says its process id and waits to be killed.
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws IOException {
            EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, Path.of(arguments[0]));
            System.out.println(broker.process().pid());
            int end = System.in.read();
            broker.close();
            System.exit(end);
        }
    }

    @Test
    void itListensOnThePortThatIsAskedFor() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(port, parent)) {
            assertEquals("127.0.0.1:" + port, broker.bootstrapServers());
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            IOException e = assertThrows(IOException.class, () -> EmbeddedBroker.start(port, parent));
            assertEquals("port " + port + " on 127.0.0.1 is in use: stop what listens there or choose another port",
                    e.getMessage());
        }
        assertEquals(List.of(), contents(parent));
    }

    @Test
    void aFolderThatCannotBeWrittenToIsNamed() {
        Path nowhere = parent.resolve("nowhere");
        IOException e = assertThrows(IOException.class,
                () -> EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, nowhere));
        assertEquals(
                nowhere + ": the broker cannot make its temporary folder there: free or unlock it, or name another "
                        + "folder with GATECAST_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
                e.getMessage());
    }

    private static void createTopic(String servers, String name) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    private static List<String> read(String servers, String topic) {
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", servers, "group.id", "reader", "auto.offset.reset",
                        "earliest", "isolation.level", "read_committed"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.isEmpty()) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
                    values.add(each.value());
                }
            }
        }
        return values;
    }

    private static List<Path> contents(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        }
    }
}
