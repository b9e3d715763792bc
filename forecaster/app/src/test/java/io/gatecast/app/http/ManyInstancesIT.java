package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.Observation;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three instances share a fleet, and each answers for all of it, whoever goes.
@Timeout(180)
class ManyInstancesIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;
    private static final int SENSORS = 60;
    private static final int STEPS = 30;

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

    @AfterEach
    void stop() {
        instances.forEach(Instance::stop);
        client.shutdownNow();
    }

    @Test
    void everyInstanceAnswersForEverySeriesOrSaysNotNow() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            StreamsSettings first = settings(broker, 0);
            prepare(first, config(broker, 0));
            for (int i = 0; i < 3; i++) {
                start(settings(broker, i));
            }
            await(() -> instances.stream().allMatch(i -> i.runner().state() == KafkaStreams.State.RUNNING));
            observe(first);
            await(() -> accepted() >= (long) SENSORS * STEPS);
            await(() -> instances.stream().allMatch(i -> i.runner().state() == KafkaStreams.State.RUNNING)
                    && partitionsHeld() == 6);
            for (Instance instance : instances) {
                for (int sensor = 0; sensor < SENSORS; sensor++) {
                    assertTrue(right(instance.server(), sensor));
                }
            }
            listsAreWholeAndInOrder(instances.getFirst().server());
            everyMetricThatIsNamedInDeployIsThere(instances.getFirst().server());
            whileOneGoesNoAnswerIsWrong();
            listsAreWholeAndInOrder(instances.getFirst().server());
        }
    }

    private void whileOneGoesNoAnswerIsWrong() throws Exception {
        Instance leaving = instances.removeLast();
        Thread leave = Thread.ofPlatform().start(leaving::stop);
        SplittableRandom random = new SplittableRandom(1);
        int asked = 0, answered = 0, inARow = 0;
        while (leave.isAlive() || inARow < 200) {
            boolean right = right(instances.get(random.nextInt(instances.size())).server(), random.nextInt(SENSORS));
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

    /// @return whether it was answered, and then it is right; else it was put off as it should be
    private boolean right(ApiServer server, int sensor) throws Exception {
        HttpResponse<String> response = get(server, "/series/sensor-" + sensor);
        if (response.statusCode() == 503) {
            assertEquals("1", response.headers().firstValue("Retry-After").orElse(""), response.body());
            return false;
        }
        assertEquals(200, response.statusCode(), response.body());
        JsonNode series = JSON.readTree(response.body());
        assertEquals("sensor-" + sensor, series.get("id").asText());
        assertEquals(START + (STEPS - 1) * STEP, series.get("time").asLong());
        assertEquals(STEPS, series.get("steps").asInt());
        JsonNode values = series.at("/observations/values/0");
        assertEquals(value(sensor, STEPS - 1), values.get(values.size() - 1).floatValue());
        return true;
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
        Matcher name = Pattern.compile("\\b(gatecast|kafka|jvm|process)_[a-z0-9_]+").matcher(named);
        TreeSet<String> missing = new TreeSet<>();
        int found = 0;
        while (name.find()) {
            found++;
            if (!Pattern.compile("(?m)^" + name.group() + "[{ ]").matcher(metrics).find()) {
                missing.add(name.group());
            }
        }
        assertEquals(new TreeSet<>(), missing);
        assertTrue(found > 30, "only " + found + " names found in deploy/");
        assertTrue(metrics.contains("gatecast_observations_total{outcome=\"accepted\"}"), metrics);
    }

    private HttpResponse<String> get(ApiServer server, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create("http://" + server.address() + path)).build(),
                BodyHandlers.ofString());
    }

    private void start(StreamsSettings settings) throws Exception {
        ApiServer server = ApiServer.start(HttpSettings.loopback(HttpSettings.ANY_PORT));
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

    private static float value(int sensor, int step) {
        return (float) (10 + sensor + StrictMath.sin(step));
    }

    private static void observe(StreamsSettings settings) throws Exception {
        try (Registry registry = Registry.connect(settings.registry());
                ObservationWriter writer = ObservationWriter.open(settings,
                        TopicSerdes.register(registry, settings).observations().serializer(),
                        settings.topics().observations())) {
            for (int step = 0; step < STEPS; step++) {
                for (int sensor = 0; sensor < SENSORS; sensor++) {
                    writer.write("sensor-" + sensor, new Observation(START + step * STEP, value(sensor, step)));
                }
            }
            writer.flush();
        }
    }

    private Path config(EmbeddedBroker broker, int instance) throws Exception {
        StringBuilder text = new StringBuilder();
        keys(broker, instance).forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return Files.writeString(folder.resolve(instance + ".properties"), text);
    }

    private Map<String, String> keys(EmbeddedBroker broker, int instance) {
        return new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url",
                "mock://many", "application.id", "many", "state.dir", folder.resolve("state-" + instance).toString(),
                "commit.interval.ms", "100"));
    }

    private StreamsSettings settings(EmbeddedBroker broker, int instance) {
        return StreamsSettings.of(keys(broker, instance));
    }

    private void prepare(StreamsSettings settings, Path config) throws Exception {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            rows.append("pump,").append(START + t * STEP).append(',').append(10 + StrictMath.sin(t)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows), model = folder.resolve("m.avro");
        run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4", "--hidden",
                "4", "--epochs", "1", "--output", model.toString(), "--id", "default");
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), 6)));
        }
        run("models", "publish", model.toString(), "--config", config.toString());
    }

    private static void run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s in vain");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
