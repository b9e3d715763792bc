package io.gatecast.benchmarks;

import io.gatecast.benchmarks.peer.TorchBackpropagation;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.cell.Cells;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.layer.Recurrence;
import io.gatecast.network.layer.Rows;
import io.gatecast.network.layer.Tape;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Backpropagation through time of one LSTM layer: 96 steps of 64 series forward and back, the gradient by every weight from a
/// given one by every hidden state, by ours and by libtorch. Two threads of ours take half of the series each.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(value = 2, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // JMH calls build() before anything else
public class BackpropagationBenchmark {
    private static final int STEPS = 96;
    private static final int BATCH = 64;
    private static final int INPUTS = 8;

    /// Whose backpropagation it is.
    public enum Engine {
        OURS, LIBTORCH
    }

    @Param({"64", "128"})
    public int units = 128;

    @Param({"1", "2"})
    public int threads = 1;

    @Param
    public Engine engine = Engine.OURS;

    private final List<Half> halves = new ArrayList<>();
    private TorchBackpropagation torch;
    private ExecutorService executor;

    @Setup
    public void build() {
        Parameters parameters = parameters();
        int share = BATCH / threads;
        for (int t = 0; t < threads; t++) {
            halves.add(new Half(units, parameters, share));
        }
        executor = Executors.newFixedThreadPool(threads);
        if (engine == Engine.LIBTORCH) {
            torch = new TorchBackpropagation(parameters, "lstm", STEPS, BATCH, threads);
        }
    }

    @TearDown
    public void stop() {
        executor.shutdown();
    }

    private Parameters parameters() {
        RecurrentLayer shape = new RecurrentLayer(CellKind.LSTM, units);
        Parameters.Layout layout = new Parameters.Layout();
        Cells.layOut("lstm", INPUTS, shape, layout);
        Parameters parameters = layout.build();
        Cells.initialise("lstm", shape, parameters, new SplittableRandom(1));
        return parameters;
    }

    @Benchmark
    public Object gradient() throws InterruptedException, ExecutionException {
        if (engine == Engine.LIBTORCH) {
            return torch.gradient();
        }
        List<Future<?>> others = new ArrayList<>();
        for (Half half : halves.subList(1, halves.size())) {
            others.add(executor.submit(half::take));
        }
        halves.getFirst().take();
        for (Future<?> other : others) {
            other.get();
        }
        return halves;
    }

    /// What one thread does.
    private static final class Half {
        private final Recurrence recurrence;
        private final Tape tape;
        private final Rows x;
        private final Rows dh;
        private final Parameters gradient;

        Half(int units, Parameters parameters, int batch) {
            RecurrentLayer shape = new RecurrentLayer(CellKind.LSTM, units);
            this.recurrence = new Recurrence(Cells.cell("lstm", shape, parameters, Kernels.best()), false);
            this.tape = recurrence.tape(STEPS, batch);
            this.x = new Rows(numbers(STEPS * batch * INPUTS), 0, INPUTS);
            this.dh = new Rows(numbers(STEPS * batch * units), 0, units);
            this.gradient = parameters.zeros();
        }

        void take() {
            gradient.fill(0);
            tape.start();
            recurrence.forward(x, tape);
            recurrence.backward(x, dh, null, STEPS, tape, gradient);
        }

        private static float[] numbers(int count) {
            SplittableRandom random = new SplittableRandom(2);
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
            return numbers;
        }
    }
}
