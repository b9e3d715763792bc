package io.gatecast.app.chaos;

import io.gatecast.app.Gatecast;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One `gatecast run` in a process of its own, with a folder for its state that outlives it. Only processes that were
/// started here are ever sent a signal.
public final class Instance {
    private static final int SECONDS_TO_TELL = 2;
    private static final int SECONDS_TO_STOP = 60;
    private static final int LINES_TOLD = Integer.getInteger("chaos.tail", 40);

    private final Path folder;
    private final String settings;
    private final String heap;
    private final Path log;
    private Process process;
    private long begun;

    private Instance(Path folder, String settings, String heap) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.heap = heap;
        this.log = folder.resolveSibling(folder.getFileName() + ".log");
        this.process = spawn();
    }

    /// @param folder   for the state, made where it is missing
    /// @param settings a properties file, all but `state.dir`
    /// @param heap     the largest, as in `384m`
    public static Instance start(Path folder, String settings, String heap) throws IOException {
        return new Instance(folder, settings, heap);
    }

    private Process spawn() throws IOException {
        Files.createDirectories(folder);
        Path config = Files.writeString(folder.resolveSibling(folder.getFileName() + ".properties"),
                settings + "state.dir=" + folder + "\n");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Xmx" + heap, "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Gatecast.class.getName(), "run",
                "--config", config.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        begun = Files.exists(log) ? Files.size(log) : 0;
        builder.environment().put("GATECAST_LOG", System.getProperty("chaos.log", "warn"));
        return builder.start();
    }

    /// @return of its process
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// @return whether it has found the cluster, the registry and a model: before, it does not outlive the broker
    public boolean isRunning() throws IOException {
        try (InputStream said = Files.newInputStream(log)) {
            said.skipNBytes(begun);
            return new String(said.readAllBytes(), StandardCharsets.UTF_8).contains("Running: ");
        }
    }

    /// SIGKILL, and a new process.
    ///
    /// @param wipe whether the folder is lost, too
    public void kill(boolean wipe) throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        if (wipe) {
            delete(folder);
        }
        process = spawn();
    }

    /// SIGTERM, and a new process.
    void restart() throws IOException, InterruptedException {
        stop();
        process = spawn();
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " failed: the instance has ended\n" + tail());
        }
    }

    /// SIGTERM; returns once it has ended, and says if it did not do so of itself.
    public void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
            signal("QUIT"); // it writes into its log what each of its threads is at
            process.waitFor(SECONDS_TO_TELL, TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            throw new IOException(
                    "an instance did not stop within " + SECONDS_TO_STOP + " s of SIGTERM\n" + Files.readString(log));
        }
    }

    /// Whatever state it is in.
    public void end() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// @return the last lines it said
    public String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return log + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            return; // it never came so far
        }
    }
}
