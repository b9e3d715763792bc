package io.gatecast.network.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The gradients that the float kernels are held against, themselves held against slopes by central differences: every
/// weight and every input of every cell and composition, in double precision.
class ReferenceGradientTest {
    private static final double RELATIVE = 1e-6;
    /// Of slopes below it the differences' own rounding, some 1e-13, would be too much.
    private static final double FLOOR = 1e-6;
    private static final double STEP = 1.0 / 512;
    private static final int STEPS = 5;

    @ParameterizedTest
    @MethodSource("io.gatecast.network.reference.Compositions#small")
    void everyGradientIsTheSlopeOfTheSum(Architecture architecture) {
        SplittableRandom random = new SplittableRandom(1);
        ReferenceTensors tensors = ReferenceTensors.of(architecture, (name, size) -> numbers(random, size));
        ReferenceNetwork network = new ReferenceNetwork(architecture, tensors);
        List<Value> inputs = ReferenceNetwork.rows(numbers(random, STEPS * architecture.inputs()),
                architecture.inputs());
        double[] weights = numbers(random, STEPS * architecture.outputs());
        network.pass(inputs).dot(weights).backward();

        DoubleSupplier sum = () -> network.pass(inputs).dot(weights).data[0];
        tensors.values().forEach((name, tensor) -> assertGradient(name, tensor, sum));
        inputs.forEach(input -> assertGradient("inputs", input, sum));
    }

    private static void assertGradient(String name, Value value, DoubleSupplier sum) {
        for (int i = 0; i < value.data.length; i++) {
            int place = i;
            double slope = (4 * slope(value, i, STEP, sum) - slope(value, i, 2 * STEP, sum)) / 3; // Richardson's
            assertEquals(slope, value.gradient[i], RELATIVE * Math.max(FLOOR, Math.abs(slope)),
                    () -> name + ", number " + place);
        }
    }

    private static double slope(Value value, int at, double step, DoubleSupplier sum) {
        double middle = value.data[at];
        value.data[at] = middle + step;
        double above = sum.getAsDouble();
        value.data[at] = middle - step;
        double below = sum.getAsDouble();
        value.data[at] = middle;
        return (above - below) / (2 * step);
    }

    private static double[] numbers(SplittableRandom random, int count) {
        return random.doubles(count, -1, 1).toArray();
    }
}
