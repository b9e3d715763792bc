package io.gatecast.network.head;

import static io.gatecast.network.CentralDifferences.assertGradient;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Golden;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.optimise.Adam;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Heads with a distribution behind their quantiles.
class LikelihoodTest {
    private static final List<Double> LEVELS = List.of(0.025, 0.1, 0.5, 0.8);

    static Stream<Arguments> likelihoods() {
        return Stream.of(Arguments.of(HeadKind.GAUSSIAN, "gaussian"), Arguments.of(HeadKind.STUDENT_T, "student"));
    }

    private static Head head(HeadShape shape) {
        Parameters.Layout layout = new Parameters.Layout();
        Head.layOut(3, 2, shape, layout);
        Parameters parameters = layout.build();
        Head.initialise(parameters, shape);
        return new Head(parameters, shape, Kernels.best());
    }

    @ParameterizedTest
    @MethodSource("likelihoods")
    void lossAndGradientAreWhatPyTorchFinds(HeadKind kind, String name) {
        Golden golden = Golden.of("likelihoods.json");
        int horizon = golden.at(name, "horizon").intValue();
        Head head = head(new HeadShape(kind, 1, 1, horizon, LEVELS));
        float[] raw = golden.floats(name, "raw");
        float[] weights = new float[horizon];
        Arrays.fill(weights, golden.at(name, "weight").floatValue());
        double loss = head.loss(raw, 0, golden.floats(name, "bases"), 0, golden.floats(name, "targets"), weights, 0,
                head.scratch());
        assertEquals(golden.at(name, "loss").doubleValue(), loss, 1e-4);
        golden.assertSame(raw, 0, 2e-5, name, "gradient");
    }

