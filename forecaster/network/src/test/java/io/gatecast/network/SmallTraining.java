package io.gatecast.network;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.kernel.Activations;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.kernel.Precision;
import io.gatecast.network.kernel.WindowSums;
import io.gatecast.network.optimise.Adam;
import io.gatecast.network.optimise.GradientClip;
import io.gatecast.network.tensor.Parameters;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// Trains a small network of each kind for a few updates, serves with it, and prints what kernels it had and a digest of every bit it
/// came by. [io.gatecast.network.kernel.LaneWidthsTest] runs it in JVMs of other lane widths.
public final class SmallTraining {
    private static final int UPDATES = 6;
    private static final int LAG = 5;
    private static final int SERVED = 200;

    private SmallTraining() {}

    public static void main(String[] args) {
        System.out.println(Kernels.best().description());
        System.out.println(digest());
    }

    private static String digest() {
        MessageDigest digest = sha256();
        for (Architecture architecture : everyArchitecture()) {
            Parameters parameters = Network.initialise(architecture, 1);
            train(architecture, parameters, digest);
            if (architecture.streams()) {
                for (Precision precision : Precision.values()) {
                    serve(Network.compile(architecture, parameters).in(precision), digest);
                }
            }
        }
        addWindows(digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Of windows of many lengths, some of whose values are unknown, the sums, and the values squashed.
    private static void addWindows(MessageDigest digest) {
        SplittableRandom random = new SplittableRandom(4);
        for (int length = 0; length < 80; length++) {
            float[] x = RandomBatch.numbers(random, length + LAG);
            for (int i = 0; i < x.length; i += random.nextInt(1, 20)) {
                x[i] = Float.NaN;
            }
            ByteBuffer sums = ByteBuffer.allocate(5 * Double.BYTES);
            int known = WindowSums.known(x, LAG, x.length), pairs = WindowSums.pairs(x, LAG, x.length, LAG);
            sums.putDouble(known).putDouble(pairs).putDouble(WindowSums.sum(x, LAG, x.length, known))
                    .putDouble(WindowSums.deviations(x, LAG, x.length, 0.3, known))
                    .putDouble(WindowSums.steps(x, LAG, x.length, LAG, pairs));
            digest.update(sums.flip());
            Activations.asinh(x, 0, x.length);
            add(digest, x);
        }
    }

    /// Every kind of layer under quantiles, then every head over one layer.
    private static List<Architecture> everyArchitecture() {
        List<Architecture> all = new ArrayList<>();
        everyKind().forEach(layers -> all.add(new Architecture(7, layers, shape(HeadKind.QUANTILES))));
        all.add(new Architecture(7, List.of(new RecurrentLayer(CellKind.GRU, 19)), shape(HeadKind.QUANTILES),
                new Embedding(3, 2)));
        for (HeadKind head : HeadKind.values()) {
            all.add(new Architecture(7, List.of(new RecurrentLayer(CellKind.LSTM, 19)), shape(head)));
        }
        return all;
    }

    private static HeadShape shape(HeadKind head) {
        return new HeadShape(head, 2, 3, 5,
                head == HeadKind.POINT ? List.of(0.5) : List.of(0.025, 0.1, 0.5, 0.9, 0.975));
    }

    /// Of each kind of cell two layers, and two that read both ways. Sizes fill no vector, no tile and no panel evenly.
    private static List<List<RecurrentLayer>> everyKind() {
        List<List<RecurrentLayer>> all = new ArrayList<>();
        for (CellKind kind : CellKind.values()) {
            Grid grid = kind.isConvolutional() ? new Grid(1, 7, 3) : null;
            all.add(List.of(new RecurrentLayer(kind, grid == null ? 37 : 5, grid, false, false),
                    new RecurrentLayer(kind, grid == null ? 18 : 3, grid, false, false)));
        }
        RecurrentLayer both = new RecurrentLayer(CellKind.GRU, 9, null, true, false);
        all.add(List.of(both, new RecurrentLayer(CellKind.LSTM, 9, null, true, true)));
        return all;
    }

    private static void train(Architecture architecture, Parameters parameters, MessageDigest digest) {
        SequenceBatch batch = RandomBatch.of(architecture, 12, 3, 23, new SplittableRandom(2));
        SequenceLoss loss = new SequenceLoss(Network.compile(architecture, parameters), batch);
        Parameters gradient = parameters.zeros();
        Adam adam = new Adam(parameters.size());
        for (int update = 0; update < UPDATES; update++) {
            gradient.fill(0);
            double value = loss.addGradient(Network.compile(architecture, parameters), batch, gradient);
            digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, value));
            add(digest, gradient.values);
            GradientClip.clip(gradient, 1);
            adam.update(parameters, gradient, 0.01);
        }
        add(digest, parameters.values);
    }

    private static void serve(Network network, MessageDigest digest) {
        HeadShape head = network.architecture().head();
        SplittableRandom random = new SplittableRandom(3);
        float[] state = new float[network.stateSize()];
        float[] quantiles = new float[head.channels() * head.quantiles().size() * head.horizon()];
        Network.Scratch scratch = network.scratch();
        for (int t = 0; t < SERVED; t++) {
            float[] x = RandomBatch.numbers(random, network.architecture().inputs());
            float[] bases = RandomBatch.numbers(random, head.channels() * head.bases() * head.horizon());
            network.embed(t % 2, x, 0);
            network.advance(x, state, scratch);
            network.answer(x, state, bases, quantiles, scratch);
            add(digest, state);
            add(digest, quantiles);
        }
    }

    private static void add(MessageDigest digest, float[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
        bytes.asFloatBuffer().put(numbers);
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
