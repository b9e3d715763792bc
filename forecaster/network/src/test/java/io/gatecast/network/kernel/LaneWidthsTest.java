package io.gatecast.network.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.SmallTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Training and serving give the same bits at every lane width, also at those this processor would not choose. A width
/// is a constant of the JVM, so each has one of its own.
class LaneWidthsTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    @Test
    void everyLaneWidthGivesTheSameBits() throws Exception {
        Ran plain = run(VECTORS, "-Dgatecast.lanes=1");
        assertTrue(plain.kernels.startsWith("plain loops"), plain.kernels);
        for (int lanes : new int[]{4, 8, 16}) {
            Ran ran = run(VECTORS, "-Dgatecast.lanes=" + lanes);
            assertEquals(lanes + " float lanes (jdk.incubator.vector)", ran.kernels);
            assertEquals(plain.digest, ran.digest, ran.kernels);
        }
    }

    @Test
    void withoutTheVectorModuleItSaysSoAndGivesTheSameBits() throws Exception {
        Ran without = run();
        assertEquals("plain loops: start Java with --add-modules jdk.incubator.vector for SIMD", without.kernels);
        assertEquals(run(VECTORS).digest, without.digest);
    }

    @Test
    void aWidthThatDoesNotExistIsRefused() throws Exception {
        Process process = start(List.of(VECTORS, "-Dgatecast.lanes=5"));
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(1, process.waitFor());
        assertTrue(said.contains("gatecast.lanes: expected 1, 4, 8 or 16, found 5"), said);
    }

    private record Ran(String kernels, String digest) {}

    private static Ran run(String... flags) throws IOException, InterruptedException {
        Process process = start(List.of(flags));
        List<String> lines = new String(process.getInputStream().readAllBytes()).lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules")).toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        return new Ran(lines.get(0), lines.get(1));
    }

    private static Process start(List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(flags);
        command.addAll(
                List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), SmallTraining.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
