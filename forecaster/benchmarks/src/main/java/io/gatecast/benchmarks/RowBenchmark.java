package io.gatecast.benchmarks;

import io.gatecast.benchmarks.peer.RowInC;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.kernel.Panels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The product of a step of serving, a single row by the weights of an LSTM of 8 inputs, by ours, by the same loop in C, and
/// what C takes only to read the weights. An operation reads `(8 + units) · 4 · units` weights of four bytes, which lie in L2:
/// 73,728 bytes at 64 units, 278,528 at 128.
///
/// An array of Java's begins where it happens to, in three of four cases so that every second vector of eight lanes crosses
/// the end of a cache line. Here objects are aligned to 32 bytes, and numbers begin 16 behind: it is always so, for Java and for C.
/// What C takes where it has aligned memory of its own stands beside it. The collector is that of the start scripts, since C2
/// makes other loops for G1: with a safepoint after every thousand turns.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@OperationsPerInvocation(RowBenchmark.TIMES)
@Fork(value = 2, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
        "-XX:ObjectAlignmentInBytes=32", "-XX:+UseParallelGC"})
@SuppressWarnings("NullAway.Init") // JMH calls build() before anything else
public class RowBenchmark {
    static final int TIMES = 100;
    private static final int INPUTS = 8;
    private static final int LINE = 64; // bytes of a cache line
    private static final float TOLERANCE = 1e-4f;

    @Param({"64", "128"})
    public int units = 64;

    private final Kernels kernels = Kernels.best();
    private final RowInC c = new RowInC();
    private int rows;
    private int columns;
    private Panels panels;
    private float[] x;
    private float[] y;
    private float[] weights;
    private MemorySegment aligned;

    @Setup
    public void build() {
        rows = INPUTS + units;
        columns = 4 * units;
        SplittableRandom random = new SplittableRandom(1);
        x = numbers(rows, random);
        float[] matrix = numbers(rows * columns, random);
        panels = Panels.of(matrix, 0, rows, columns);
        weights = packed(matrix);
        aligned = Arena.ofAuto().allocate((long) Float.BYTES * weights.length, LINE)
                .copyFrom(MemorySegment.ofArray(weights));
        check();
        y = new float[columns];
    }

    /// As [Panels] packs them, whose own array is nobody else's business.
    private float[] packed(float[] matrix) {
        float[] packed = new float[matrix.length];
        int to = 0;
        for (int panel = 0; panel < columns; panel += Panels.WIDTH) {
            for (int row = 0; row < rows; row++, to += Panels.WIDTH) {
                System.arraycopy(matrix, row * columns + panel, packed, to, Panels.WIDTH);
            }
        }
        return packed;
    }

    private void check() {
        float[] ours = new float[columns], theirs = new float[columns];
        kernels.addProduct(1, x, 0, rows, panels, ours, 0, columns);
        multiply(1, MemorySegment.ofArray(weights), theirs);
        for (int j = 0; j < columns; j++) {
            if (!(Math.abs(ours[j] - theirs[j]) <= TOLERANCE)) {
                throw new IllegalStateException(
                        "C's product is another: column " + j + " is " + theirs[j] + ", ours " + ours[j]);
            }
        }
    }

    @Benchmark
    public float[] row() {
        for (int time = 0; time < TIMES; time++) {
            kernels.addProduct(1, x, 0, rows, panels, y, 0, columns);
        }
        return y;
    }

    @Benchmark
    public float[] rowInC() {
        multiply(TIMES, MemorySegment.ofArray(weights), y);
        return y;
    }

    @Benchmark
    public float[] rowInCAligned() {
        multiply(TIMES, aligned, y);
        return y;
    }

    @Benchmark
    public float readInC() {
        return c.sum(TIMES, weights.length, MemorySegment.ofArray(weights));
    }

    @Benchmark
    public float readInCAligned() {
        return c.sum(TIMES, weights.length, aligned);
    }

    private void multiply(int times, MemorySegment w, float[] to) {
        c.multiply(times, rows, columns, MemorySegment.ofArray(x), w, MemorySegment.ofArray(to));
    }

    private static float[] numbers(int count, SplittableRandom random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
