package io.gatecast.app.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever bytes come in, the answer is a value or one of the errors that are documented, each with a sentence; soon, and
/// without setting aside more memory than a bound.
///
/// Some thousand inputs in `mvn verify`; `mvn verify -Pfuzz -Dfuzz.inputs=1000000 -Dfuzz.seed=1` for many. A failure says
/// the input's seed and number, with which it comes again: `-Dfuzz.seed=... -Dfuzz.from=... -Dfuzz.inputs=1`.
final class FuzzTest {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2_000);
    private static final long FROM = Long.getLong("fuzz.from", 0);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    /// For one input, and as much again for a processor that is busy elsewhere; sound ones take a few milliseconds.
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);
    /// For one input; a sound one, a model with its weights, takes less than a megabyte.
    private static final long MOST_BYTES = 16L << 20;
    private static final int SHOWN = 3000;

    @TempDir
    static Path folder;

    @ParameterizedTest
    @EnumSource(Target.Name.class)
    @Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void nothingWorseThanATypedError(Target.Name name) throws Exception {
        Target target = Target.of(name, folder);
        Mutation mutation = new Mutation(target.sound(), SEED);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (byte[] sound : target.sound()) {
            target.reading().read(sound);
        }
        long taken = 0, most = 0;
        for (long number = FROM; number < FROM + INPUTS; number++) {
            byte[] bytes = mutation.input(number);
            byte[] kept = bytes.clone();
            long before = thread.getCurrentThreadAllocatedBytes(), started = System.nanoTime();
            Throwable thrown = read(target, bytes);
            long allocated = thread.getCurrentThreadAllocatedBytes() - before, nanos = System.nanoTime() - started;
            most = Math.max(most, allocated);
            taken += thrown == null ? 1 : 0;
            String fault = thrown != null && !isTyped(target, thrown)
                    ? "threw " + thrown
                    : allocated > MOST_BYTES
                            ? "allocated " + allocated + " bytes"
                            : nanos > MOST_NANOS ? "took " + nanos / 1_000_000 + " ms" : null;
            if (fault != null) {
                throw new AssertionError(told(name, number, kept, fault), thrown);
            }
        }
        System.out.printf("Fuzz, seed %d: %s, %,d inputs, %,d of them taken, at most %,d bytes allocated for one%n",
                SEED,
                name, INPUTS, taken, most);
        assertTrue(INPUTS < 1000 || taken < INPUTS, "nothing was refused: the inputs are too tame");
    }

    private static @Nullable Throwable read(Target target, byte[] bytes) {
        try {
            target.reading().read(bytes);
            return null;
        } catch (Throwable e) { // what else it may be is what is looked for
            return e;
        }
    }

    private static boolean isTyped(Target target, Throwable thrown) {
        return target.refusals().stream().anyMatch(type -> type.isInstance(thrown)) && thrown.getMessage() != null
                && !thrown.getMessage().isBlank();
    }

    private static String told(Target.Name name, long number, byte[] bytes, String fault) {
        String text = Base64.getEncoder().encodeToString(bytes);
        return name + ", input " + number + " " + fault + "; again with mvn verify -Pfuzz -Dfuzz.seed=" + SEED
                + " -Dfuzz.from=" + number + " -Dfuzz.inputs=1; " + bytes.length + " bytes, Base64: "
                + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...");
    }
}
