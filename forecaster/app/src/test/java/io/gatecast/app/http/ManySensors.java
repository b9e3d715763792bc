package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.Observation;
import io.gatecast.streams.Cluster;
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
import java.util.List;

/// A fleet whose every value is known, so that every answer about it can be told right from wrong.
final class ManySensors {
    static final int SENSORS = 60;
    private static final int STEPS = 30;
    static final long OBSERVATIONS = (long) SENSORS * STEPS;
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ManySensors() {}

    private static float value(int sensor, int step) {
        return (float) (10 + sensor + StrictMath.sin(step));
    }

    /// Makes the topic of observations, a small model, and publishes it.
    static void prepare(Path folder, StreamsSettings settings, Path config) throws Exception {
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

    static void observe(StreamsSettings settings) throws Exception {
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

    /// One speaks an hour later and more, so that all others in its partition have been silent.
    static void silenceAllBut(StreamsSettings settings, int sensor) throws Exception {
        try (Registry registry = Registry.connect(settings.registry());
                ObservationWriter writer = ObservationWriter.open(settings,
                        TopicSerdes.register(registry, settings).observations().serializer(),
                        settings.topics().observations())) {
            writer.write("sensor-" + sensor,
                    new Observation(START + (STEPS + 60 + sensor) * STEP, value(sensor, STEPS)));
            writer.flush();
        }
    }

    /// @return whether it was answered, and then it is right; else it was put off as it should be
    static boolean isRight(HttpClient client, String address, int sensor) throws Exception {
        HttpResponse<String> response = client.send(HttpRequest
                .newBuilder(URI.create("http://" + address + "/series/sensor-" + sensor))
                .timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
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
}
