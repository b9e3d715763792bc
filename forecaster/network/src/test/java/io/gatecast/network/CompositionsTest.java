package io.gatecast.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.layer.Rows;
import io.gatecast.network.reference.ReferenceNetwork;
import io.gatecast.network.reference.ReferenceTensors;
import io.gatecast.network.reference.Value;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every cell and composition in float32 against the reference in doubles, whose gradients are slopes and whose numbers
/// are PyTorch's; in the sizes of [io.gatecast.network.reference.Compositions].
class CompositionsTest {
    private static final String ODD = "io.gatecast.network.reference.Compositions#odd";
    /// Of the largest number in a tensor.
    private static final double RELATIVE = 1e-5;
    private static final int STEPS = 11;
    private static final int WARM_UP = 2;
    private static final int SERIES = 3;

    @ParameterizedTest
    @MethodSource(ODD)
    void theTensorsAreThoseOfTheReference(Architecture architecture) {
        Parameters parameters = Network.parametersOf(architecture);
        ReferenceTensors tensors = ReferenceTensors.of(architecture, (name, size) -> new double[size]);
        List<Tensor> recurrent = parameters.tensors().subList(0, parameters.tensors().size() - 3);
        assertEquals(List.copyOf(tensors.values().keySet()), recurrent.stream().map(Tensor::name).toList());
        recurrent.forEach(tensor -> assertEquals(List.of(tensor.rows(), tensor.columns()), tensors.shape(tensor.name()),
                tensor.name()));
        assertEquals(List.of("head.Wh", "head.Wx", "head.b"), parameters.tensors()
                .subList(recurrent.size(), parameters.tensors().size()).stream().map(Tensor::name).toList());
    }

    @ParameterizedTest
    @MethodSource(ODD)
    void outputsAndEveryGradientAreTheReferences(Architecture architecture) {
        for (long seed = 1; seed <= 3; seed++) {
            new Trial(architecture, seed).assertSame(STEPS);
        }
    }

    /// Of a category's numbers, which come in at every step of its sequences, through the layers and through the head.
    @ParameterizedTest
    @MethodSource(ODD)
    void theGradientOfAnEmbeddingIsTheReferences(Architecture plain) {
        Architecture architecture = embedding(plain);
        for (int truncation : new int[]{STEPS, 4}) {
            Trial trial = new Trial(architecture, truncation);
            trial.assertSame(truncation);
            trial.assertEmbedding(truncation);
        }
    }

    private static Architecture embedding(Architecture plain) {
        return new Architecture(plain.inputs(), plain.layers(), plain.head(), new Embedding(2, 5));
    }

    /// What `models eval` lays open: hidden and cell state of every layer and direction.
    @ParameterizedTest
    @MethodSource(ODD)
    void everyLayersStatesAreTheReferences(Architecture architecture) {
        Trial trial = new Trial(architecture, 6);
        float[] x = trial.series(0).inputs;
        Iterator<List<double[]>> expected = new ReferenceNetwork(architecture,
                ReferenceTensors.of(architecture, trial.parameters))
                .pass(ReferenceNetwork.rows(x, architecture.inputs())).states().iterator();
        for (BareRun.LayerRun layer : BareRun.of(trial.network, x).layers()) {
            assertClose("forward", flat(expected.next()), layer.forward(), 0);
            if (layer.reverse() != null) {
                assertClose("reverse", flat(expected.next().reversed()), layer.reverse(), 0);
            }
        }
        assertFalse(expected.hasNext());
    }

