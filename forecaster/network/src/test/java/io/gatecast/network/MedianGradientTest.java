package io.gatecast.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The median and its gradient against what the network answers, and along a path: the attributions of Sundararajan et al.
/// (2017) sum to the change of the median.
class MedianGradientTest {
    private static final int STEPS = 7;

    private static Network network(Architecture architecture, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Parameters parameters = Network.initialise(architecture, seed);
        for (int i = 0; i < parameters.size(); i++) {
            parameters.values[i] += (float) random.nextDouble(-0.3, 0.3);
        }
        return Network.compile(architecture, parameters);
    }

    private static void copy(SequenceBatch from, SequenceBatch to) {
        System.arraycopy(from.inputs, 0, to.inputs, 0, to.inputs.length);
        System.arraycopy(from.bases, 0, to.bases, 0, to.bases.length);
        System.arraycopy(from.categories, 0, to.categories, 0, to.categories.length);
    }

    private static MedianGradient filled(Network network, long seed) {
        MedianGradient gradient = new MedianGradient(network, STEPS, 2);
        copy(RandomBatch.of(network.architecture(), STEPS, STEPS - 1, 2, new SplittableRandom(seed)), gradient.batch);
        return gradient;
    }

    private static float median(Network network, SequenceBatch batch, int series, int channel) {
        HeadShape head = network.architecture().head();
        int row = head.channels() * head.quantiles().size() * head.horizon();
        float[] answers = new float[2 * row];
        new SequencePass(network, batch).answers(network, batch, answers);
        return answers[series * row + (channel * head.quantiles().size() + head.median()) * head.horizon()];
    }

    private static void assertSlopes(Architecture architecture, int channel) {
        Network network = network(architecture, 3);
        MedianGradient gradient = filled(network, 4);
        gradient.run(channel);
        SequenceBatch batch = gradient.batch;
        for (int n = 0; n < 2; n++) {
            assertEquals(median(network, batch, n, channel), gradient.medians[n], 1e-6);
            int series = n, inputs = architecture.inputs(), bases = architecture.head().bases();
            int own = architecture.embedding() == null ? inputs : inputs - architecture.embedding().dimensions();
            for (int t = 0; t < STEPS; t++) {
                int at = (t * 2 + n) * inputs;
                CentralDifferences.assertGradient("inputs of step " + t, batch.inputs, at, gradient.byInputs, at, own,
                        2e-4, () -> median(network, batch, series, channel));
            }
            int horizon = architecture.head().horizon();
            for (int b = 0; b < bases; b++) {
                int at = ((n * architecture.head().channels() + channel) * bases + b) * horizon;
                CentralDifferences.assertGradient("base " + b, batch.bases, at, gradient.byBases, n * bases + b, 1,
                        2e-4, () -> median(network, batch, series, channel));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.gatecast.network.reference.Compositions#small")
    void theGradientIsTheSlope(Architecture architecture) {
        assertSlopes(architecture, 1);
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void ofEveryHeadAndBesideAnEmbedding(HeadKind kind) {
        HeadShape head = new HeadShape(kind, 3, 4, 2,
                kind == HeadKind.POINT ? List.of(0.5) : List.of(0.1, 0.5, 0.8, 0.9));
        Architecture architecture = new Architecture(5,
                List.of(new Architecture.RecurrentLayer(Architecture.CellKind.LSTM, 4)), head, new Embedding(2, 2));
        for (int channel = 0; channel < 3; channel++) {
            assertSlopes(architecture, channel);
        }
    }

    /// Straight from nothing to numbers far larger than any test of slopes would take.
    @ParameterizedTest
    @MethodSource("io.gatecast.network.reference.Compositions#odd")
    void alongAPathAttributionsSumToTheChange(Architecture architecture) {
        for (long seed = 1; seed <= 3; seed++) {
            Network network = network(architecture, seed);
            SequenceBatch to = RandomBatch.of(architecture, STEPS, STEPS - 1, 1, new SplittableRandom(seed + 10));
            for (int i = 0; i < to.inputs.length; i++) {
                to.inputs[i] *= 2;
            }
            MedianGradient gradient = new MedianGradient(network, STEPS, 1);
            float start = at(gradient, to, 0), end = at(gradient, to, 1);
            double sum = 0;
            for (int parts = 1; parts <= 16 && Math.abs(sum - end + start) > 5e-4; parts *= 2) {
                sum = sum(gradient, to, parts);
            }
            assertEquals(end - start, sum, 1e-3, "seed " + seed);
        }
    }

    private static double sum(MedianGradient gradient, SequenceBatch to, int parts) {
        double sum = 0;
        int horizon = to.bases.length / gradient.byBases.length / 2; // of two channels
        for (int i = 0; i < parts * GaussLegendre.COUNT; i++) {
            int node = i % GaussLegendre.COUNT;
            at(gradient, to, GaussLegendre.node(i / GaussLegendre.COUNT, parts, node));
            double weight = GaussLegendre.weight(parts, node);
            for (int j = 0; j < to.inputs.length; j++) {
                sum += weight * gradient.byInputs[j] * to.inputs[j];
            }
            for (int b = 0; b < gradient.byBases.length; b++) {
                sum += weight * gradient.byBases[b] * to.bases[b * horizon];
            }
        }
        return sum;
    }

    private static float at(MedianGradient gradient, SequenceBatch to, double alpha) {
        for (int j = 0; j < to.inputs.length; j++) {
            gradient.batch.inputs[j] = (float) (alpha * to.inputs[j]);
        }
        for (int j = 0; j < to.bases.length; j++) {
            gradient.batch.bases[j] = (float) (alpha * to.bases[j]);
        }
        gradient.run(0);
        return gradient.medians[0];
    }

    /// Sequences side by side do not see each other.
    @ParameterizedTest
    @MethodSource("io.gatecast.network.reference.Compositions#odd")
    void asASequenceAloneToTheBit(Architecture architecture) {
        Network network = network(architecture, 5);
        MedianGradient both = filled(network, 6);
        MedianGradient alone = new MedianGradient(network, STEPS, 1);
        int inputs = architecture.inputs();
        for (int t = 0; t < STEPS; t++) {
            System.arraycopy(both.batch.inputs, (t * 2 + 1) * inputs, alone.batch.inputs, t * inputs, inputs);
        }
        System.arraycopy(both.batch.bases, alone.batch.bases.length, alone.batch.bases, 0, alone.batch.bases.length);
        both.run(0);
        alone.run(0);
        assertEquals(both.medians[1], alone.medians[0]);
        for (int t = 0; t < STEPS; t++) {
            assertArrayEquals(Arrays.copyOfRange(both.byInputs, (t * 2 + 1) * inputs, (t * 2 + 2) * inputs),
                    Arrays.copyOfRange(alone.byInputs, t * inputs, (t + 1) * inputs));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void theRuleIsExactForPolynomials(int parts) {
        for (int degree = 0; degree < 16; degree++) {
            double sum = 0;
            for (int i = 0; i < parts * GaussLegendre.COUNT; i++) {
                int node = i % GaussLegendre.COUNT;
                sum += GaussLegendre.weight(parts, node)
                        * Math.pow(GaussLegendre.node(i / GaussLegendre.COUNT, parts, node), degree);
            }
            assertEquals(1.0 / (degree + 1), sum, 1e-14, "degree " + degree);
        }
    }
}
