package io.gatecast.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.alerts.AlertDelivery;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Anomalies on a real broker, told to receivers on loopback.
@Timeout(120)
class AlertsIT {
    @TempDir
    static Path folder;
    private static EmbeddedBroker broker;
    private static HttpServer server;
    private static final BlockingQueue<String> HOOK = new LinkedBlockingQueue<>();
    private static final BlockingQueue<String> ALERTS = new LinkedBlockingQueue<>();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static volatile int status = 200;
    private static volatile CountDownLatch door = new CountDownLatch(0);
    private static Path config;
    private static StreamsSettings settings;
    private static TopicSerdes serdes;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean hook = exchange.getRequestURI().getPath().equals("/hook");
            if (hook) {
                awaitOpen();
            }
            String id = String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id"));
            exchange.sendResponseHeaders(hook ? status : 200, -1);
            exchange.close();
            (hook ? HOOK : ALERTS).add(id);
        });
        server.setExecutor(THREADS);
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        config = Files.writeString(folder.resolve("alerts.properties"), """
                bootstrap.servers=%s
                schema.registry.url=mock://alerts-it
                application.id=told
                gatecast.alerts.webhook.url=%s/hook
                gatecast.alerts.webhook.attempts=2
                gatecast.alerts.webhook.backoff=5ms
                gatecast.alerts.alertmanager.url=%s
                gatecast.alerts.alertmanager.resend=1h
                """.formatted(broker.bootstrapServers(), url, url));
        settings = StreamsSettings.load(config);
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.ANOMALIES.creation("anomalies", 2)));
        }
        serdes = TopicSerdes.register(Registry.connect(settings.registry()), settings);
    }

    @AfterAll
    static void stop() throws IOException {
        server.stop(0);
        THREADS.shutdownNow();
        broker.close();
    }

    @Test
    void anomaliesAreToldOnceMutedLabelledAndSetAside() throws Exception {
        send("old", Phase.OPENED, Instant.now());
        Instant now = Instant.now();
        try (AlertDelivery delivery = AlertDelivery.start(settings)) {
            await(() -> ALERTS.contains("null")); // what is open already is said to the Alertmanager, and it alone
            ALERTS.clear();
            assertEquals(0, HOOK.size());

            assertEquals("Muted quiet.* from 2020-01-01T00:00:00Z to 2100-01-01T00:00:00Z.", alerts("mute", "quiet.*",
                    "--from", "2020-01-01", "--to", "2100-01-01", "--reason", "work").out().getFirst());
            send("quiet-1", Phase.OPENED, now);
            send("pump", Phase.OPENED, now);
            assertEquals(id("pump", Phase.OPENED, now), HOOK.poll(30, TimeUnit.SECONDS));
            await(() -> delivery.told().stream().allMatch(each -> each.muted() == 1 && each.sent() == 1));

            // A receiver that hangs keeps the other from nothing.
            door = new CountDownLatch(1);
            ALERTS.clear();
            send("fan", Phase.OPENED, now);
            assertEquals("null", ALERTS.poll(30, TimeUnit.SECONDS));
            assertEquals(0, HOOK.size());
            door.countDown();
            assertEquals(id("fan", Phase.OPENED, now), HOOK.poll(30, TimeUnit.SECONDS));

            JsonNode mutes = json(alerts("list", "--json")).get("mutes");
            assertEquals("work", mutes.get(0).get("reason").asText());
            assertEquals("Ended 1.", alerts("unmute", "quiet.*").out().getFirst());
            assertEquals(id("quiet-1", Phase.OPENED, now), HOOK.poll(30, TimeUnit.SECONDS));
            await(() -> delivery.told().stream().allMatch(each -> each.released() == 1));
        }

        // Whoever starts anew goes on where the last one stopped.
        status = 400;
        send("pump", Phase.CLOSED, now.plusSeconds(60));
        CompletableFuture<Run> run = new CompletableFuture<>();
        Thread command = Thread.ofPlatform().start(() -> run
                .complete(Gatecasts.run("alerts", "deliver", "--config", config.toString(), "--json")));
        ConsumerRecord<byte[], byte[]> letter = letter();
        assertEquals("pump", new String(letter.key(), UTF_8));
        assertEquals("refused",
                new String(letter.headers().lastHeader("gatecast.reason").value(),
                        UTF_8));

        command.interrupt();
        JsonNode told = json(run.get(60, TimeUnit.SECONDS)).get("receivers").get(0);
        assertTrue(told.get("receiver").asText().startsWith("webhook-"), told.toString());
        assertEquals(1, told.get("undelivered").asInt(), told.toString());
        assertEquals(0, told.get("sent").asInt(), told.toString());
        assertEquals(List.of(id("pump", Phase.CLOSED, now.plusSeconds(60))), List.copyOf(HOOK));

        assertToldAgainOnce(id("pump", Phase.CLOSED, now.plusSeconds(60)));

        String episode = "pump@" + now.toEpochMilli();
        alerts("label", episode, "--true-alarm", "--note", "bearing");
        JsonNode label = json(alerts("labels", "--json")).get("labels").get(0);
        assertEquals("true alarm", label.get("verdict").asText());
        assertEquals("pump", label.get("series").asText());
        assertEquals(Instant.ofEpochMilli(now.toEpochMilli()).toString(), label.get("from").asText());
        Run unknown = Gatecasts.run("alerts", "label", "pump@1", "--false-alarm", "--config", config.toString());
        assertEquals(1, unknown.status());
        assertEquals("gatecast: no episode 'pump@1' is in topic anomalies: expected the episodeId of a record there\n",
                unknown.err());
        assertEquals("Nothing is said of " + episode + " any more.",
                alerts("label", episode, "--none").out().getFirst());
        assertEquals("(none)", alerts("labels").out().getLast());
    }

    /// What the webhook would not have is for it alone, and counts as told when it has taken it.
    private static void assertToldAgainOnce(String id) throws IOException {
        HOOK.clear();
        ALERTS.clear();
        Run dry = alerts("replay", "--dry-run");
        assertTrue(dry.out().getFirst().startsWith(id) && dry.out().getFirst().contains("waiting"),
                dry.out().toString());
        assertEquals("Would tell again: 1 of 1.", dry.out().getLast());
        assertEquals(0, HOOK.size());
        Run refused = Gatecasts.run("alerts", "replay", "--config", config.toString());
        assertEquals(1, refused.status());
        assertTrue(refused.out().getFirst().contains("answered 400 at attempt 1 of 2"), refused.out().toString());
        assertEquals(List.of(id), List.copyOf(HOOK));
        HOOK.clear();
        status = 200;
        assertEquals("Told again: 1 of 1.", alerts("replay").out().getLast());
        assertEquals(List.of(id), List.copyOf(HOOK));
        JsonNode letter = json(alerts("replay", "--json")).get("letters").get(0);
        assertEquals("told before", letter.get("fate").asText());
        assertEquals("Told again: 0 of 1.", alerts("replay").out().getLast());
        assertEquals(List.of(id), List.copyOf(HOOK));
        assertEquals(0, ALERTS.size());
    }

    private static void awaitOpen() {
        try {
            door.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(String series, Phase phase, Instant moment) {
        Anomaly anomaly = new Anomaly(series + "@" + (phase == Phase.CLOSED ? moment.minusSeconds(60) : moment)
                .toEpochMilli(), phase, Instant.ofEpochMilli(moment.toEpochMilli()), 0, 1.0, 2.0, 1.5, 2.5, 0.9,
                Severity.MAJOR, "default", 1, Kind.IMPROBABLE, List.of());
        try (var producer = new KafkaProducer<>(settings.producerProperties(), new StringSerializer(),
                serdes.anomalies().serializer())) {
            producer.send(new ProducerRecord<>("anomalies", series, anomaly));
        }
    }

    private static String id(String series, Phase phase, Instant moment) {
        long opened = (phase == Phase.CLOSED ? moment.minusSeconds(60) : moment).toEpochMilli();
        return series + "@" + opened + "/" + phase + "/" + moment.toEpochMilli();
    }

    private static ConsumerRecord<byte[], byte[]> letter() {
        Map<String, Object> properties = settings.consumerProperties();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition("anomalies.undelivered", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            @Nullable
            ConsumerRecord<byte[], byte[]> found = null;
            while (found == null) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    found = record;
                }
            }
            return found;
        }
    }

    private static Run alerts(String... arguments) {
        String[] all = Stream.concat(Stream.of("alerts"), Stream
                .concat(Arrays.stream(arguments), Stream.of("--config", config.toString())))
                .toArray(String[]::new);
        Run run = Gatecasts.run(all);
        assertEquals(0, run.status(), run.err());
        return run;
    }

    private static JsonNode json(Run run) throws IOException {
        return new ObjectMapper().readTree(run.out().getLast());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
