package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `gatecast models` of one application, with topics of its own.
record ModelApplication(Path config, StreamsSettings settings) {

    static ModelApplication create(EmbeddedBroker broker, Path folder, String name, String... more) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".properties"), """
                bootstrap.servers=%s
                schema.registry.url=mock://%s
                application.id=%s
                gatecast.topic.observations=%s-observations
                gatecast.topic.models=%s-models
                gatecast.topic.forecasts=%s-forecasts
                gatecast.evaluations.topic=%s-evaluations
                %s
                """.formatted(broker.bootstrapServers(), name, name, name, name, name, name,
                String.join("\n", more)));
        StreamsSettings settings = StreamsSettings.load(config);
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), 1)));
        }
        return new ModelApplication(config, settings);
    }

    Run models(String... arguments) {
        List<String> all = new ArrayList<>(List.of("models"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("--config", config.toString()));
        return Gatecasts.run(all.toArray(String[]::new));
    }

    List<String> out(String... arguments) {
        Run run = models(arguments);
        assertEquals(0, run.status(), run.err());
        return run.out();
    }

    String err(String... arguments) {
        Run run = models(arguments);
        assertEquals(1, run.status(), run.out().toString());
        return run.err().strip();
    }

    /// @return the states that `list` shows, by version
    List<String> states() {
        return out("list").stream().skip(1).map(line -> line.substring(0, 37).strip().replaceAll(" +", " "))
                .toList();
    }

    /// @return a file of a model, learned in a moment and good for nothing
    static Path smallModel(Path folder) throws IOException {
        Path model = folder.resolve("m.avro");
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            rows.append("a,").append(1_767_225_600_000L + t * 60_000L).append(',').append(Math.sin(t / 2.0))
                    .append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows.toString());
        Run run = Gatecasts.run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12",
                "--horizon", "4", "--hidden", "4", "--epochs", "1", "--output", model.toString());
        assertEquals(0, run.status(), run.err());
        return model;
    }
}
