package io.gatecast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/bin/gatecast` in a checkout, a home and a PATH made up for it, where Java and Maven are small scripts that
/// say how they were called.
@Timeout(60)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("../../deploy/bin/gatecast").toAbsolutePath().normalize();
    private static final List<String> TOOLS = List.of("bash", "cat", "dirname", "env", "find", "flock", "grep", "head",
            "mkdir", "readlink", "rm", "sed", "sleep", "tail", "touch");
    private static final Pattern ANY_SECONDS = Pattern.compile("Built in \\d+ s\\.");

    @TempDir
    Path folder;
    private Path checkout;
    private Path path;
    private Path jdk;

    @BeforeEach
    void makeUpACheckout() throws IOException {
        checkout = folder.resolve("a check out");
        path = Files.createDirectory(folder.resolve("path"));
        jdk = folder.resolve("home/.jdks/a jdk");
        Files.createDirectories(checkout.resolve("deploy/bin"));
        Files.createDirectories(checkout.resolve("forecaster/app/src/main"));
        Files.writeString(checkout.resolve("pom.xml"), "");
        Files.copy(LAUNCHER, launcher());
        for (String tool : TOOLS) {
            script(path.resolve(tool), "exec " + find(tool) + " \"$@\"\n");
        }
        jdk(jdk, "25.0.3");
        script(path.resolve("mvn"), """
                echo "$@" > '%1$s/mvn-called'
                touch '%1$s/jvm.flags' '%1$s/gatecast.jar'
                """.formatted(target()));
    }

    @Test
    void theFirstCallBuildsAndRunsAndTheNextOnlyRuns() throws Exception {
        Run first = run(List.of(launcher().toString(), "demo", "two words"));

        assertEquals(0, first.status, first.stderr);
        assertEquals(List.of("Building Gatecast (first time, about a minute) ...", "Built in N s."), first.lines());
        assertTrue(first.stdout.endsWith("gatecast.jar|demo|two words|\n"), first.stdout);
        assertTrue(Files.readString(target().resolve("mvn-called")).contains("-Dmaven.test.skip=true"));

        Run second = run(List.of(launcher().toString()));

        assertEquals(List.of(), second.lines());
    }

    /// Benchmarks and peers are in a module of their own.
    @Test
    void benchBuildsAndRunsTheBenchmarks() throws Exception {
        Path benchmarks = Files.createDirectories(checkout.resolve("forecaster/benchmarks/target"));
        Files.createDirectories(checkout.resolve("forecaster/benchmarks/src/main"));
        script(path.resolve("mvn"), """
                echo "$@" > '%1$s/mvn-called'
                touch '%2$s/benchmarks.jar'
                """.formatted(benchmarks, benchmarks));
        Run run = run(List.of(launcher().toString(), "bench", "pipeline"));
        assertEquals(0, run.status, run.stderr);
        assertTrue(run.stdout.endsWith("benchmarks.jar|io.gatecast.benchmarks.Bench|pipeline|\n"), run.stdout);
        assertTrue(Files.readString(benchmarks.resolve("mvn-called")).contains("-Pbenchmarks"));
        assertEquals(List.of(), run(List.of(launcher().toString(), "bench")).lines());
    }

    @Test
    void aSourceNewerThanTheJarIsBuiltAgain() throws Exception {
        run(List.of(launcher().toString()));
        Path source = Files.writeString(checkout.resolve("forecaster/app/src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

        assertEquals(List.of("Building Gatecast ...", "Built in N s."), run(List.of(launcher().toString())).lines());
    }

    @Test
    void itRunsThroughASymbolicLinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a check out/deploy/bin/gatecast"));
        assertEquals(0, run(List.of(link.toString())).status);
    }

    @Test
    void theLineAboutTheIncubatingModuleIsDroppedAndAllOthersKept() throws Exception {
        run(List.of(launcher().toString()));
        script(jdk.resolve("bin/java"), """
                echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
                echo 'Error: no memory' >&2
                exit 3
                """);
        // Into a file: a pipe is closed with the process, and the filter may still have something to say then.
        Path errors = folder.resolve("errors");
        Process process = builder(List.of(launcher().toString()), Map.of()).redirectError(errors.toFile()).start();
        assertEquals(3, process.waitFor());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Files.size(errors) == 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(List.of("Error: no memory"), Files.readAllLines(errors));
    }

    @Test
    void aMissingJdkIsOneSentence() throws Exception {
        jdk(jdk, "24.0.1");
        String text = Files.readString(launcher());
        Files.writeString(launcher(), text.replace(" /usr/", " /nowhere/").replace(" /opt/", " /nowhere/"));
        Run run = run(List.of(launcher().toString()));
        assertEquals(1, run.status);
        assertEquals(List.of("gatecast: no JDK 25 or later found: install one (https://adoptium.net), "
                + "or set GATECAST_JAVA_HOME to its folder."), run.lines());
    }

    @Test
    void aJdkThatIsNamedButTooOldIsOneSentence() throws Exception {
        Path old = jdk(folder.resolve("old"), "17.0.1");
        Run run = run(List.of(launcher().toString()), Map.of("GATECAST_JAVA_HOME", old.toString()));
        assertEquals(1, run.status);
        assertEquals(List.of("gatecast: GATECAST_JAVA_HOME is " + old
                + ", which is no JDK 25 or later: correct it or unset it."), run.lines());
    }

    @Test
    void aMissingMavenIsOneSentence() throws Exception {
        Files.delete(path.resolve("mvn"));
        Run run = run(List.of(launcher().toString()));
        assertEquals(1, run.status);
        assertEquals(List.of("gatecast: Maven is needed to build Gatecast the first time: install it (3.8 or later) "
                + "so that mvn is on the PATH."), run.lines());
    }

    @Test
    void aBuildThatFailsShowsItsErrorsAndLeavesNoJar() throws Exception {
        script(path.resolve("mvn"), """
                echo '[INFO] working'
                echo '[ERROR] Foo.java:[1,2] odd'
                touch '%s/gatecast.jar'
                exit 1
                """.formatted(target()));
        Run run = run(List.of(launcher().toString()));
        assertEquals(1, run.status);
        assertEquals(List.of("Building Gatecast (first time, about a minute) ...", "[ERROR] Foo.java:[1,2] odd",
                "gatecast: the build failed; all of its output is in " + target().resolve("build.log") + "."),
                run.lines());
        assertFalse(Files.exists(target().resolve("gatecast.jar")));
    }

    @Test
    void callsAtTheSameTimeBuildOnce() throws Exception {
        script(path.resolve("mvn"), """
                echo built >> '%1$s/builds'
                touch '%1$s/jvm.flags'
                sleep 1
                touch '%1$s/gatecast.jar'
                """.formatted(target()));
        List<Process> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(builder(List.of(launcher().toString()), Map.of()).start());
        }
        Set<Integer> statuses = new TreeSet<>();
        for (Process call : calls) {
            statuses.add(call.waitFor());
        }
        assertEquals(Set.of(0), statuses);
        assertEquals(List.of("built"), Files.readAllLines(target().resolve("builds")));
    }

    private record Run(int status, String stdout, String stderr) {
        List<String> lines() {
            return stderr.lines().map(line -> ANY_SECONDS.matcher(line).replaceFirst("Built in N s.")).toList();
        }
    }

    private Run run(List<String> command) throws Exception {
        return run(command, Map.of());
    }

    private Run run(List<String> command, Map<String, String> environment) throws Exception {
        Process process = builder(command, environment).start();
        String stdout = new String(process.getInputStream().readAllBytes(), UTF_8);
        String stderr = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), stdout, stderr);
    }

    private ProcessBuilder builder(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private Path launcher() {
        return checkout.resolve("deploy/bin/gatecast");
    }

    private Path target() {
        return checkout.resolve("forecaster/app/target");
    }

    private static Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/javac"), "");
        script(home.resolve("bin/java"), "printf '%s|' \"$@\"; echo\n");
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path find(String tool) {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new AssertionError(tool + " is not on the PATH");
    }
}
