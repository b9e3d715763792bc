package io.gatecast.benchmarks;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequenceLoss;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One layer of LSTM under a head: an event as it is served, and a batch forward and back as it is trained, by SIMD and
/// by plain loops, which needs a JVM of its own.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls build() before anything else
public class NetworkBenchmark {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String PLAIN = "-Dgatecast.lanes=1";
    private static final int STEPS = 96;
    private static final int BATCH = 64;

    /// X and H.
    @Param({"8x64", "8x128", "75x128"})
    public String size = "75x128";

    private Network network;
    private Network.Scratch scratch;
    private float[] x;
    private float[] state;
    private float[] bases;
    private float[] quantiles;
    private SequenceBatch batch;
    private SequenceLoss loss;
    private Parameters gradient;

    @Setup
    public void build() {
        String[] parts = size.split("x", 2);
        int inputs = Integer.parseInt(parts[0]), units = Integer.parseInt(parts[1]);
        SplittableRandom random = new SplittableRandom(1);
        Architecture architecture = new Architecture(inputs, List.of(new RecurrentLayer(CellKind.LSTM, units)),
                new HeadShape(1, 2, 24, List.of(0.1, 0.5, 0.9)));
        Parameters parameters = Network.initialise(architecture, 1);
        network = Network.compile(architecture, parameters);
        scratch = network.scratch();
        x = numbers(random, inputs);
        state = new float[network.stateSize()];
        bases = numbers(random, 2 * 24);
        quantiles = new float[3 * 24];
        batch = new SequenceBatch(architecture, STEPS, 0, BATCH);
        for (float[] part : List.of(batch.inputs, batch.bases, batch.targets)) {
            System.arraycopy(numbers(random, part.length), 0, part, 0, part.length);
        }
        Arrays.fill(batch.weights, 1);
        loss = new SequenceLoss(network, batch);
        gradient = parameters.zeros();
    }

    /// The layer alone.
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = VECTORS)
    public float[] stepVector() {
        network.advance(x, state, scratch);
        return state;
    }

    @Benchmark
    @Fork(value = 1, jvmArgsAppend = {VECTORS, PLAIN})
    public float[] stepPlain() {
        network.advance(x, state, scratch);
        return state;
    }

    /// The layer, then 24 steps ahead of three quantiles.
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = VECTORS)
    public float[] stepAndAnswerVector() {
        network.advance(x, state, scratch);
        network.answer(x, state, bases, quantiles, scratch);
        return quantiles;
    }

    /// 96 steps of 64 series: loss and gradient of every weight, the head's with them.
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = VECTORS)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public double gradientVector() {
        gradient.fill(0);
        return loss.addGradient(network, batch, gradient);
    }

    @Benchmark
    @Fork(value = 1, jvmArgsAppend = {VECTORS, PLAIN})
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public double gradientPlain() {
        gradient.fill(0);
        return loss.addGradient(network, batch, gradient);
    }

    private static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
