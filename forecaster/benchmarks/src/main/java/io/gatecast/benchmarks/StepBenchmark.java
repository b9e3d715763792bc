package io.gatecast.benchmarks;

import io.gatecast.benchmarks.peer.Dl4jStepper;
import io.gatecast.benchmarks.peer.OnnxRuntimeStepper;
import io.gatecast.benchmarks.peer.TorchStepper;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.kernel.Precision;
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

/// One step of one LSTM layer of 8 inputs, batch 1, on one thread, by ours in each precision and by others' engines: h and c
/// go in and come out as float[] each time, as a state of one key among many must. What another engine answers is held against
/// ours beforehand.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(value = 2, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // JMH calls build() before anything else
public class StepBenchmark {
    private static final int INPUTS = 8;
    private static final int ROWS = 64;
    private static final float TOLERANCE = 1e-5f;

    /// Whose step it is.
    public enum Engine {
        FLOAT32, INT16, BFLOAT16, ONNX_RUNTIME, PYTORCH, DL4J
    }

    @Param({"32", "64", "128", "256"})
    public int units = 64;

    @Param
    public Engine engine = Engine.FLOAT32;

    private Network network;
    private Network.Scratch scratch;
    private float[] state;
    private final float[][] x = new float[ROWS][INPUTS];
    private int row;

    @Setup
    public void build() {
        Architecture architecture = new Architecture(INPUTS, List.of(new RecurrentLayer(CellKind.LSTM, units)),
                new HeadShape(1, 2, 24, List.of(0.1, 0.5, 0.9)));
        Network exact = Network.compile(architecture, Network.initialise(architecture, 1));
        network = switch (engine) {
            case FLOAT32 -> exact;
            case INT16 -> exact.in(Precision.INT16);
            case BFLOAT16 -> exact.in(Precision.BFLOAT16);
            case ONNX_RUNTIME -> exact.steppedBy(() -> new OnnxRuntimeStepper(exact));
            case PYTORCH -> exact.steppedBy(() -> new TorchStepper(exact));
            case DL4J -> exact.steppedBy(() -> new Dl4jStepper(exact));
        };
        scratch = network.scratch();
        state = new float[network.stateSize()];
        SplittableRandom random = new SplittableRandom(2);
        for (float[] inputs : x) {
            for (int i = 0; i < INPUTS; i++) {
                inputs[i] = (float) random.nextGaussian();
            }
        }
        if (engine == Engine.ONNX_RUNTIME || engine == Engine.PYTORCH || engine == Engine.DL4J) {
            check(exact);
        }
    }

    /// Whether the other engine reckons the same, step after step.
    private void check(Network exact) {
        Network.Scratch exactScratch = exact.scratch();
        float[] ours = new float[exact.stateSize()], theirs = new float[exact.stateSize()];
        for (int step = 0; step < ROWS; step++) {
            exact.advance(x[step], ours, exactScratch);
            network.advance(x[step], theirs, scratch);
            for (int i = 0; i < ours.length; i++) {
                if (!(Math.abs(ours[i] - theirs[i]) <= TOLERANCE)) {
                    throw new IllegalStateException(
                            "%s takes other steps than ours: number %d of the state is %s after step %d, ours %s"
                                    .formatted(engine, i, theirs[i], step, ours[i]));
                }
            }
        }
    }

    @Benchmark
    public float[] step() {
        network.advance(x[row++ % ROWS], state, scratch);
        return state;
    }
}
