package io.gatecast.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real Kafka broker for a demo or a test: one KRaft node in a JVM of its own, on loopback, its data in a temporary
/// folder that goes when it goes. It never outlives the JVM that started it: it ends when its stdin does, which the
/// operating system sees to even if this JVM is killed. Not for production: one replica, no security.
public final class EmbeddedBroker implements AutoCloseable {
    /// As a wanted port: any free one.
    public static final int ANY_PORT = 0;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int ATTEMPTS = 3;
    private static final int ATTEMPTS_TO_RESTART = 20;
    private static final int SECONDS_TO_STOP = 20;

    private Process process;
    private final Path folder;
    private final List<String> settings;
    private final String bootstrapServers;

    private EmbeddedBroker(Process process, Path folder, List<String> settings, String bootstrapServers) {
        this.process = process;
        this.folder = folder;
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
    }

    /// Starts a broker on a free port, with its data under the system's folder for temporary files.
    public static EmbeddedBroker start() throws IOException {
        return start(ANY_PORT, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Starts a broker and waits until it takes requests, about two seconds.
    ///
    /// @param port   to listen on, or [#ANY_PORT]
    /// @param parent folder in which the broker's own is made
    /// @throws IOException with a sentence, if the port is taken, the folder cannot be written to, or the broker fails
    public static EmbeddedBroker start(int port, Path parent) throws IOException {
        return start(port, parent, List.of());
    }

    /// As [#start(int, Path)].
    ///
    /// @param settings of the broker besides its usual ones, as in `num.io.threads=2`; those that begin with `-` are its JVM's
    public static EmbeddedBroker start(int port, Path parent, List<String> settings) throws IOException {
        for (int attempt = 1;; attempt++) {
            Path folder = temporaryFolder(parent);
            Process process = spawn(port, folder, settings);
            BufferedReader output = process.inputReader();
            String answer = answer(output);
            if (answer.startsWith(BrokerProcess.READY)) {
                drain(output);
                return new EmbeddedBroker(process, folder, settings,
                        answer.substring(BrokerProcess.READY.length()));
            }
            IOException failure = new IOException(explain(answer, end(process), port));
            BrokerProcess.delete(folder);
            // A port that was free a moment ago can be taken by the time the broker listens.
            if (port != ANY_PORT || process.exitValue() != BrokerProcess.PORT_TAKEN || attempt == ATTEMPTS) {
                throw failure;
            }
        }
    }

    /// @return what clients need as `bootstrap.servers`
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// @return the broker's JVM
    public ProcessHandle process() {
        return process.toHandle();
    }

    /// @return where its data and its log, `broker.log`, are while it runs
    public Path folder() {
        return folder;
    }

    /// Stops the broker in good order, and starts it again with the data it has, at the same address.
    ///
    /// @throws IOException with a sentence, if it does not come up again
    public void restart() throws IOException {
        process.getOutputStream().write('k'); // anything: keep the folder
        end(process);
        int port = Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
        for (int attempt = 1;; attempt++) {
            process = spawn(port, folder, settings);
            BufferedReader output = process.inputReader();
            String answer = answer(output);
            if (answer.startsWith(BrokerProcess.READY)) {
                drain(output);
                return;
            }
            // A client that looks for the broker meanwhile may hold its port for a moment.
            if (end(process) != BrokerProcess.PORT_TAKEN || attempt == ATTEMPTS_TO_RESTART) {
                throw new IOException(explain(answer, process.exitValue(), port));
            }
        }
    }

    /// Stops the broker in good order, within a second as a rule, and deletes its folder.
    @Override
    public void close() throws IOException {
        end(process);
        BrokerProcess.delete(folder); // nothing is left of it unless the broker had to be killed
    }

    private static Path temporaryFolder(Path parent) throws IOException {
        try {
            return Files.createTempDirectory(parent, "gatecast-broker-");
        } catch (IOException e) {
            throw new IOException(parent + ": the broker cannot make its temporary folder there: free or unlock it, or "
                    + "name another folder with GATECAST_JAVA_OPTS=-Djava.io.tmpdir=FOLDER", e);
        }
    }

    private static Process spawn(int port, Path folder, List<String> settings) throws IOException {
        List<String> command = new ArrayList<>();
        // Ctrl-C reaches every process on the terminal; the broker must outlast the clients that are closed then.
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "gatecast-broker"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.add("-Dlog4j2.configurationFile=classpath:broker-log4j2.xml");
        command.add("-Dgatecast.broker.log=" + folder.resolve("broker.log"));
        command.addAll(settings.stream().filter(EmbeddedBroker::isOfTheJvm).toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BrokerProcess.class.getName()));
        command.addAll(List.of(Integer.toString(port), folder.toString()));
        command.addAll(settings.stream().filter(setting -> !isOfTheJvm(setting)).toList());
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean isOfTheJvm(String setting) {
        return setting.startsWith("-");
    }

    /// @return the line that says that it is ready, or else the last one; empty where there was none
    private static String answer(BufferedReader output) throws IOException {
        String last = "";
        String line = output.readLine(); // of which a JVM may have some of its own, its warnings
        while (line != null && !line.startsWith(BrokerProcess.READY)) {
            last = line;
            line = output.readLine();
        }
        return line == null ? last : line;
    }

    /// Reads on, so that a broker with more to say is not held up by a full pipe.
    private static void drain(BufferedReader output) {
        Thread.ofPlatform().daemon().name("broker-output").start(() -> {
            try {
                output.transferTo(Writer.nullWriter());
            } catch (IOException closed) {
                LOG.debug("the embedded broker's output has ended", closed);
            }
        });
    }

    /// Closes the broker's stdin, which tells it to stop.
    ///
    /// @return its exit status
    private static int end(Process process) throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return BrokerProcess.FAILED;
        }
    }

    private static String explain(String answer, int status, int port) {
        if (status == BrokerProcess.PORT_TAKEN && port != ANY_PORT) {
            return "port " + port + " on 127.0.0.1 is in use: stop what listens there or choose another port";
        }
        return "the embedded Kafka broker did not start: "
                + (answer.isEmpty() ? "its JVM ended with status " + status : answer);
    }
}