    private static double[] flat(List<double[]> rows) {
        return rows.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /// Truncated, the state is carried on and the gradient is not.
    @ParameterizedTest
    @MethodSource(ODD)
    void everyTruncatedGradientIsTheReferences(Architecture architecture) {
        for (int truncation : new int[]{1, 4, STEPS - 1}) {
            new Trial(architecture, truncation).assertSame(truncation);
        }
    }

    /// The promise that training and serving cannot drift apart: a batch's pass and, one series after the other, its
    /// events one by one; where that cannot be, its sequence.
    @ParameterizedTest
    @MethodSource(ODD)
    void aBatchHasTheBitsOfItsSeriesOneByOne(Architecture architecture) {
        assertBitsOfItsSeries(architecture);
        assertBitsOfItsSeries(embedding(architecture));
    }

    private static void assertBitsOfItsSeries(Architecture architecture) {
        Trial trial = new Trial(architecture, 5);
        float[] batched = answers(trial.network, trial.batch);
        for (int n = 0; n < SERIES; n++) {
            SequenceBatch series = trial.series(n);
            float[] alone = architecture.streams() ? trial.eventByEvent(series) : answers(trial.network, series);
            int row = alone.length / series.judged();
            for (int t = 0; t < series.judged(); t++) {
                int from = (t * SERIES + n) * row;
                assertArrayEquals(Arrays.copyOfRange(alone, t * row, (t + 1) * row),
                        Arrays.copyOfRange(batched, from, from + row), "judged step " + t + " of series " + n);
            }
        }
    }

    private static float[] answers(Network network, SequenceBatch batch) {
        float[] answers = new float[batch.targets.length];
        new SequencePass(network, batch).answers(network, batch, answers);
        return answers;
    }

    private static void assertClose(String what, double[] expected, float[] found, int from) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[from + i], RELATIVE * largest, what + ", number " + i);
        }
    }

    /// Random weights and inputs. Targets lie so far above every answer that the pinball loss is half their distance: a
    /// weighted sum of the answers, whose gradient by the top layer's outputs is known.
    private static final class Trial {
        final Architecture architecture;
        final Parameters parameters;
        final Network network;
        final SequenceBatch batch;

        Trial(Architecture architecture, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            this.architecture = architecture;
            this.parameters = Network.initialise(architecture, seed);
            for (int i = 0; i < parameters.size(); i++) { // so that no bias, peephole or tap stays at zero
                parameters.values[i] += (float) random.nextDouble(-0.3, 0.3);
            }
            this.network = Network.compile(architecture, parameters);
            this.batch = RandomBatch.of(architecture, STEPS, WARM_UP, SERIES, random);
            Arrays.fill(batch.targets, 1000);
        }

        void assertSame(int truncation) {
            Parameters gradient = parameters.zeros();
            new SequenceLoss(network, batch, truncation, false).addGradient(network, batch, gradient);
            float[] outputs = outputs();
            ReferenceTensors tensors = ReferenceTensors.of(architecture, parameters);
            for (int n = 0; n < SERIES; n++) {
                List<Value> inputs = ReferenceNetwork.rows(series(n).inputs, architecture.inputs());
                ReferenceNetwork.Pass pass = new ReferenceNetwork(architecture, tensors).pass(inputs, truncation);
                pass.dot(outputGradient(n)).backward();
                assertOutputs(outputs, n, pass);
            }
            tensors.values().forEach((name, tensor) -> assertClose(name, tensor.gradient(), gradient.values,
                    gradient.tensor(name).offset()));
        }

        /// The last of each step's inputs are one category's numbers, so its gradient is the sum of theirs: what comes
        /// down through the layers, and at the judged steps what the head takes of its inputs.
        void assertEmbedding(int truncation) {
            Parameters gradient = parameters.zeros();
            new SequenceLoss(network, batch, truncation, false).addGradient(network, batch, gradient);
            Tensor e = parameters.tensor("embedding.E"), wx = parameters.tensor("head.Wx");
            int first = architecture.inputs() - e.columns(), outputs = wx.columns();
            double[] expected = new double[e.size()];
            for (int n = 0; n < SERIES; n++) {
                List<Value> inputs = ReferenceNetwork.rows(series(n).inputs, architecture.inputs());
                new ReferenceNetwork(architecture, ReferenceTensors.of(architecture, parameters))
                        .pass(inputs, truncation).dot(outputGradient(n)).backward();
                for (int t = 0; t < STEPS; t++) {
                    for (int j = 0; j < e.columns(); j++) {
                        double slope = inputs.get(t).gradient()[first + j];
                        for (int o = 0; t >= WARM_UP && o < outputs; o++) {
                            slope -= 0.5 * batch.weights[((t - WARM_UP) * SERIES + n) * outputs + o]
                                    * parameters.values[wx.offset() + (first + j) * outputs + o];
                        }
                        expected[batch.categories[n] * e.columns() + j] += slope;
                    }
                }
            }
            assertClose("embedding.E", expected, gradient.values, e.offset());
        }

        private void assertOutputs(float[] outputs, int n, ReferenceNetwork.Pass pass) {
            float[] series = new float[STEPS * architecture.outputs()];
            copySeries(n, outputs, series, STEPS);
            assertClose("outputs of series " + n, flat(pass.outputs().stream().map(Value::data).toList()), series, 0);
        }

        /// @return `[steps][batch][outputs]` of the top layer
        private float[] outputs() {
            SequencePass pass = new SequencePass(network, batch);
            pass.run(network, batch);
            Rows rows = pass.signals.getLast();
            int width = architecture.outputs();
            float[] outputs = new float[STEPS * SERIES * width];
            for (int n = 0; n < STEPS * SERIES; n++) {
                System.arraycopy(rows.values(), rows.offset() + n * rows.stride(), outputs, n * width, width);
            }
            return outputs;
        }

        /// Each answer's quantile is a base and h Wh + ..., so its pinball loss falls by half its weight with each of them.
        ///
        /// @return `[steps][outputs]`, the loss's gradient by what the top layer puts out for series n
        private double[] outputGradient(int n) {
            Tensor wh = parameters.tensor("head.Wh");
            int horizon = architecture.head().horizon(), channels = architecture.head().channels();
            double[] gradient = new double[STEPS * wh.rows()];
            for (int i = WARM_UP * wh.rows(); i < gradient.length; i++) {
                int row = (i / wh.rows() - WARM_UP) * SERIES + n;
                for (int o = 0; o < wh.columns(); o++) {
                    gradient[i] -= 0.5 * batch.weights[row * channels * horizon + o]
                            * parameters.values[wh.offset() + i % wh.rows() * wh.columns() + o];
                }
            }
            return gradient;
        }

        SequenceBatch series(int n) {
            SequenceBatch series = new SequenceBatch(architecture, STEPS, WARM_UP, 1);
            series.categories[0] = batch.categories[n];
            copySeries(n, batch.inputs, series.inputs, STEPS);
            copySeries(n, batch.bases, series.bases, STEPS - WARM_UP);
            return series;
        }

        private static void copySeries(int n, float[] from, float[] to, int steps) {
            int row = to.length / steps;
            for (int t = 0; t < steps; t++) {
                System.arraycopy(from, (t * SERIES + n) * row, to, t * row, row);
            }
        }

        float[] eventByEvent(SequenceBatch series) {
            Network.Scratch scratch = network.scratch();
            float[] state = new float[network.stateSize()];
            float[] answers = new float[series.targets.length];
            int row = answers.length / series.judged();
            float[] answer = new float[row];
            for (int t = 0; t < STEPS; t++) {
                float[] x = row(series.inputs, t, architecture.inputs());
                network.embed(series.categories[0], x, 0);
                network.advance(x, state, scratch);
                if (t >= WARM_UP) {
                    network.answer(x, state, row(series.bases, t - WARM_UP, row), answer, scratch);
                    System.arraycopy(answer, 0, answers, (t - WARM_UP) * row, row);
                }
            }
            return answers;
        }

        private static float[] row(float[] rows, int row, int width) {
            return Arrays.copyOfRange(rows, row * width, (row + 1) * width);
        }
    }
}
