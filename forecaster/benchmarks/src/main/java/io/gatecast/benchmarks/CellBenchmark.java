package io.gatecast.benchmarks;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequenceLoss;
import io.gatecast.network.SequencePass;
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

/// What each cell costs: 75 inputs, 64 hidden numbers, under a head of 24 steps ahead at three quantiles. A bidirectional
/// layer, which has 32 units each way, serves an event by a window of 40 steps. A ConvLSTM has 13 filters at each of 5
/// positions in a row.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@SuppressWarnings("NullAway.Init") // JMH calls build() before anything else
public class CellBenchmark {
    private static final int INPUTS = 75;
    private static final int WINDOW = 40;
    private static final int STEPS = 96;
    private static final int BATCH = 64;

    @Param({"lstm", "rnn", "peephole", "gru", "gru-reset-before", "convlstm", "convlstm-peephole",
            "bidirectional-lstm"})
    public String cell = "lstm";

    private Network network;
    private Network.Scratch scratch;
    private SequenceBatch window;
    private SequencePass pass;
    private float[] x;
    private float[] state;
    private float[] bases;
    private float[] quantiles;
    private SequenceBatch batch;
    private SequenceLoss loss;
    private Parameters gradient;

    @Setup
    public void build() {
        SplittableRandom random = new SplittableRandom(1);
        Architecture architecture = new Architecture(INPUTS, List.of(layer()),
                new HeadShape(1, 2, 24, List.of(0.1, 0.5, 0.9)));
        Parameters parameters = Network.initialise(architecture, 1);
        network = Network.compile(architecture, parameters);
        scratch = network.scratch();
        x = numbers(random, INPUTS);
        state = new float[network.stateSize()];
        bases = numbers(random, 2 * 24);
        quantiles = new float[3 * 24];
        window = new SequenceBatch(architecture, WINDOW, WINDOW - 1, 1);
        System.arraycopy(numbers(random, window.inputs.length), 0, window.inputs, 0, window.inputs.length);
        pass = new SequencePass(network, window);
        batch = new SequenceBatch(architecture, STEPS, 0, BATCH);
        for (float[] part : List.of(batch.inputs, batch.bases, batch.targets)) {
            System.arraycopy(numbers(random, part.length), 0, part, 0, part.length);
        }
        Arrays.fill(batch.weights, 1);
        loss = new SequenceLoss(network, batch);
        gradient = parameters.zeros();
    }

    private RecurrentLayer layer() {
        if (cell.equals("bidirectional-lstm")) {
            return new RecurrentLayer(CellKind.LSTM, 32, null, true, false);
        }
        CellKind kind = Arrays.stream(CellKind.values()).filter(each -> each.label().equals(cell)).findFirst()
                .orElseThrow();
        return kind.isConvolutional()
                ? new RecurrentLayer(kind, 13, new Grid(1, 5, 3), false, false)
                : new RecurrentLayer(kind, 64);
    }

    /// An event as it is served.
    @Benchmark
    public float[] event() {
        if (network.architecture().streams()) {
            network.advance(x, state, scratch);
            network.answer(x, state, bases, quantiles, scratch);
        } else {
            pass.answers(network, window, quantiles);
        }
        return quantiles;
    }

    /// 96 steps of 64 series: loss and gradient of every weight, the head's with them.
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public double gradient() {
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
