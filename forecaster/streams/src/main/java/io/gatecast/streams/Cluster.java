package io.gatecast.streams;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// A Kafka cluster that has answered. Every question has ten seconds, and what can go wrong is told in one sentence
/// with a remedy: asked before any client is made that would try again and again in the dark.
public final class Cluster implements AutoCloseable {
    private static final int MILLIS_TO_ANSWER = 10_000;
    /// `message.max.bytes` of a broker that nobody has told otherwise.
    private static final int DEFAULT_LARGEST = 1_048_588;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String servers;
    private final Admin admin;

    private Cluster(String servers, Admin admin) {
        this.servers = servers;
        this.admin = admin;
    }

    /// Finds the cluster and has it answer.
    ///
    /// @throws IOException with a sentence, if it does not or will not
    public static Cluster connect(StreamsSettings settings) throws IOException {
        String servers = settings.kafka().getOrDefault("bootstrap.servers", "");
        Cluster cluster = new Cluster(servers, open(settings));
        try {
            cluster.ask(cluster.admin.describeCluster(new DescribeClusterOptions().timeoutMs(MILLIS_TO_ANSWER)).nodes(),
                    "");
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
    }

    private static Admin open(StreamsSettings settings) throws IOException {
        try {
            return Admin.create(settings.adminProperties());
        } catch (KafkaException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IOException("Kafka's client does not accept its settings: " + reason.getMessage(), e);
        }
    }

    /// @return how many partitions a topic has
    /// @throws IOException with a sentence, if there is no such topic
    public int partitions(String topic) throws IOException {
        var description = admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(MILLIS_TO_ANSWER));
        return ask(description.allTopicNames(), topic).values().iterator().next().partitions().size();
    }

    /// @return bytes of the largest batch of records that a topic takes; Kafka's default where its settings may not be seen
    /// @throws IOException with a sentence, if there is no such topic
    public int largestRecord(String topic) throws IOException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = ask(admin.describeConfigs(List.of(resource),
                    new DescribeConfigsOptions().timeoutMs(MILLIS_TO_ANSWER)).all(), topic).values().iterator().next();
            return Integer.parseInt(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        } catch (IOException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return DEFAULT_LARGEST;
            }
            throw e;
        }
    }

    /// Makes the topics that are not there yet; those that are stay as they are. Returns once all can be used.
    public void createMissing(Collection<NewTopic> topics) throws IOException {
        var creation = admin.createTopics(topics, new CreateTopicsOptions().timeoutMs(MILLIS_TO_ANSWER)).values();
        for (var topic : creation.entrySet()) {
            try {
                ask(topic.getValue(), topic.getKey());
            } catch (IOException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
            awaitVisible(topic.getKey());
        }
    }

    /// A broker learns of a new topic a moment after the controller has made it.
    private void awaitVisible(String topic) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS_TO_ANSWER);
        while (true) {
            try {
                partitions(topic);
                return;
            } catch (IOException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        }
    }

    private <T> T ask(KafkaFuture<T> answer, String topic) throws IOException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(explain(cause, topic), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Kafka", e);
        }
    }

    private String explain(Throwable cause, String topic) {
        return switch (cause) {
            case TimeoutException e -> "bootstrap.servers: no Kafka broker answers at " + servers + " within "
                    + MILLIS_TO_ANSWER / 1000 + " s: check that it runs, and its address";
            case AuthenticationException e -> "Kafka at " + servers + " refuses the login: " + e.getMessage()
                    + ": check security.protocol, sasl.* and ssl.*";
            case AuthorizationException e -> "Kafka at " + servers + " does not allow it: " + e.getMessage();
            case UnknownTopicOrPartitionException e -> "topic " + topic + " does not exist on " + servers
                    + ": create it, or check its name";
            case InvalidTopicException e -> "topic '" + topic
                    + "' cannot exist: a name has letters, digits, '.', '_' and '-'";
            default -> "Kafka at " + servers + ": " + cause.getMessage();
        };
    }

    @Override
    public void close() {
        admin.close();
    }
}
