package io.gatecast.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Three versions of a model, each of which makes one of several observations in another way, published well ahead of the event time from which it counts.
final class Models {
    private static final double[] COUNT_FROM = {0, 0.4, 0.75};
    private static final double AHEAD = 0.15;

    private final ChaosPlan plan;
    private final Path config;
    private final List<Path> files;
    private int published;

    Models(ChaosPlan plan, Path config, Path folder) throws IOException {
        this.plan = plan;
        this.config = config;
        Path data = folder.resolve("history.csv");
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 150; t++) {
            rows.append("sensor-1,").append(ChaosInput.START + t * ChaosInput.STEP).append(',')
                    .append(10 + 3 * Math.sin(2 * Math.PI * t / 12)).append('\n');
        }
        Files.writeString(data, rows.toString());
        this.files = List.of(train(data, "lstm", "first"), train(data, "gru", "mean"), train(data, "peephole", "max"));
    }

    private static Path train(Path data, String cell, String resample) {
        Path file = data.resolveSibling(cell + ".avro");
        run("train", "--data", data.toString(), "--interval", "1m", "--seasonality", "12", "--horizon", "4",
                "--hidden", "6", "--epochs", "2", "--cell", cell, "--resample", resample, "--output", file.toString(),
                "--id", "default");
        return file;
    }

    /// @param share of the input that is about to be written
    void publishUpTo(double share) {
        while (published < files.size() && Math.max(0, COUNT_FROM[published] - AHEAD) <= share) {
            String from = published == 0
                    ? Instant.EPOCH.toString()
                    : Instant.ofEpochMilli(ChaosInput.timeAt(plan, COUNT_FROM[published])).toString();
            run("models", "publish", files.get(published).toString(), "--config", config.toString(),
                    "--effective-from", from);
            published++;
        }
    }

    private static void run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }
}
