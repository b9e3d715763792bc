package io.gatecast.app.memory;

import io.gatecast.app.chaos.Instance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a process keeps in memory.
///
/// @param heap     bytes of living objects, after a full collection
/// @param resident bytes of the process in main memory, heap and all
record Footprint(long heap, long resident) {
    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");
    private static final int LOOK_AGAIN_MILLIS = 50;

    static Footprint of(long pid) throws IOException, InterruptedException {
        // A histogram of living objects collects first, and its last line is their sum.
        Matcher total = TOTAL.matcher(output(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid), "GC.class_histogram"));
        if (!total.find()) {
            throw new IOException("jcmd has not said how large the heap of process " + pid + " is");
        }
        return new Footprint(Long.parseLong(total.group(1)),
                Long.parseLong(output("ps", "-o", "rss=", "-p", Long.toString(pid)).strip()) << 10);
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /// @param prefix of the names of the folders that count; empty for all
    /// @return bytes of the files below a folder
    static long bytes(Path folder, String prefix) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            long bytes = 0;
            for (Path path : paths.filter(Files::isRegularFile)
                    .filter(path -> path.getParent().getFileName().toString().startsWith(prefix)).toList()) {
                bytes += Files.size(path);
            }
            return bytes;
        }
    }

    /// What is waited for.
    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(Condition condition, Instance instance, Duration patience) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (!instance.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("it did not happen\n" + instance.tail());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
        }
    }
}
