package io.gatecast.app.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// The broker's own JVM, started by [EmbeddedBroker]. It answers one line on stdout, [#READY] with its address or a
/// sentence that says what failed, and runs until its stdin ends.
final class BrokerProcess {
    static final String READY = "ready ";
    static final int FAILED = 1;
    static final int PORT_TAKEN = 3;

    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;

    private BrokerProcess() {}

    /// @param arguments port, or 0 for any free one; folder for the data, deleted at the end unless stdin said something;
    ///                  then settings of the broker, as in `num.io.threads=2`
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        Ports ports;
        try {
            ports = Ports.reserve(Integer.parseInt(arguments[0]));
        } catch (IOException e) {
            System.out.println(e.getMessage());
            System.exit(PORT_TAKEN);
            return;
        }
        KafkaRaftServer server = start(ports, folder, List.of(arguments).subList(2, arguments.length));
        AtomicBoolean keep = new AtomicBoolean();
        // The end of stdin and a signal both come to this.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, folder, keep.get()), "stop"));
        System.out.println(READY + HOST + ":" + ports.broker);
        keep.set(System.in.transferTo(OutputStream.nullOutputStream()) > 0);
        System.exit(0);
    }

    /// Two ports that were free a moment ago. The broker cannot be told to pick them itself: it must know the number
    /// under which it finds its own controller.
    private record Ports(int broker, int controller) {
        static Ports reserve(int wanted) throws IOException {
            InetAddress host = InetAddress.getByName(HOST);
            try (ServerSocket broker = new ServerSocket(wanted, 1, host);
                    ServerSocket controller = new ServerSocket(0, 1, host)) {
                return new Ports(broker.getLocalPort(), controller.getLocalPort());
            }
        }
    }

    private static KafkaRaftServer start(Ports ports, Path folder, List<String> more) {
        try {
            Path data = folder.resolve("data");
            if (!Files.exists(data)) {
                format(data);
            }
            Map<String, String> settings = settings(ports, data);
            more.forEach(setting -> settings.put(setting.substring(0, setting.indexOf('=')),
                    setting.substring(setting.indexOf('=') + 1)));
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
            server.startup(); // returns once requests are taken
            return server;
        } catch (Exception e) {
            System.out.println(e.getMessage());
            boolean taken = String.valueOf(e.getMessage()).contains("failed to bind");
            Runtime.getRuntime().halt(taken ? PORT_TAKEN : FAILED); // Kafka's threads may be half up
            throw new AssertionError(e);
        }
    }

    private static void format(Path data) throws Exception {
        new Formatter().setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setClusterId(Uuid.randomUuid().toString()).setNodeId(NODE)
                .setReleaseVersion(MetadataVersion.latestProduction()).setControllerListenerName("CONTROLLER")
                .setDirectories(List.of(data.toString())).setMetadataLogDirectory(data.toString()).run();
    }

    private static Map<String, String> settings(Ports ports, Path data) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@" + HOST + ":" + ports.controller);
        settings.put("listeners",
                "PLAINTEXT://" + HOST + ":" + ports.broker + ",CONTROLLER://" + HOST + ":" + ports.controller);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", data.toString());
        // A topic that nobody made is a mistake to be told of, not a topic with one partition.
        settings.put("auto.create.topics.enable", "false");
        // Alone: its own topics cannot have more replicas than there are brokers.
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // Small: few clients, and those at once.
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152"); // else the largest part of an idle broker's heap
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        return settings;
    }

    private static void stop(KafkaRaftServer server, Path folder, boolean keep) {
        server.shutdown();
        server.awaitShutdown();
        if (keep) {
            return;
        }
        try {
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes a folder and all in it; one that is gone already is fine.
    static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException gone) {
            return;
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
