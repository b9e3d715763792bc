package io.gatecast.streams;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SslAuthenticationException;
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

    /// A `LoginException` has no cause but the text of one's stack trace.
    private static final Pattern IN_A_TRACE = Pattern.compile("(?s)^.*\\nCaused by: [\\w.$]+: ([^\\n]*)");

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
            String reason = innermost(e);
            Matcher traced = IN_A_TRACE.matcher(reason);
            throw new IOException(traced.find()
                    ? "no login at Kafka's " + settings.kafka().getOrDefault("bootstrap.servers", "") + ": "
                            + traced.group(1) + ": check sasl.*"
                    : "Kafka's client does not accept its settings: " + reason, e);
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
        String largest = configOf(topic).get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return largest == null ? DEFAULT_LARGEST : Integer.parseInt(largest);
    }

    /// A topic that is there.
    ///
    /// @param partitions how many
    /// @param replicas   of the partition that has the fewest
    /// @param config     its settings, the broker's defaults included; empty where they may not be seen
    public record Found(int partitions, int replicas, Map<String, String> config) {

        int number(String key, int otherwise) {
            String value = config.get(key);
            return value == null ? otherwise : Integer.parseInt(value);
        }
    }

    /// @return how many brokers there are
    public int brokers() throws IOException {
        return ask(admin.describeCluster(new DescribeClusterOptions().timeoutMs(MILLIS_TO_ANSWER)).nodes(), "").size();
    }

    /// @return those of the topics that are there
    /// @throws IOException with a sentence, if one may not be looked at
    public Map<String, Found> find(Collection<String> topics) throws IOException {
        var answers = admin.describeTopics(topics, new DescribeTopicsOptions().timeoutMs(MILLIS_TO_ANSWER))
                .topicNameValues();
        Map<String, Found> found = new HashMap<>();
        for (var answer : answers.entrySet()) {
            try {
                TopicDescription topic = ask(answer.getValue(), answer.getKey());
                int replicas = topic.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
                found.put(answer.getKey(), new Found(topic.partitions().size(), replicas, configOf(answer.getKey())));
            } catch (IOException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return found;
    }

    private Map<String, String> configOf(String topic) throws IOException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Map<String, String> config = new HashMap<>();
            ask(admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().timeoutMs(MILLIS_TO_ANSWER))
                    .all(), topic).values().forEach(all -> all.entries().stream()
                            .filter(entry -> entry.value() != null)
                            .forEach(entry -> config.put(entry.name(), entry.value())));
            return config;
        } catch (IOException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Map.of();
            }
            throw e;
        }
    }

    /// Makes the topics that are not there yet; those that are stay as they are, and nobody needs leave to make them. Returns
    /// once all can be used.
    public void createMissing(Collection<NewTopic> topics) throws IOException {
        Set<String> there = find(topics.stream().map(NewTopic::name).toList()).keySet();
        List<NewTopic> missing = topics.stream().filter(topic -> !there.contains(topic.name())).toList();
        var creation = admin.createTopics(missing, new CreateTopicsOptions().timeoutMs(MILLIS_TO_ANSWER)).values();
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
            case SslAuthenticationException e -> "no trusted connection to Kafka at " + servers + ": " + innermost(e)
                    + ": check the certificates, here and there, and ssl.*";
            case AuthenticationException e -> "Kafka at " + servers + " refuses the login: " + e.getMessage()
                    + ": check security.protocol, sasl.* and ssl.*";
            case AuthorizationException e -> "Kafka at " + servers + " does not allow it: " + e.getMessage()
                    + ": `gatecast topics acls` tells what has to be allowed";
            case UnknownTopicOrPartitionException e -> "topic " + topic + " does not exist on " + servers
                    + ": create it, or check its name";
            case InvalidTopicException e -> "topic '" + topic
                    + "' cannot exist: a name has letters, digits, '.', '_' and '-'";
            default -> "Kafka at " + servers + ": " + cause.getMessage();
        };
    }

    /// Java tells in the innermost cause what is wrong with a certificate.
    private static String innermost(Throwable failure) {
        Throwable told = failure;
        while (told.getCause() != null) {
            told = told.getCause();
        }
        return told.getMessage() == null ? told.toString() : told.getMessage();
    }

    @Override
    public void close() {
        admin.close();
    }
}
