package io.gatecast.benchmarks;

import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.kernel.Panels;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The products alone, by SIMD and by plain loops, which needs a JVM of its own. An operation of `rows` x `inner` x
/// `columns` is 2 · rows · inner · columns flops. Sums grow over the calls of an iteration; finite for any length of it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
public class KernelBenchmark {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String PLAIN = "-Dgatecast.lanes=1";

    private final Kernels kernels = Kernels.best();
    private final SplittableRandom random = new SplittableRandom(1);
    private final float[] x = numbers(2048 * 136);
    private final float[] gates = numbers(2048 * 512);
    private final float[] weights = new float[136 * 512];
    private final Panels panels = Panels.of(numbers(136 * 512), 0, 136, 512);

    /// One row, 1 x 136 x 512: a step of serving, 8 inputs and 128 units.
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = VECTORS)
    public float[] rowVector() {
        return row();
    }

    @Benchmark
    @Fork(value = 1, jvmArgsAppend = {VECTORS, PLAIN})
    public float[] rowPlain() {
        return row();
    }

    /// A batch, 64 x 136 x 512: a step of training.
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = VECTORS)
    public float[] batchVector() {
        return batch();
    }

    @Benchmark
    @Fork(value = 1, jvmArgsAppend = {VECTORS, PLAIN})
    public float[] batchPlain() {
        return batch();
    }

    /// A gradient, 136 x 2048 x 512: 32 steps of 64 series.
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = VECTORS)
    public float[] gradientVector() {
        return gradient();
    }

    @Benchmark
    @Fork(value = 1, jvmArgsAppend = {VECTORS, PLAIN})
    public float[] gradientPlain() {
        return gradient();
    }

    private float[] row() {
        kernels.addProduct(1, x, 0, 136, panels, gates, 0, 512);
        return gates;
    }

    private float[] batch() {
        kernels.addProduct(64, x, 0, 136, panels, gates, 0, 512);
        return gates;
    }

    private float[] gradient() {
        kernels.addOuterProducts(2048, x, 0, 136, 136, gates, 0, 512, 512, weights, 0);
        return weights;
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
