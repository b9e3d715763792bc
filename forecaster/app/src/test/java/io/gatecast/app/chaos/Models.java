package io.gatecast.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Three versions of a model, each of which makes one of several observations in another way, and ten promotions and rollbacks
/// among them, each announced well ahead of the event time from which it counts.
final class Models {
    static final int CHANGES = 10;

    /// What becomes of the versions: promoted by number, or 0 for a rollback, which retires the champion. So the champions are
    /// 1, then 2 3 2 3 2 1 2 3 2 1.
    private static final int[] PROMOTED = {2, 3, 0, 3, 0, 0, 2, 3, 0, 0};
    private static final double FIRST = 0.08;
    private static final double APART = 0.09;
    private static final double AHEAD = 0.3;

    private final ChaosPlan plan;
    private final Path config;
    private final List<Path> files;
    private int changes;

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

    void publish() {
        for (Path file : files) {
            models(Instant.EPOCH, "publish", file.toString(),
                    file.equals(files.getFirst()) ? "--id=default" : "--candidate");
        }
    }

    /// @param share of the input that is about to be written
    void changeUpTo(double share) {
        while (changes < CHANGES && FIRST + changes * APART - AHEAD <= share) {
            Instant from = Instant.ofEpochMilli(ChaosInput.timeAt(plan, FIRST + changes * APART));
            int version = PROMOTED[changes++];
            if (version == 0) {
                models(from, "rollback", "default");
            } else {
                models(from, "promote", "default/" + version);
            }
        }
    }

    /// @return how many have been announced
    int changes() {
        return changes;
    }

    private void models(Instant from, String... arguments) {
        List<String> all = new ArrayList<>(List.of("models"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", config.toString(), "--effective-from", from.toString()));
        run(all.toArray(String[]::new));
    }

    private static void run(String... arguments) {
        Run run = Gatecasts.run(arguments);
        assertEquals(0, run.status(), run.err());
    }
}
