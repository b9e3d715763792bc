package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With files of the public sets' shape, made here: the figures mean nothing, but that they come out does.
class BenchmarkCommandTest {
    @TempDir
    Path folder;

    @Test
    void whatIsAskedForIsPrintedAsMarkdown() throws IOException {
        Files.createDirectories(folder.resolve("exchange_rate"));
        Files.createDirectories(folder.resolve("m4"));
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder walks = new StringBuilder(), train = new StringBuilder("id"), test = new StringBuilder("id");
        double[] walk = {1, 2, 3};
        for (int t = 0; t < 400; t++) {
            for (int c = 0; c < walk.length; c++) {
                walk[c] *= 1 + 0.01 * random.nextGaussian();
                walks.append(c == 0 ? "" : ",").append(walk[c]);
            }
            walks.append("\n");
        }
        for (int t = 1; t <= 400; t++) {
            train.append(",v").append(t);
            test.append(t <= 48 ? ",v" + t : "");
        }
        for (int i = 0; i < 2; i++) {
            train.append("\nH").append(i);
            test.append("\nH").append(i);
            for (int t = 0; t < 448; t++) {
                double value = 50 + 20 * Math.sin(2 * Math.PI * (t + i) / 24) + random.nextGaussian();
                (t < 400 ? train : test).append(",").append(value);
            }
        }
        Files.writeString(folder.resolve("exchange_rate/exchange_rate.csv"), walks);
        Files.writeString(folder.resolve("m4/Hourly-train.csv"), train);
        Files.writeString(folder.resolve("m4/Hourly-test.csv"), test);
        Path table = folder.resolve("table.md");
        Run run = Gatecasts.run("benchmark", "--data", folder.toString(), "--only", "exchange-rate,m4-hourly",
                "--output", table.toString());
        assertEquals(0, run.status(), run.err());
        List<String> lines = Files.readAllLines(table);
        assertEquals(lines, run.out().subList(0, lines.size()));
        assertEquals(List.of("| data | measure | figure | to reach |", "|---|---|---|---|"), lines.subList(0, 2));
        assertTrue(lines.get(2).startsWith("| exchange-rate | RMSE / last value | "), lines.get(2));
        assertEquals(2, lines.stream().filter(line -> line.contains(" | time of training | ")).count());
        assertEquals(2 + 3 + 9 + 2, lines.size(), lines.toString());
        assertTrue(lines.getLast().contains(" cores, "), lines.getLast());
    }

    @Test
    void whatIsNotThereIsSaidInASentence() {
        for (String name : List.of("m4-hourly", "ett-h1", "pjm-load", "exchange-rate")) {
            Run run = Gatecasts.run("benchmark", "--data", folder.toString(), "--only", name);
            assertTrue(run.status() > 0, name);
            String expected = name.equals("ett-h1") ? "no benchmark 'ett-h1': expected some of m4-hourly" : "no such f";
            assertTrue(run.err().contains(expected), run.err());
        }
    }
}