    @Test
    void normalQuantilesAreWhatPyTorchFinds() {
        Golden golden = Golden.of("likelihoods.json");
        int horizon = golden.at("gaussian", "horizon").intValue();
        Head head = head(new HeadShape(HeadKind.GAUSSIAN, 1, 1, horizon, LEVELS));
        float[] quantiles = new float[LEVELS.size() * horizon];
        head.quantiles(golden.floats("gaussian", "raw"), 0, golden.floats("gaussian", "bases"), 0, quantiles, 0,
                head.scratch());
        golden.assertSame(quantiles, 0, 2e-6, "gaussian", "quantiles");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.025, 0.1, 0.5, 0.9, 0.999})
    void theTableHoldsStudentsQuantiles(double level) {
        StudentQuantiles table = new StudentQuantiles(List.of(level));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            float freedom = (float) (2 / (1 - random.nextDouble(1 - 1e-6)));
            double expected = TDistribution.of(freedom).inverseCumulativeProbability(level);
            assertEquals(expected, table.at(0, freedom), 1e-5 * Math.max(1e-2, Math.abs(expected)), "ν = " + freedom);
        }
        assertEquals(TDistribution.of(2).inverseCumulativeProbability(level), table.at(0, 2f), 1e-4);
    }

    @ParameterizedTest
    @EnumSource(names = {"GAUSSIAN", "STUDENT_T"})
    void theGradientOfTheLossIsItsSlope(HeadKind kind) {
        HeadShape shape = new HeadShape(kind, 2, 3, 4, LEVELS);
        Head head = head(shape);
        SplittableRandom random = new SplittableRandom(3);
        float[] raw = numbers(random, head.outputs(), 0.7);
        float[] bases = numbers(random, 2 * 3 * 4, 2);
        float[] targets = numbers(random, 2 * 4, 4);
        targets[random.nextInt(targets.length)] = Float.NaN;
        float[] weights = numbers(random, 2 * 4, 2);
        float[] gradient = raw.clone();
        head.loss(gradient, 0, bases, 0, targets, weights, 0, head.scratch());
        assertGradient("raw", raw, 0, gradient, 0, raw.length, 1e-4,
                () -> head.loss(raw.clone(), 0, bases, 0, targets, weights, 0, head.scratch()));
    }

    @ParameterizedTest
    @CsvSource({"GAUSSIAN, 1", "GAUSSIAN, 2", "STUDENT_T, 1", "STUDENT_T, 2"})
    void quantilesNeverCrossWhateverTheWeightsSay(HeadKind kind, long seed) {
        HeadShape shape = new HeadShape(kind, 2, 3, 4, List.of(0.1, 0.5, 0.9));
        Head head = head(shape);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            float[] quantiles = new float[2 * 3 * 4];
            head.quantiles(numbers(random, head.outputs(), 1000), 0, numbers(random, 2 * 3 * 4, 10), 0, quantiles, 0,
                    head.scratch());
            for (int i = 0; i < quantiles.length; i++) {
                boolean lowest = i / 4 % 3 == 0;
                assertTrue(lowest || quantiles[i] >= quantiles[i - 4], Arrays.toString(quantiles));
            }
        }
    }

    /// One value in the units of a scale that is not known yet must not outweigh all others.
    @Test
    void aGaussianIsNotThrownOffByOneValue() {
        Head head = head(new HeadShape(HeadKind.GAUSSIAN, 1, 1, 2, LEVELS));
        float[] raw = {0.5f, 0.5f, 0, 0};
        double loss = head.loss(raw, 0, new float[]{0, 0}, 0, new float[]{1e9f, 1}, new float[]{1, 1}, 0,
                head.scratch());
        assertTrue(loss < 1e4, "loss " + loss);
        assertEquals(0, raw[0]);
        assertTrue(raw[2] < 0 && raw[2] > -2e4, "the scale is told to grow: " + raw[2]);
    }

    /// A head that sees nothing learns location and scale of what it is judged by.
    @Test
    void aGaussianFindsMeanAndDeviation() {
        SplittableRandom random = new SplittableRandom(1);
        float[] quantiles = learned(HeadKind.GAUSSIAN, () -> (float) (3 + 0.5 * random.nextGaussian()));
        assertEquals(3, quantiles[1], 0.05);
        assertEquals(0.5, (quantiles[2] - quantiles[0]) / 2, 0.04); // Φ(-1), Φ(1)
    }

    /// Of a sample from Student's distribution with three degrees of freedom it finds the quantiles, far ones, too.
    @Test
    void aStudentFindsHeavyTails() {
        SplittableRandom random = new SplittableRandom(2);
        TDistribution t = TDistribution.of(3);
        float[] quantiles = learned(HeadKind.STUDENT_T,
                () -> (float) t.inverseCumulativeProbability(random.nextDouble(1e-9, 1)));
        assertEquals(0, quantiles[1], 0.06);
        assertEquals(t.inverseCumulativeProbability(0.8413), quantiles[2], 0.08);
        assertEquals(t.inverseCumulativeProbability(0.999), quantiles[3], 1.5);
    }

    /// @return quantiles at the levels of one deviation to either side, the median, and 0.999
    private static float[] learned(HeadKind kind, Supplier<Float> sample) {
        HeadShape shape = new HeadShape(kind, 1, 1, 1, List.of(0.1587, 0.5, 0.8413, 0.999));
        Parameters.Layout layout = new Parameters.Layout();
        Head.layOut(1, 1, shape, layout);
        Parameters parameters = layout.build();
        Head.initialise(parameters, shape);
        Adam adam = new Adam(parameters.size());
        float[] nothing = {0}, weight = {1f / 256}, raw = new float[Head.outputs(shape)];
        for (int update = 0; update < 1500; update++) {
            Head head = new Head(parameters, shape, Kernels.best());
            Parameters gradient = parameters.zeros();
            for (int i = 0; i < 256; i++) {
                head.project(1, nothing, 0, 1, nothing, 0, 1, raw);
                head.loss(raw, 0, nothing, 0, new float[]{sample.get()}, weight, 0, head.scratch());
                head.addGradient(1, nothing, 0, 1, nothing, 0, 1, raw, gradient);
            }
            adam.update(parameters, gradient, update < 1000 ? 0.02 : 0.002);
        }
        Head head = new Head(parameters, shape, Kernels.best());
        float[] quantiles = new float[4];
        head.project(1, nothing, 0, 1, nothing, 0, 1, raw);
        head.quantiles(raw, 0, nothing, 0, quantiles, 0, head.scratch());
        return quantiles;
    }

    private static float[] numbers(SplittableRandom random, int count, double scale) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-scale, scale);
        }
        return numbers;
    }
}
