package io.gatecast.app.chaos;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.gatecast.app.chaos.ChaosPlan.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;

/// Three brokers in containers, each a controller, too: every partition has three replicas, two of which must have what is
/// acknowledged. Any one of them may be killed or cut off from the others and from us, and nothing is lost.
final class BrokerContainers implements Brokers {
    private static final int SIZE = 3;
    private static final String REPLICAS = Integer.toString(SIZE);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOOK_AGAIN_MILLIS = 100;
    private static final int CLIENTS_PORT = 9092;
    private static final int CONTROLLERS_PORT = 9094;

    private final DockerClient docker = DockerClientFactory.lazyClient();
    private final Network network = Containers.network();
    private final List<KafkaContainer> brokers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    private BrokerContainers() throws IOException {
        for (int id = 0; id < SIZE; id++) {
            int port = freePort();
            ports.add(port);
            brokers.add(broker(id, port));
        }
    }

    /// Starts them side by side, in about seven seconds.
    static BrokerContainers start() throws Exception {
        BrokerContainers cluster = new BrokerContainers();
        try {
            Startables.deepStart(cluster.brokers).join();
            cluster.awaitWhole();
            return cluster;
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
    }

    private KafkaContainer broker(int id, int port) {
        KafkaContainer broker = Containers.broker(network);
        settings(id).forEach(broker::withEnv);
        return broker.withCreateContainerCmdModifier(command -> {
            // The name under which a broker tells the others where it is.
            command.withHostName(nameOf(id)).withAliases(nameOf(id));
            // Docker would pick another port at each start, but what a broker tells its clients stays.
            command.getHostConfig().withPortBindings(new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port),
                    ExposedPort.tcp(CLIENTS_PORT)));
        });
    }

    private static Map<String, String> settings(int id) {
        return Map.ofEntries(Map.entry("KAFKA_NODE_ID", Integer.toString(id)),
                Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS",
                        IntStream.range(0, SIZE).mapToObj(each -> each + "@" + nameOf(each) + ":" + CONTROLLERS_PORT)
                                .collect(Collectors.joining(","))),
                Map.entry("KAFKA_DEFAULT_REPLICATION_FACTOR", REPLICAS), Map.entry("KAFKA_MIN_INSYNC_REPLICAS", "2"),
                Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", REPLICAS),
                Map.entry("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", REPLICAS),
                Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", REPLICAS),
                Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "2"),
                Map.entry("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", REPLICAS),
                Map.entry("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000"),
                Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
                Map.entry("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000"),
                Map.entry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"),
                // A broker that is gone is missed after six seconds.
                Map.entry("KAFKA_BROKER_SESSION_TIMEOUT_MS", "6000"),
                Map.entry("KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "1000"),
                Map.entry("KAFKA_REPLICA_LAG_TIME_MAX_MS", "5000"),
                Map.entry("KAFKA_HEAP_OPTS", "-Xms192m -Xmx384m"),
                Map.entry("KAFKA_JVM_PERFORMANCE_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"));
    }

    private static String nameOf(int id) {
        return "kafka-" + id;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String servers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    @Override
    public List<Fault> faults() {
        return List.of(Fault.BROKER_KILL, Fault.BROKER_CUT_OFF);
    }

    @Override
    public void strike(Fault fault, Random random, Meanwhile meanwhile) throws Exception {
        int victim = random.nextInt(SIZE);
        String container = brokers.get(victim).getContainerId();
        switch (fault) {
            case BROKER_KILL -> { // SIGKILL; what it has written stays in its container
                docker.killContainerCmd(container).exec();
                meanwhile.run();
                docker.startContainerCmd(container).exec();
            }
            case BROKER_CUT_OFF -> {
                cutOff(victim);
                meanwhile.run();
                reconnect(victim);
            }
            default -> throw new IllegalArgumentException(fault + " is not for a cluster");
        }
        awaitWhole(); // the next may hit another one, and two of three are too many
    }

    /// Takes a broker from the network: neither the others nor clients reach it.
    void cutOff(int id) {
        docker.disconnectFromNetworkCmd().withContainerId(brokers.get(id).getContainerId())
                .withNetworkId(network.getId()).withForce(true).exec();
    }

    void reconnect(int id) {
        docker.connectToNetworkCmd().withContainerId(brokers.get(id).getContainerId()).withNetworkId(network.getId())
                .withContainerNetwork(new ContainerNetwork().withAliases(nameOf(id))).exec();
    }

    /// Lets all brokers but one stand still, so that it hears of nothing.
    void pauseAllBut(int id) {
        others(id).forEach(other -> docker.pauseContainerCmd(other).exec());
    }

    void resumeAllBut(int id) {
        others(id).forEach(other -> docker.unpauseContainerCmd(other).exec());
    }

    private List<String> others(int id) {
        return IntStream.range(0, SIZE).filter(other -> other != id).mapToObj(brokers::get)
                .map(KafkaContainer::getContainerId).toList();
    }

    /// @return what a client needs as `bootstrap.servers` to ask that broker first
    String server(int id) {
        return "127.0.0.1:" + ports.get(id);
    }

    /// Waits until all brokers have all that they are to have.
    private void awaitWhole() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // Short, since the one that is asked may be the one that does not answer.
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers(), "request.timeout.ms", "2000",
                "default.api.timeout.ms", "8000"))) {
            while (!isWhole(admin)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("the brokers have not found together for " + PATIENCE.toMinutes()
                            + " minutes");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
            }
        }
    }

    private static boolean isWhole(Admin admin) throws InterruptedException {
        try {
            var topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
            return admin.describeCluster().nodes().get().size() == SIZE
                    && admin.describeTopics(topics).allTopicNames().get().values().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        brokers.parallelStream().forEach(KafkaContainer::stop);
        network.close();
    }
}
