package io.gatecast.network;

import static io.gatecast.network.CentralDifferences.assertGradient;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.optimise.Adam;
import io.gatecast.network.optimise.GradientClip;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole network, trained and served.
class SequenceLossTest {

    /// Every weight of two layers and a head over six steps. Targets stand midway between quantiles, away from the
    /// pinball's kinks.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theWholeGradientIsTheSlopeOfTheLoss(long seed) {
        assertGradientIsSlope(architecture(3, List.of(4, 3), new HeadShape(2, 2, 2, List.of(0.1, 0.5, 0.9))), 2, seed);
    }

    /// Of every number of every category, the unknown one and one that no sequence has included; also where the layer
    /// passes its inputs on or reads both ways.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theGradientOfAnEmbeddingIsTheSlopeOfTheLoss(long seed) {
        HeadShape head = new HeadShape(2, 2, 2, List.of(0.1, 0.5, 0.9));
        for (RecurrentLayer layer : List.of(new RecurrentLayer(CellKind.LSTM, 5, null, false, true),
                new RecurrentLayer(CellKind.GRU, 3, null, true, false))) {
            assertGradientIsSlope(new Architecture(5, List.of(layer, new RecurrentLayer(CellKind.RNN, 3)), head,
                    new Embedding(4, 2)), 4, seed);
        }
    }

    private static void assertGradientIsSlope(Architecture architecture, int series, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Parameters parameters = Network.parametersOf(architecture);
        System.arraycopy(RandomBatch.numbers(random, parameters.size()), 0, parameters.values, 0, parameters.size());
        SequenceBatch batch = RandomBatch.of(architecture, 6, 2, series, random);
        SequenceLoss loss = new SequenceLoss(Network.compile(architecture, parameters), batch);
        moveTargetsOffKinks(Network.compile(architecture, parameters), batch, random);
        Parameters gradient = parameters.zeros();
        double value = loss.addGradient(Network.compile(architecture, parameters), batch, gradient);
        assertEquals(value, loss.forward(Network.compile(architecture, parameters), batch));
        for (Tensor tensor : parameters.tensors()) {
            assertGradient(tensor.name(), parameters.values, tensor.offset(), gradient.values, tensor.offset(),
                    tensor.size(), 2e-4, () -> loss.forward(Network.compile(architecture, parameters), batch));
        }
    }

    private static void moveTargetsOffKinks(Network network, SequenceBatch batch,
            SplittableRandom random) {
        HeadShape head = network.architecture().head();
        int horizon = head.horizon(), levels = head.quantiles().size();
        float[] quantiles = new float[batch.targets.length * levels];
        new SequencePass(network, batch).answers(network, batch, quantiles);
        for (int i = 0; i < batch.targets.length; i++) {
            int at = i / horizon * levels * horizon + i % horizon + random.nextInt(levels - 1) * horizon;
            batch.targets[i] += (quantiles[at] + quantiles[at + horizon]) / 2 - batch.targets[i]; // NaN stays
        }
    }

    @Test
    void lossQuantilesAndGradientAreWhatPyTorchFinds() {
        Golden golden = Golden.of("network.json");
        int units = golden.integer("units");
        Architecture architecture = architecture(golden.integer("inputs"), List.of(units, units),
                new HeadShape(golden.integer("channels"), golden.integer("bases"), golden.integer("horizon"),
                        StreamSupport.stream(golden.at("levels").spliterator(), false).map(l -> l.doubleValue())
                                .toList()));
        Parameters parameters = Network.parametersOf(architecture);
        golden.into(parameters, "", "parameters");
        SequenceBatch batch = new SequenceBatch(architecture, golden.integer("steps"), golden.integer("warmUp"),
                golden.integer("batch"));
        fill(batch.inputs, golden.floats("x"));
        fill(batch.bases, golden.floats("baseValues"));
        fill(batch.targets, golden.floats("targets"));
        fill(batch.weights, eachTimes(golden.integer("horizon"), golden.floats("weights")));
        Network network = Network.compile(architecture, parameters);
        SequenceLoss loss = new SequenceLoss(network, batch);

        float[] quantiles = new float[golden.at("quantiles").size()];
        new SequencePass(network, batch).answers(network, batch, quantiles);
        golden.assertSame(quantiles, 0, 3e-6, "quantiles");
        Parameters gradient = parameters.zeros();
        double expected = golden.at("loss").doubleValue();
        assertEquals(expected, loss.addGradient(network, batch, gradient), 1e-6 * expected);
        golden.assertSame(gradient, "", 5e-6, "gradient");
    }

    /// The promise that training and serving cannot drift apart: a batch's forward pass and events one by one.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theBatchedPassHasTheBitsOfEventsOneByOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Architecture architecture = architecture(7, random.nextBoolean() ? List.of(21) : List.of(37, 18),
                new HeadShape(2, 3, 5, List.of(0.025, 0.1, 0.5, 0.9, 0.975)));
        Parameters parameters = Network.parametersOf(architecture);
        System.arraycopy(RandomBatch.numbers(random, parameters.size()), 0, parameters.values, 0, parameters.size());
        Network network = Network.compile(architecture, parameters);
        SequenceBatch batch = RandomBatch.of(architecture, 11, 3, 1 + random.nextInt(14), random);
        float[] batched = new float[batch.targets.length * 5];
        new SequencePass(network, batch).answers(network, batch, batched);
        assertArrayEquals(oneByOne(network, batch, batched.length), batched);
    }

    private static float[] oneByOne(Network network, SequenceBatch batch, int size) {
        float[] answers = new float[size];
        int row = size / batch.judged(), inputs = network.architecture().inputs();
        float[] quantiles = new float[row];
        float[] bases = new float[batch.bases.length / batch.judged()];
        Network.Scratch scratch = network.scratch();
        for (int n = 0; n < batch.batch; n++) {
            float[] state = new float[network.stateSize()];
            for (int t = 0; t < batch.steps; t++) {
                int at = (t * batch.batch + n) * inputs, judged = (t - batch.warmUp) * batch.batch + n;
                float[] x = Arrays.copyOfRange(batch.inputs, at, at + inputs);
                network.advance(x, state, scratch);
                if (t >= batch.warmUp) {
                    System.arraycopy(batch.bases, judged * bases.length, bases, 0, bases.length);
                    network.answer(x, state, bases, quantiles, scratch);
                    System.arraycopy(quantiles, 0, answers, judged * row, row);
                }
            }
        }
        return answers;
    }

    /// What a batch leaves behind must not show in the next.
    @Test
    void aUsedMemoryGivesTheBitsOfAFreshOne() {
        SplittableRandom random = new SplittableRandom(5);
        Architecture architecture = architecture(3, List.of(4, 3), new HeadShape(1, 2, 2, List.of(0.1, 0.5)));
        Parameters parameters = Network.parametersOf(architecture);
        System.arraycopy(RandomBatch.numbers(random, parameters.size()), 0, parameters.values, 0, parameters.size());
        Network network = Network.compile(architecture, parameters);
        SequenceBatch first = RandomBatch.of(architecture, 6, 2, 3, random);
        SequenceBatch second = RandomBatch.of(architecture, 6, 2, 3, random);
        SequenceLoss used = new SequenceLoss(network, first);
        used.addGradient(network, first, parameters.zeros());
        Parameters found = parameters.zeros(), expected = parameters.zeros();
        assertEquals(new SequenceLoss(network, second).addGradient(network, second, expected),
                used.addGradient(network, second, found));
        assertArrayEquals(expected.values, found.values);
    }

    /// A network that cannot learn one sine by heart cannot learn: from the last value as forecast, 200 updates take the
    /// loss below a tenth.
    @Test
    void aSineIsLearnedByHeart() {
        Architecture architecture = architecture(1, List.of(16),
                new HeadShape(1, 1, 4, List.of(0.1, 0.5, 0.9)));
        SequenceBatch batch = sines(architecture);
        Parameters parameters = Network.initialise(architecture, 1);
        SequenceLoss loss = new SequenceLoss(Network.compile(architecture, parameters), batch);
        double before = loss.forward(Network.compile(architecture, parameters), batch);
        Adam adam = new Adam(parameters.size());
        Parameters gradient = parameters.zeros();
        for (int update = 0; update < 200; update++) {
            gradient.fill(0);
            loss.addGradient(Network.compile(architecture, parameters), batch, gradient);
            GradientClip.clip(gradient, 1);
            adam.update(parameters, gradient, 0.02);
        }
        double after = loss.forward(Network.compile(architecture, parameters), batch);
        assertTrue(after < 0.1 * before, before + " before, " + after + " after");
    }

    /// Four sines of period 12, each at another phase; the base is the last value.
    private static SequenceBatch sines(Architecture architecture) {
        SequenceBatch batch = new SequenceBatch(architecture, 36, 6, 4);
        Arrays.fill(batch.weights, 1);
        for (int t = 0; t < batch.steps; t++) {
            for (int n = 0; n < batch.batch; n++) {
                batch.inputs[t * batch.batch + n] = sine(t, n);
                for (int h = 0; t >= batch.warmUp && h < 4; h++) {
                    int at = ((t - batch.warmUp) * batch.batch + n) * 4 + h;
                    batch.bases[at] = sine(t, n);
                    batch.targets[at] = sine(t + 1 + h, n);
                }
            }
        }
        return batch;
    }

    private static float sine(int t, int phase) {
        return (float) Math.sin(2 * Math.PI * (t + 3 * phase) / 12);
    }

    private static Architecture architecture(int inputs, List<Integer> units, HeadShape head) {
        return new Architecture(inputs, units.stream().map(u -> new RecurrentLayer(CellKind.LSTM, u)).toList(), head);
    }

    private static float[] eachTimes(int times, float[] numbers) {
        float[] repeated = new float[numbers.length * times];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = numbers[i / times];
        }
        return repeated;
    }

    private static void fill(float[] target, float[] source) {
        assertEquals(target.length, source.length);
        System.arraycopy(source, 0, target, 0, source.length);
    }
}
