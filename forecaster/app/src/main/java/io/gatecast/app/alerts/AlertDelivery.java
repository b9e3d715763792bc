package io.gatecast.app.alerts;

import io.gatecast.app.alerts.Tally.Told;
import io.gatecast.avro.Anomaly;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.AlertSettings;
import io.gatecast.streams.AlertSettings.Receiver;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ControlTopic;
import io.gatecast.streams.Grants;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicCheck;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells all receivers, each on a thread and with a consumer of its own, until it is closed or one of them cannot go on. A
/// second one with the same settings shares the partitions. Safe for threads.
public final class AlertDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertDelivery.class);
    private static final Duration SLACK = Duration.ofMinutes(5);
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(30);

    private final Registry registry;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<Receiver, Tally> tallies = new LinkedHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean closing;

    private AlertDelivery(Registry registry, KafkaProducer<byte[], byte[]> producer) {
        this.registry = registry;
        this.producer = producer;
    }

    /// Checks what a person may have got wrong, makes the topics of mutes and of dead letters where they are missing, and
    /// starts.
    ///
    /// @throws IOException                           with a sentence, if the cluster does not answer, or there is no topic
    ///                                               of anomalies
    /// @throws io.gatecast.schemas.RegistryException likewise, if the registry does not
    /// @throws IllegalArgumentException              if nobody is to be told
    public static AlertDelivery start(StreamsSettings settings) throws IOException {
        AlertSettings alerts = settings.alerts();
        if (alerts.receivers().isEmpty()) {
            throw new IllegalArgumentException("nobody is to be told: expected gatecast.alerts.webhook.url or"
                    + " gatecast.alerts.alertmanager.url, found neither");
        }
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.partitions(settings.topics().anomalies());
            cluster.createMissing(List.of(Topics.UNDELIVERED.creation(alerts.deadLettersTopic()),
                    Topics.MUTES.creation(alerts.mutesTopic())));
            TopicCheck.require(settings, Grants.Role.DELIVER, cluster)
                    .forEach(fault -> LOG.warn("{}", fault.sentence()));
        }
        AlertDelivery delivery = new AlertDelivery(Registry.connect(settings.registry()), producer(settings));
        try {
            delivery.begin(settings);
            return delivery;
        } catch (IOException | RuntimeException e) {
            delivery.close();
            throw e;
        }
    }

    private void begin(StreamsSettings settings) throws IOException {
        DeadLetterBox deadLetters = new DeadLetterBox(settings.alerts().deadLettersTopic(), producer);
        for (Receiver receiver : settings.alerts().receivers()) {
            Tally tally = new Tally();
            tallies.put(receiver, tally);
            Delivery delivery = new Delivery(receiver, consumer(settings, receiver),
                    new AvroSerde<>(registry, settings.topics().anomalies(), Anomaly.class).deserializer(),
                    ControlTopic.mutes(registry, settings), deadLetters, tally, InstantSource.system());
            threads.add(Thread.ofPlatform().name(receiver.id()).start(
                    () -> run(delivery, receiver, settings.topics().anomalies())));
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(StreamsSettings settings, Receiver receiver) {
        Map<String, Object> properties = settings.consumerProperties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG,
                settings.kafka().getOrDefault("application.id", "") + "-alerts-" + receiver.id());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // Two turns at most between polls: an opening that a mute held back, and what came then.
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) Math.min(Integer.MAX_VALUE,
                receiver.patience().worst().multipliedBy(2).plus(SLACK).toMillis()));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static KafkaProducer<byte[], byte[]> producer(StreamsSettings settings) {
        Map<String, Object> properties = settings.producerProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void run(Delivery delivery, Receiver receiver, String topic) {
        try {
            delivery.run(topic);
        } catch (InterruptedException | InterruptException e) {
            if (!closing) {
                fail(receiver, e);
            }
        } catch (IOException | RuntimeException e) {
            fail(receiver, e);
        } finally {
            boolean interrupted = Thread.interrupted(); // or the consumer would not leave its group
            delivery.close();
            stopped.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void fail(Receiver receiver, Exception e) {
        if (!closing && failure.compareAndSet(null, e)) {
            LOG.error("{}: stopping: {}", receiver, e.getMessage());
        }
    }

    /// Waits until it has stopped, by [#close] or by a fault.
    ///
    /// @throws IOException with a sentence, if it was a fault
    public void awaitStop() throws IOException, InterruptedException {
        stopped.await();
        Exception thrown = failure.get();
        if (thrown != null) {
            throw new IOException(thrown.getMessage() == null ? thrown.toString() : thrown.getMessage(), thrown);
        }
    }

    /// @return what each receiver has been told so far, in the order of the settings
    public List<Told> told() {
        return tallies.entrySet().stream().map(each -> each.getValue().told(each.getKey().toString())).toList();
    }

    /// Stops all, at whatever they are: what was not taken yet is told again next time. Returns once they have stopped.
    @Override
    public void close() {
        closing = true;
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + TIME_TO_CLOSE.toNanos();
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    LOG.warn("{} has not stopped within {} s", thread.getName(), TIME_TO_CLOSE.toSeconds());
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        producer.close(Duration.ofNanos(TimeUnit.SECONDS.toNanos(1)));
        registry.close();
        stopped.countDown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
