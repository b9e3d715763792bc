package io.gatecast.app.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever bytes come in, the answer is a value or one of the errors that are documented, each with a sentence; soon, and
/// without setting aside more memory than a bound.
///
/// Some thousand inputs in `mvn verify`; `mvn verify -Pfuzz -Dfuzz.inputs=1000000 -Dfuzz.seed=1` for many, shared by
/// `-Dfuzz.threads=2` threads. A failure says the input's seed and number, with which it comes again: `-Dfuzz.seed=...
/// -Dfuzz.from=... -Dfuzz.inputs=1`.
final class FuzzTest {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2_000);
    private static final long FROM = Long.getLong("fuzz.from", 0);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int THREADS = Integer.getInteger("fuzz.threads",
            Runtime.getRuntime().availableProcessors());
    private static final long LOOK_AGAIN_MILLIS = 100;

    @TempDir
    static Path folder;

    @ParameterizedTest
    @EnumSource(Target.Name.class)
    void nothingWorseThanATypedError(Target.Name name) throws Exception {
        Target target = Target.of(name, folder);
        long begun = System.nanoTime();
        List<FuzzThread> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            long from = FROM + (long) INPUTS * thread / THREADS, to = FROM + (long) INPUTS * (thread + 1) / THREADS;
            threads.add(FuzzThread.start(name, target, thread, SEED, from, to));
        }
        for (FuzzThread thread : threads) {
            while (!thread.hasEnded(LOOK_AGAIN_MILLIS)) {
                threads.forEach(FuzzThread::requireMoving);
            }
        }
        threads.forEach(FuzzThread::requireSound);
        long taken = threads.stream().mapToLong(FuzzThread::taken).sum();
        long bytes = threads.stream().mapToLong(FuzzThread::mostBytes).max().orElse(0);
        long nanos = threads.stream().mapToLong(FuzzThread::mostNanos).max().orElse(0);
        System.out.printf("Fuzz, seed %d: %s, %,d inputs, %,d of them taken, at most %,d bytes allocated and %,d ms for"
                + " one, %d s in all%n", SEED, name, INPUTS, taken, bytes, TimeUnit.NANOSECONDS.toMillis(nanos),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        assertTrue(INPUTS < 1000 || taken < INPUTS, "nothing was refused: the inputs are too tame");
    }
}
