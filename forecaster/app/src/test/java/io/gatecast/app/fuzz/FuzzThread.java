package io.gatecast.app.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A share of the inputs, in a thread of its own, so that others can watch it and count what it allocates.
final class FuzzThread {
    /// For one input, and as much again for a processor that is busy elsewhere; sound ones take a few milliseconds.
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);
    /// For one input; a sound one, a model with its weights, takes less than a megabyte.
    private static final long MOST_BYTES = 16L << 20;
    private static final int SHOWN = 3000;

    private final Target.Name name;
    private final Target target;
    private final Target.Reading reading;
    private final Mutation mutation;
    private final long seed;
    private final Thread thread;
    private volatile long number;
    private volatile long began = System.nanoTime();
    // Read by others once the thread has ended.
    private @Nullable AssertionError fault;
    private long taken;
    private long mostBytes;
    private long mostNanos;

    private FuzzThread(Target.Name name, Target target, int index, long seed, long from, long to) {
        this.name = name;
        this.target = target;
        this.reading = target.readings().apply(index);
        this.mutation = new Mutation(target.sound(), seed);
        this.seed = seed;
        this.number = from;
        this.thread = Thread.ofPlatform().daemon().name("fuzz-" + index).unstarted(() -> readAll(from, to));
    }

    /// @param from number of the first input
    /// @param to   number after the last
    static FuzzThread start(Target.Name name, Target target, int index, long seed, long from, long to) {
        FuzzThread started = new FuzzThread(name, target, index, seed, from, to);
        started.thread.start();
        return started;
    }

    private void readAll(long from, long to) {
        ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (byte[] sound : target.sound()) { // what is made once is not counted with an input
            Throwable thrown = read(sound);
            if (thrown != null) {
                fault = new AssertionError(name + ": a sound input is refused", thrown);
                return;
            }
        }
        for (long next = from; next < to && fault == null; next++) {
            byte[] bytes = mutation.input(next);
            number = next;
            began = System.nanoTime();
            long before = beans.getCurrentThreadAllocatedBytes();
            Throwable thrown = read(bytes);
            long allocated = beans.getCurrentThreadAllocatedBytes() - before, nanos = System.nanoTime() - began;
            count(allocated, nanos, thrown == null);
            if (thrown != null && !isTyped(thrown)) {
                fault = told("threw " + thrown, thrown);
            } else if (allocated > MOST_BYTES) {
                fault = told("allocated " + allocated + " bytes", thrown);
            } else if (nanos > MOST_NANOS) {
                fault = told("took " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms", thrown);
            }
        }
    }

    private @Nullable Throwable read(byte[] bytes) {
        try {
            reading.read(bytes);
            return null;
        } catch (Throwable e) { // what else it may be is what is looked for
            return e;
        }
    }

    private void count(long allocated, long nanos, boolean isTaken) {
        mostBytes = Math.max(mostBytes, allocated);
        mostNanos = Math.max(mostNanos, nanos);
        taken += isTaken ? 1 : 0;
    }

    private boolean isTyped(Throwable thrown) {
        return target.refusals().stream().anyMatch(type -> type.isInstance(thrown)) && thrown.getMessage() != null
                && !thrown.getMessage().isBlank();
    }

    /// The input is made anew, since its reader may have written into it.
    private AssertionError told(String what, @Nullable Throwable cause) {
        byte[] bytes = mutation.input(number);
        String text = Base64.getEncoder().encodeToString(bytes);
        return new AssertionError(
                name + ", input " + number + " " + what + "; again with mvn verify -Pfuzz -Dfuzz.seed="
                        + seed + " -Dfuzz.from=" + number + " -Dfuzz.inputs=1; " + bytes.length + " bytes, Base64: "
                        + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "..."),
                cause);
    }

    boolean hasEnded(long waitMillis) throws InterruptedException {
        thread.join(waitMillis);
        return !thread.isAlive();
    }

    /// @throws AssertionError if it is busy with one input for so long that it will hardly come back, with where it is
    void requireMoving() {
        if (thread.isAlive() && System.nanoTime() - began > 2 * MOST_NANOS) {
            String place = Arrays.stream(thread.getStackTrace()).map(Object::toString)
                    .collect(Collectors.joining("\n\tat "));
            throw told("has not come back for " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)
                    + " s, from " + place, null);
        }
    }

    /// @throws AssertionError if an input came to more than a typed error
    void requireSound() {
        AssertionError found = fault;
        if (found != null) {
            throw found;
        }
    }

    long taken() {
        return taken;
    }

    long mostBytes() {
        return mostBytes;
    }

    long mostNanos() {
        return mostNanos;
    }
}
