package io.gatecast.network.optimise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightAverageTest {

    /// Σ (1 - β) β^(t-i) θ_i / (1 - β^t), summed in doubles.
    @ParameterizedTest
    @CsvSource({"0, 1", "0.5, 1", "0.5, 17", "0.9, 3", "0.99, 40", "0.999, 1", "0.999, 333"})
    void itIsTheClosedForm(double memory, int updates) {
        List<Parameters> way = way(5, updates, updates);
        WeightAverage average = new WeightAverage(5, memory);
        way.forEach(average::take);
        double[] expected = new double[5];
        for (int i = 0; i < updates; i++) {
            double share = (1 - memory) * Math.pow(memory, updates - 1 - i) / (1 - Math.pow(memory, updates));
            for (int k = 0; k < expected.length; k++) {
                expected[k] += share * way.get(i).values[k];
            }
        }
        float[] found = average.of(way.getLast()).values;
        for (int k = 0; k < expected.length; k++) {
            assertEquals(expected[k], found[k], 2e-4, "number " + k); // a float's 0.999 is not a double's
        }
    }

    /// The zeros it begins with do not show.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void weightsThatStayAreTheirOwnAverage(int updates) {
        Parameters parameters = way(7, 1, 3).getFirst();
        WeightAverage average = new WeightAverage(7, 0.99);
        for (int i = 0; i < updates; i++) {
            average.take(parameters);
        }
        assertArrayEquals(parameters.values, average.of(parameters).values, 1e-5f);
    }

    @Test
    void beforeTheFirstUpdateItIsTheWeights() {
        Parameters parameters = way(3, 1, 1).getFirst();
        assertArrayEquals(parameters.values, new WeightAverage(3, 0.9).of(parameters).values);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 19})
    void itGoesOnToTheBit(int at) {
        List<Parameters> way = way(11, 20, 5);
        WeightAverage whole = new WeightAverage(11, 0.97), first = new WeightAverage(11, 0.97);
        way.forEach(whole::take);
        way.subList(0, at).forEach(first::take);
        WeightAverage second = new WeightAverage(11, 0.97);
        second.recall(first.sum(), at);
        way.subList(at, 20).forEach(second::take);
        assertArrayEquals(whole.of(way.getLast()).values, second.of(way.getLast()).values);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void aMemoryThatIsNoneIsRefused(double memory) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> new WeightAverage(1, memory));
        assertEquals("average of the weights: expected a memory from 0 to below 1, found " + memory,
                refusal.getMessage());
    }

    private static List<Parameters> way(int size, int updates, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Parameters> way = new ArrayList<>();
        Parameters parameters = new Parameters.Layout().add("theta", 1, size).build();
        for (int i = 0; i < updates; i++) {
            parameters = parameters.copy();
            for (int k = 0; k < size; k++) {
                parameters.values[k] += (float) random.nextGaussian();
            }
            way.add(parameters);
        }
        return way;
    }
}
