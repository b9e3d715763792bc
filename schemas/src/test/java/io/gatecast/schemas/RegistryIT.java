package io.gatecast.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Against a real Apicurio registry, in a process of its own, in memory. [Registry] itself waits until it is up.
@EnabledIfSystemProperty(named = "apicurio.home", matches = ".+", disabledReason = "run with -Pregistry")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryIT {
    private static final Duration TO_START = Duration.ofMinutes(2);

    private final Process apicurio;
    private final Map<String, String> settings;
    private final Registry registry;

    RegistryIT(@TempDir Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        apicurio = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=" + port, "-jar", jar().toString())
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile())
                .start();
        settings = Map.of(Registry.URL, "http://127.0.0.1:" + port + "/apis/ccompat/v7");
        registry = Registry.connect(settings, TO_START);
    }

    private static Path jar() throws IOException {
        Path home = Path.of(Objects.requireNonNull(System.getProperty("apicurio.home")));
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(file -> file.endsWith("quarkus-run.jar")).findFirst().orElseThrow();
        }
    }

    @BeforeAll
    void waitUntilItAnswers() {
        registry.register("first", Observation.getClassSchema());
    }

    @AfterAll
    void stop() throws InterruptedException {
        registry.close();
        apicurio.destroy();
        apicurio.waitFor();
    }

    @Test
    void whatOneProcessWroteAnotherReads() {
        try (Registry another = Registry.connect(settings, TO_START)) {
            AvroSerde<Observation> here = new AvroSerde<>(registry, "observations", Observation.class);
            AvroSerde<Observation> there = new AvroSerde<>(another, "observations", Observation.class);
            Observation observation = new Observation(Instant.ofEpochMilli(1), Arrays.asList(1.5, null), List.of());

            assertEquals(observation, there.deserializer().deserialize("observations",
                    here.serializer().serialize("observations", observation)));
        }
    }

    @Test
    void everyContractHasOneIdWhoeverAsks() {
        Map<String, Schema> contracts = Map.of("anomalies", Anomaly.getClassSchema(), "evaluations",
                Evaluation.getClassSchema(), "forecasts", Forecast.getClassSchema(), "models", Model.getClassSchema());
        try (Registry another = Registry.connect(settings, TO_START)) {
            contracts.forEach((topic, schema) -> {
                int id = registry.register(topic, schema);

                assertEquals(id, another.register(topic, schema));
                assertEquals(schema.getFullName(), another.schema(id).getFullName());
            });
        }
    }

    @Test
    void anUnknownIdIsAnAnswer() {
        RegistryException e = assertThrows(RegistryException.class, () -> registry.schema(987_654));

        assertFalse(e.isUnreachable());
        assertTrue(String.valueOf(e.getMessage()).contains("cannot look up schema 987654: it knows no such schema"),
                e.getMessage());
    }

    /// Apicurio holds a subject to nothing until it is told to; Confluent's registry does so unasked.
    @Test
    void anIncompatibleSchemaIsRefusedAndThePriorOneStays() throws Exception {
        Schema other = SchemaBuilder.record("Observation").namespace("io.gatecast.avro").fields()
                .requiredString("nobodyWroteThis").endRecord();
        int id = registry.register("clash", Observation.getClassSchema());
        requireBackwardCompatibility("clash-value");
        RegistryException e = assertThrows(RegistryException.class, () -> registry.register("clash", other));

        assertFalse(e.isUnreachable());
        assertTrue(String.valueOf(e.getMessage()).contains("cannot register the schema of subject clash-value: it is "
                + "not compatible with the subject's earlier versions ("), e.getMessage());
        try (Registry another = Registry.connect(settings, TO_START)) {
            assertEquals(id, another.register("clash", Observation.getClassSchema()));
        }
    }

    private void requireBackwardCompatibility(String subject) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(settings.get(Registry.URL) + "/config/" + subject))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .PUT(BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
        }
    }
}
